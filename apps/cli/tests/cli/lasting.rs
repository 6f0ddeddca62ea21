//! What real life does to a command: nobody listens, paths are no Unicode, two run at once, a run goes on with other data.

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    command, contents, copy_of,
    digits::{train_classifier, train_vae, trained},
    fail,
    interrupted::interrupt,
    one_file, stderr, stdout, succeed, text,
};

/// The arguments that draw the image of a latent.
fn render_latent<'a>(model: &'a Path, out: &'a Path) -> Vec<&'a str> {
    crate::arguments::render("latent", text(model), out, &[])
}

/// Runs a command whose standard error is a full disk.
fn with_full_log(args: &[&str]) -> Option<i32> {
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let mut command = command(args);
    command.stderr(full.expect("a device of every Linux"));
    command.status().expect("it runs").code()
}

/// Runs a command whose standard error nobody reads any more.
fn with_closed_log(args: &[&str]) -> Option<i32> {
    let mut child = command(args)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it runs");
    drop(child.stderr.take());
    child.wait().expect("it ends").code()
}

#[cfg(target_os = "linux")]
#[test]
fn work_goes_on_when_nobody_listens() {
    let data = &trained().data;
    for run in [with_full_log, with_closed_log] {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("model");
        let picture = dir.path().join("x.png");
        assert_eq!(run(&train_vae(data, &out, &["--epochs", "1"])), Some(0));
        assert_eq!(run(&render_latent(&out, &picture)), Some(0));
        assert!(picture.exists());
        let evaluate = ["evaluate", "--model", text(&out), "--data", text(data)];
        let write = ["--only", "active_units", "--write", "--device", "cpu"];
        assert_eq!(run(&[&evaluate[..], &write].concat()), Some(0));
        // What fails says so by its code.
        assert_eq!(
            run(&["render", "latent", "--model", "nobody", "--out", "x"]),
            Some(2)
        );
        assert_eq!(run(&train_vae(data, &out, &["--epochs", "1"])), Some(1));
        assert_eq!(run(&["models"]), Some(0));
    }
}

/// A path in `dir` with a byte that is no Unicode.
fn no_unicode(dir: &Path, name: &[u8]) -> PathBuf {
    dir.join(OsStr::from_bytes(name))
}

fn run(args: &[&OsStr]) -> std::process::Output {
    command(&[]).args(args).output().expect("the binary runs")
}

#[test]
fn paths_that_are_no_unicode_are_paths_like_others() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = no_unicode(dir.path(), b"donn\xe9es");
    let out = no_unicode(dir.path(), b"mod\xe8le");
    for (path, bytes) in contents(&trained().data) {
        let target = data.join(path.strip_prefix(&trained().data).expect("below"));
        fs::create_dir_all(target.parent().expect("a parent")).expect("a folder");
        fs::write(target, bytes).expect("a file");
    }
    let plain =
        "train vae --dataset folder --device cpu --latent-dim 4 --width 4 --epochs 1 --data";
    let mut args: Vec<OsString> = plain.split(' ').map(OsString::from).collect();
    args.extend([data.clone().into(), "--out".into(), out.clone().into()]);
    let args: Vec<&OsStr> = args.iter().map(OsString::as_os_str).collect();
    let output = run(&args);
    assert!(output.status.success(), "{}", stderr(&output));
    // What it says to do next can be pasted.
    let printed = stdout(&output);
    assert!(printed.contains(r"mod\xe8le'"), "{printed}");
    assert!(printed.contains(r"donn\xe9es'"), "{printed}");

    let picture = no_unicode(dir.path(), b"x\xff.png");
    let render = ["render", "latent", "--device", "cpu", "--model"].map(OsStr::new);
    let named = [out.as_os_str(), OsStr::new("--out"), picture.as_os_str()];
    let output = run(&[&render[..], &named].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(picture.exists());
    // One that is not there is named, and nothing panics.
    let absent = OsString::from_vec(b"\xff".to_vec());
    let output = run(&[
        &render[..],
        &[&absent, OsStr::new("--out"), OsStr::new("x")],
    ]
    .concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("there is no model"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_run_does_not_go_on_with_other_data() {
    let epochs = ["--epochs", "12"];
    for train in [train_vae, train_classifier] {
        let (dir, data) = copy_of(&trained().data);
        let out = dir.path().join("out");
        let (code, printed) = interrupt(&train(&data, &out, &epochs), "epoch 1/");
        assert_eq!(code, Some(130), "{printed}");
        // Two classes swapped: as many pictures of the same names.
        for (from, to) in [("3", "x"), ("8", "3"), ("x", "8")] {
            fs::rename(data.join(from), data.join(to)).expect("a folder");
        }
        let before = contents(&out);
        let resume = [&epochs[..], &["--resume"]].concat();
        fail(
            &train(&data, &out, &resume),
            &["another run", "training images", "--force", "--out"],
        );
        assert!(contents(&out) == before, "nothing may be changed");
    }
}

/// What the advice after a loss that is no number says, done: a lower rate, and more epochs as well.
#[test]
fn a_run_goes_on_with_a_lower_rate_and_more_epochs() {
    let dir = tempfile::tempdir().expect("a folder");
    let (data, out) = (&trained().data, dir.path().join("out"));
    let (code, printed) = interrupt(&train_vae(data, &out, &["--epochs", "12"]), "epoch 1/");
    assert_eq!(code, Some(130), "{printed}");
    let more = ["--epochs", "13", "--learning-rate", "1e-4", "--resume"];
    let printed = stderr(&succeed(&train_vae(data, &out, &more)));
    assert!(
        printed.contains("training.epochs was 12 and is 13"),
        "{printed}"
    );
    assert!(
        printed.contains("training.learning_rate was 0.002 and is 0.0001"),
        "{printed}"
    );
    let manifest = fs::read_to_string(out.join("manifest.ron")).expect("a manifest");
    assert!(manifest.contains("training.learning_rate was 0.002 and is 0.0001"));
}

#[test]
fn the_remedy_after_a_loss_that_is_no_number_works() {
    let dir = tempfile::tempdir().expect("a folder");
    let (data, out) = (&trained().data, dir.path().join("out"));
    let message = fail(
        &train_vae(data, &out, &["--epochs", "2", "--learning-rate", "900"]),
        &["the loss became", "--resume", "a lower --learning-rate"],
    );
    assert!(!message.contains("Remove the folder"), "{message}");
    let lower = ["--epochs", "2", "--learning-rate", "1e-3", "--resume"];
    succeed(&train_vae(data, &out, &lower));
}

#[test]
fn two_networks_at_once_are_both_kept_and_the_same_one_twice_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let (data, out) = (&trained().data, dir.path().join("out"));
    let vae = train_vae(data, &out, &["--epochs", "3"]);
    let classifier = train_classifier(data, &out, &["--epochs", "3"]);
    let mut runs: Vec<_> = [&vae, &classifier]
        .map(|args| {
            command(args)
                .stderr(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
        })
        .into_iter()
        .map(|child| child.expect("it starts"))
        .collect();
    for child in &mut runs {
        assert!(child.wait().expect("it ends").success());
    }
    one_file(&out, "vae-");
    one_file(&out, "classifier-");

    let again = dir.path().join("again");
    let long = train_vae(data, &again, &["--epochs", "500"]);
    let second = train_vae(data, &again, &["--epochs", "2", "--force"]);
    let mut refused = String::new();
    let (code, printed) = crate::interrupted::interrupt_after(&long, "epoch 1/", || {
        refused = fail(&second, &["another run is training", "checkpoint-vae"]);
    });
    assert_eq!(code, Some(130), "{printed}");
    assert!(!refused.is_empty());
}

#[test]
fn a_damaged_model_is_replaced_by_force_and_what_is_sound_stays() {
    let (_dir, model) = copy_of(&trained().model);
    let data = &trained().data;
    fs::write(one_file(&model, "vae-"), "damaged").expect("a file");
    let train = train_vae(data, &model, &["--epochs", "1"]);
    fail(&train, &["--force"]);
    succeed(&[&train[..], &["--force"]].concat());
    one_file(&model, "classifier-");
    // Of a newer version it is not damaged, and --force is no help.
    let sound = fs::read(model.join("manifest.ron")).expect("a file");
    let newer = String::from_utf8_lossy(&sound).replace("format_version: 2", "format_version: 3");
    fs::write(model.join("manifest.ron"), newer).expect("a file");
    let message = fail(&train, &["newer version"]);
    assert!(!message.contains("--force"), "{message}");
    fail(&[&train[..], &["--force"]].concat(), &["newer version"]);
    fs::write(model.join("manifest.ron"), "damaged").expect("a file");
    fail(&train, &["manifest.ron", "--force"]);
    succeed(&[&train[..], &["--force"]].concat());
    assert_eq!(
        fs::read_to_string(model.join("manifest-damaged.ron")).expect("it is kept"),
        "damaged"
    );
}

/// Neither a pipe nor a device ends, and nobody writes to the pipe: whatever it stands for, it is an error at once.
#[test]
fn pipes_and_devices_are_refused_at_once() {
    let (dir, data) = copy_of(&trained().data);
    let pipe = dir.path().join("pipe.png");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo is everywhere").success());
    let device = dir.path().join("device.png");
    std::os::unix::fs::symlink("/dev/zero", &device).expect("a link");
    let out = dir.path().join("out");
    for special in [&pipe, &device] {
        let refused = ["a pipe or a device"];
        let config = ["--config", text(special), "--epochs", "1"];
        fail(&train_vae(&data, &out, &config), &refused);
        let picture = dir.path().join("x.png");
        let again = crate::arguments::render_again(special, &picture, &[]);
        fail(&again, &refused);
        let place = data.join("3").join("special.png");
        fs::rename(special, &place).expect("it can be moved");
        fail(&train_vae(&data, &out, &["--epochs", "1"]), &refused);
        fs::rename(&place, special).expect("it can be moved");
        let state = out.join("checkpoint-vae/latest.ron");
        fs::create_dir_all(state.parent().expect("a folder")).expect("a folder");
        fs::rename(special, &state).expect("it can be moved");
        let resume = ["--epochs", "1", "--resume"];
        fail(&train_vae(&data, &out, &resume), &refused);
        fs::rename(&state, special).expect("it can be moved");
        fs::remove_dir_all(&out).expect("it is there");
    }
}

#[test]
fn what_cannot_be_trained_is_said_before_the_first_step() {
    let (dir, data) = copy_of(&trained().data);
    let out = dir.path().join("out");
    for (option, value, expected) in [
        (
            "--epochs",
            "18446744073709551615",
            "more than the 1099511627776 steps",
        ),
        ("--learning-rate", "1e6", "at most 1000"),
        ("--class-weight=-1000", "--force", "class_weight is -1000"),
    ] {
        let message = fail(&train_vae(&data, &out, &[option, value]), &[expected]);
        assert!(!message.contains("epoch 1/"), "{message}");
    }
    // A class with one picture: it cannot be in every part.
    fs::create_dir(data.join("rare")).expect("a folder");
    let one = data.join("3/000.png");
    fs::copy(one, data.join("rare/000.png")).expect("a picture");
    let message = fail(
        &train_vae(&data, &out, &["--epochs", "1"]),
        &["'rare' has 1", "add images"],
    );
    assert!(!message.contains("epoch 1/"), "{message}");
    assert!(!out.exists());
}
