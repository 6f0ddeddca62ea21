//! Bad input: one clear message with a remedy each, and nothing damaged.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    arguments::{fetch, render, train},
    digits::{self, train_vae},
    fail,
    kinds::{COLOUR, trained},
    latent_lens, stderr, text,
};

#[test]
fn sizes_that_no_image_can_have() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    for size in ["0", "7", "129", "-8", "many"] {
        let size = format!("--size={size}");
        let data = &trained(&COLOUR).data;
        let output = latent_lens(&train("vae", data, &out, &["--epochs", "1", &size]));
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(message.matches("error: ").count(), 1, "{message}");
        assert!(message.contains("--size"), "{message}");
        assert!(
            message.contains("8..=128") || message.contains("invalid digit"),
            "{message}"
        );
    }
    assert!(!out.exists());
}

#[test]
fn more_classes_than_there_may_be() {
    let dir = tempfile::tempdir().expect("a folder");
    let (data, out) = (dir.path().join("data"), dir.path().join("model"));
    for class in 0..1_001 {
        let folder = data.join(format!("{class:04}"));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("a.png"), "called like a picture").expect("a file");
    }
    fail(
        &train("vae", &data, &out, &["--epochs", "1"]),
        &["1001 sub-folders", "1000", "join some"],
    );
    assert!(!out.exists());
}

#[test]
fn settings_that_cannot_work_are_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let config = dir.path().join("vae.ron");
    let plain = train("vae", &digits::trained().data, &out, &["--epochs", "1"]);
    let with = |more: &[&'static str]| [&plain[..], more].concat();
    fail(
        &with(&["--latent-dim", "0"]),
        &["latent_dim is 0", "from 1"],
    );
    fail(&with(&["--learning-rate", "-1"]), &["learning rate"]);
    fail(&with(&["--batch-size", "0"]), &["batch size"]);

    let from_file = [&plain[..], &["--config", text(&config)]].concat();
    fail(&from_file, &["vae.ron"]);
    for (ron, expected) in [
        ("(model: (latent_dim: 0))", "latent_dim is 0"),
        ("(model: (latent_dims: 8))", "latent_dims"),
        ("(training: (epoch: 3))", "epoch"),
        ("(model: (latent_dim: -1))", "vae.ron"),
        ("not RON at all", "vae.ron"),
    ] {
        fs::write(&config, ron).expect("a file");
        fail(&from_file, &[expected]);
    }
    assert!(!out.exists(), "nothing may be left behind");
}

/// A folder that takes no new files, from anybody: the superuser writes into any folder without permissions, so it
/// gets one that the kernel keeps.
fn read_only_folder(dir: &Path) -> PathBuf {
    let folder = dir.join("read-only");
    fs::create_dir(&folder).expect("a folder");
    let mut permissions = fs::metadata(&folder).expect("there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&folder, permissions).expect("mine");
    match fs::write(folder.join("probe"), b"") {
        Err(_) => folder,
        Ok(()) => PathBuf::from("/proc/self"),
    }
}

#[test]
fn a_read_only_folder_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = read_only_folder(dir.path());
    let out = folder.join("x.png");
    fail(
        &render("latent", text(&digits::trained().model), &out, &[]),
        &["x.png", "cannot be written", "--out"],
    );
    let out = folder.join("model");
    fail(
        &train_vae(&digits::trained().data, &out, &["--epochs", "1"]),
        &[text(&out)],
    );
    fail(
        &fetch("mnist", &folder, &["--from", text(dir.path())]),
        &[text(&folder), "write"],
    );
}
