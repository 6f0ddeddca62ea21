//! `latent-lens runs`, and runs that are the same on the command line and in a program.

use std::{fs, path::Path, time::Duration};

use ::runs::{
    Choice, Computing, ImageSource, Network, OwnImages, Preset, Run, RunControl, RunFolder, Start,
};
use burn::tensor::Device;
use datasets::DataFormat;
use studio::{FileRole, Manifest, ModelSource};

use crate::{
    command,
    digits::{train_vae, trained},
    fail,
    interrupted::interrupt_after,
    json, stderr, stdout, succeed, text,
};

#[test]
fn runs_are_listed_while_they_go_on_and_after_they_ended() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let data = &trained().data;
    let none = stdout(&succeed(&["runs", text(dir.path())]));
    assert!(none.contains("there are no runs here"), "{none}");

    let listed = || json(&succeed(&["runs", text(dir.path()), "--json"]));
    let mut running = serde_json::Value::Null;
    let long = train_vae(data, &out, &["--epochs", "5000"]);
    let (code, _) = interrupt_after(&long, "epoch 1/", || running = listed());
    assert_eq!(code, Some(130));
    assert_eq!(running[0]["state"], "running");
    let stopped = listed();
    assert_eq!(stopped[0]["state"], "stopped");
    assert_eq!(stopped[0]["network"], "vae");
    assert!(
        stopped[0]["command"]
            .as_str()
            .is_some_and(|text| text.contains("--epochs 5000"))
    );
    let table = stdout(&succeed(&["runs", text(dir.path())]));
    for word in ["model", "stopped", "done"] {
        assert!(table.contains(word), "{table}");
    }

    let out = dir.path().join("short");
    succeed(&train_vae(data, &out, &["--epochs", "1"]));
    assert_eq!(listed()[1]["state"], "finished");
    assert_eq!(listed()[1]["history"].as_array().map(Vec::len), Some(1));
    fs::write(out.join("run/vae/run.ron"), "nonsense").expect("a file");
    fail(&["runs", text(dir.path())], &["1 of 2 runs cannot be read"]);
    fail(&["runs", "/no/such/folder"], &["is no folder"]);
}

/// Kills a run with signal 9 once so many epochs more are in its checkpoint than there were.
#[cfg(unix)]
fn kill_after(args: &[&str], out: &Path, epochs: usize) {
    let state = out.join("checkpoint-vae/latest.ron");
    let done = || {
        let text = fs::read_to_string(&state).unwrap_or_default();
        text.matches("epoch: ").count()
    };
    let before = done();
    let mut child = command(args)
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    while done() < before + epochs {
        assert!(child.try_wait().expect("a process").is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it runs");
    child.wait().expect("it has ended");
}

/// Whatever it is doing then, a run that is killed says that it crashed, and goes on to the weights of one that was not.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_has_crashed_and_loses_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let (straight, killed) = (dir.path().join("straight"), dir.path().join("killed"));
    let epochs = ["--epochs", "40", "--seed", "3"];
    let data = &trained().data;
    succeed(&train_vae(data, &straight, &epochs));

    let args = train_vae(data, &killed, &epochs);
    let again = [&args[..], &["--resume"]].concat();
    kill_after(&args, &killed, 1);
    for more in [1, 2, 3] {
        let found = json(&succeed(&["runs", text(&killed), "--json"]));
        assert_eq!(found[0]["state"], "crashed");
        kill_after(&again, &killed, more);
    }
    let output = succeed(&again);
    assert!(stderr(&output).contains("resumed after"));
    assert_eq!(weights(&straight), weights(&killed));
}

fn weights(model: &Path) -> String {
    let manifest = Manifest::read(&ModelSource::Folder(model.to_owned())).expect("a model");
    manifest.files[&FileRole::Vae].sha256.clone()
}

/// The window says which command does the same: it does.
#[test]
fn the_command_of_a_run_makes_the_same_weights() {
    let dir = tempfile::tempdir().expect("a folder");
    let pictures = dir.path().join("my pictures");
    for (class, shade) in [("dark", 40), ("light", 200)] {
        fs::create_dir_all(pictures.join(class)).expect("a folder");
        for number in 0..20 {
            let picture = image::GrayImage::from_fn(12, 12, |x, y| {
                let on = (x + y + number) % 5 == 0;
                image::Luma([if on { 255 } else { shade }])
            });
            let name = format!("{class}/{number:02}.png");
            picture
                .save(pictures.join(name))
                .expect("it can be written");
        }
    }
    let (inside, outside) = (dir.path().join("inside"), dir.path().join("outside"));
    let of = |out: &Path| {
        let mut own = OwnImages::all(pictures.clone(), DataFormat::Pictures);
        own.source.skip_broken = true;
        own.source.limit = Some(36);
        let images = ImageSource::Own(own);
        let out = out.to_owned();
        let mut choice = Choice::new(images, Network::Vae, Preset::QuickLook, out);
        choice.changed.epochs = Some(2);
        choice.changed.width = Some(2);
        choice.changed.latent_dim = Some(4);
        choice.changed.learning_rate = Some(0.003);
        choice
    };
    let settings = of(&inside).run();
    let computing = Computing {
        device: Device::flex(),
        device_name: "Flex".to_owned(),
    };
    let run = Run {
        settings: &settings,
        start: Start::New,
        cache: None,
        computing: &|| Ok(computing.clone()),
        control: &RunControl::new(),
        look_every: Duration::ZERO,
    };
    run.go(&mut |_| ()).expect("it trains");

    let line = of(&outside).command();
    let line = line
        .strip_prefix("latent-lens")
        .expect("a command of this program");
    let program = env!("CARGO_BIN_EXE_latent-lens");
    let status = std::process::Command::new("sh")
        .args(["-c", &format!("'{program}' {line} --device cpu --no-cache")])
        .status()
        .expect("a shell");
    assert!(status.success(), "{line}");
    assert_eq!(weights(&inside), weights(&outside));
    // Both are seen alike.
    let read = |out: &Path| RunFolder::of(&of(out).run()).summary().expect("a record");
    assert_eq!(
        read(&inside).settings.network,
        read(&outside).settings.network
    );
}
