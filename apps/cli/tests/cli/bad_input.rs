//! Bad input: one clear message with a remedy each, and nothing damaged.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    contents, copy, fail,
    kinds::{COLOUR, ODD, trained},
    latent_lens, one_file, stderr, text,
};

fn train<'a>(data: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "train",
        "vae",
        "--dataset",
        "folder",
        "--device",
        "cpu",
        "--epochs",
        "1",
    ];
    [
        &fixed[..],
        &["--data", text(data), "--out", text(out)],
        more,
    ]
    .concat()
}

#[test]
fn sizes_that_no_image_can_have() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    for size in ["0", "7", "129", "-8", "many"] {
        let size = format!("--size={size}");
        let output = latent_lens(&train(&trained(&COLOUR).data, &out, &[&size]));
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
        fs::create_dir_all(data.join(format!("{class:04}"))).expect("a folder");
    }
    fail(
        &train(&data, &out, &[]),
        &["1001 sub-folders", "1000", "join some"],
    );
    assert!(!out.exists());
}

#[test]
fn avatars_are_taken_from_their_file_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let (tar, into) = (dir.path().join("avatars-64.tar"), dir.path().join("data"));
    let fetch = ["fetch", "--dataset", "avatars", "--into", text(&into)];
    fail(&fetch, &["nobody serves", "avatars-64.tar", "--from"]);
    let from = [&fetch[..], &["--from", text(&tar)]].concat();
    fail(&from, &["avatars-64.tar", "--from"]);
    for wrong in [&b"not a tar file"[..], b""] {
        fs::write(&tar, wrong).expect("a file");
        let message = fail(&from, &["avatars-64.tar", "SHA-256", "--from"]);
        assert!(!message.contains("fetch the file again"), "{message}");
        let folder = [&fetch[..], &["--from", text(dir.path())]].concat();
        fail(&folder, &["SHA-256", "--from"]);
    }
    assert_eq!(contents(&into), [], "nothing may be put in place");
}

/// A copy of the model in colour, with its manifest changed and the checksum of that put right.
fn changed(dir: &Path, change: impl FnOnce(&str) -> String) -> PathBuf {
    let model = dir.join("model");
    copy(&trained(&COLOUR).model, &model);
    let path = model.join("manifest.ron");
    let whole = fs::read_to_string(&path).expect("text");
    let (first, body) = whole.split_once('\n').expect("two lines");
    let body = change(body);
    let (label, _) = first.rsplit_once(' ').expect("a checksum");
    let text = format!("{label} {}\n{body}", files::sha256_hex(body.as_bytes()));
    assert_ne!(text, whole);
    fs::write(path, text).expect("mine");
    model
}

/// Every command that opens the model refuses it with the same message, and leaves it as it is.
fn refused(model: &Path, expected: &[&str]) {
    let before = contents(model);
    let out = model.with_file_name("x.png");
    let data = text(&trained(&COLOUR).data);
    let (name, cpu) = (text(model), ["--device", "cpu"]);
    for args in [
        &["render", "latent", "--model", name, "--out", text(&out)][..],
        &["evaluate", "--model", name, "--data", data],
        &["bench", "frame", "--model", name],
        &["train", "regions", "--model", name, "--data", data],
    ] {
        fail(&[args, &cpu].concat(), expected);
    }
    assert!(!out.exists());
    assert!(contents(model) == before, "a refused model was changed");
}

#[test]
fn a_bundle_of_a_later_format() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = changed(dir.path(), |body| {
        body.replacen("format_version: 2", "format_version: 3", 1)
    });
    refused(
        &model,
        &["format version 3", "newer version of Latent Lens"],
    );
    fail(
        &["models", text(&model)],
        &["format version 3", "newer version"],
    );
}

#[test]
fn a_shape_that_no_image_can_have() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = changed(dir.path(), |body| {
        body.replacen("channels: 3", "channels: 2", 1)
    });
    refused(&model, &["manifest.ron", "1 or 3 channels", "Restore"]);
}

#[test]
fn a_shape_that_does_not_fit_the_weights() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = changed(dir.path(), |body| body.replace("width: 32", "width: 20"));
    refused(&model, &["model", "Restore"]);
}

#[test]
fn a_sample_that_contradicts_the_description() {
    let dir = tempfile::tempdir().expect("a folder");
    let [own, other] = [&COLOUR, &ODD].map(|kind| one_file(&trained(kind).model, "sample-"));
    let name = |path: &Path| {
        path.file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    let sha256 = |path: &Path| files::sha256_hex(&fs::read(path).expect("a file"));
    let model = changed(dir.path(), |body| {
        body.replace(&name(&own), &name(&other))
            .replace(&sha256(&own), &sha256(&other))
    });
    fs::copy(&other, model.join(name(&other))).expect("a file");
    refused(&model, &["sample-", "3x20x32", "3x32x32", "Restore"]);
}
