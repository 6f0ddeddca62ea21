//! Commands that are interrupted, and training that goes on from there.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    command,
    digits::{train_classifier, train_vae, trained},
    fail, succeed,
};

/// Interrupts a run at its first line that starts with `at`, and gives its exit code and what it printed.
pub fn interrupt(args: &[&str], at: &str) -> (Option<i32>, String) {
    interrupt_after(args, at, || ())
}

/// The same, with something done first while the run goes on.
pub fn interrupt_after(args: &[&str], at: &str, work: impl FnOnce()) -> (Option<i32>, String) {
    let mut child = command(args)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut printed = String::new();
    let mut lines = BufReader::new(child.stderr.take().expect("piped"))
        .lines()
        .map_while(Result::ok);
    let mut work = Some(work);
    for line in lines.by_ref() {
        printed.push_str(&line);
        printed.push('\n');
        if line.starts_with(at) {
            work.take().into_iter().for_each(|work| work());
            let pid = child.id().to_string();
            let sent = Command::new("kill")
                .args(["-INT", &pid])
                .status()
                .expect("kill runs");
            assert!(sent.success());
            break;
        }
    }
    lines.for_each(|line| {
        printed.push_str(&line);
        printed.push('\n');
    });
    (child.wait().expect("it ends").code(), printed)
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_weights() {
    let data = &trained().data;
    for train in [train_vae, train_classifier] {
        let dir = tempfile::tempdir().expect("a folder");
        let (straight, halted) = (dir.path().join("straight"), dir.path().join("halted"));
        let epochs = ["--epochs", "12", "--seed", "5"];
        succeed(&train(data, &straight, &epochs));

        let (code, printed) = interrupt(&train(data, &halted, &epochs), "epoch 1/");
        assert_eq!(code, Some(130), "{printed}");
        assert!(printed.contains("--resume"), "{printed}");
        assert_eq!(weights(&halted), [], "an unfinished run is no model");

        // Without --resume the checkpoint is neither used nor lost.
        fail(&train(data, &halted, &epochs), &["--resume", "--force"]);
        // Another run's checkpoint is not taken up.
        let other = ["--epochs", "12", "--seed", "6", "--resume"];
        fail(&train(data, &halted, &other), &["another run"]);

        succeed(&train(
            data,
            &halted,
            &[&epochs[..], &["--resume"]].concat(),
        ));
        let (straight, halted) = (weights(&straight), weights(&halted));
        assert!(!straight.is_empty());
        assert!(straight == halted, "the weights differ");
    }
}

/// Names, headers and numbers of the weight files of a model. The free text in their headers, in which libraries write
/// their names in no fixed order, is left out.
fn weights(model: &Path) -> Vec<(String, String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(model).expect("the model's folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "safetensors") {
            continue;
        }
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(&path).expect("a file");
        // SafeTensors: the header's length in eight bytes, the header as JSON, the numbers.
        let length = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"));
        let (header, numbers) = bytes[8..].split_at(length.try_into().expect("small"));
        let mut header: Value = serde_json::from_slice(header).expect("JSON");
        header
            .as_object_mut()
            .expect("an object")
            .remove("__metadata__");
        found.push((name, header.to_string(), numbers.to_vec()));
    }
    found.sort();
    found
}
