//! Models on disk that are damaged, of another version, or at odds with themselves: every command refuses them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    arguments::{evaluate, render},
    contents, copy_of, digits, fail,
    kinds::{COLOUR, ODD, trained},
    one_file, text,
};

#[test]
fn a_damaged_model_is_refused() {
    let whole = &digits::trained().model;
    let weights: Vec<PathBuf> = contents(whole)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.extension().is_some_and(|end| end == "safetensors"))
        .map(|path| path.strip_prefix(whole).expect("below").to_owned())
        .collect();
    assert!(weights.len() >= 2, "{weights:?}");
    for file in &weights {
        let (dir, model) = copy_of(whole);
        let path = model.join(file);
        let out = dir.path().join("x.png");
        let args = render("latent", text(&model), &out, &[]);
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");

        let mut bytes = fs::read(&path).expect("weights");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).expect("mine");
        fail(&args, &[name]);
        fs::remove_file(&path).expect("there");
        fail(&args, &[name]);
        assert!(!out.exists());
    }
}

#[test]
fn a_model_of_a_newer_program_is_told_apart_from_a_damaged_one() {
    let (_dir, model) = copy_of(&digits::trained().model);
    let manifest = model.join("manifest.ron");
    let whole = fs::read_to_string(&manifest).expect("text");
    let args = evaluate(&model, &digits::trained().data, &[]);

    let newer = whole.replacen("format_version: 2,", "format_version: 3,", 1);
    assert_ne!(newer, whole);
    fs::write(&manifest, newer).expect("mine");
    fail(&args, &["format version 3", "newer version of Latent Lens"]);
    fs::write(&manifest, &whole[..whole.len() / 2]).expect("mine");
    fail(&args, &["manifest.ron", "Restore"]);
    fs::remove_file(&manifest).expect("there");
    fail(&args, &["manifest.ron", "missing"]);
}

/// A copy of the model in colour, with its manifest changed and the checksum of that put right.
fn changed(change: impl FnOnce(&str) -> String) -> (TempDir, PathBuf) {
    let (dir, model) = copy_of(&trained(&COLOUR).model);
    let path = model.join("manifest.ron");
    let whole = fs::read_to_string(&path).expect("text");
    let (first, body) = whole.split_once('\n').expect("two lines");
    let body = change(body);
    let (label, _) = first.rsplit_once(' ').expect("a checksum");
    let text = format!("{label} {}\n{body}", files::sha256_hex(body.as_bytes()));
    assert_ne!(text, whole);
    fs::write(path, text).expect("mine");
    (dir, model)
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
    let (_dir, model) = changed(|body| body.replacen("format_version: 2", "format_version: 3", 1));
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
    let (_dir, model) = changed(|body| body.replacen("channels: 3", "channels: 2", 1));
    refused(&model, &["manifest.ron", "1 or 3 channels", "Restore"]);
}

#[test]
fn a_shape_that_does_not_fit_the_weights() {
    let (_dir, model) = changed(|body| body.replace("width: 32", "width: 20"));
    refused(&model, &["model", "Restore"]);
}

#[test]
fn a_sample_that_contradicts_the_description() {
    let [own, other] = [&COLOUR, &ODD].map(|kind| one_file(&trained(kind).model, "sample-"));
    let name = |path: &Path| {
        path.file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    let sha256 = |path: &Path| files::sha256_hex(&fs::read(path).expect("a file"));
    let (_dir, model) = changed(|body| {
        body.replace(&name(&own), &name(&other))
            .replace(&sha256(&own), &sha256(&other))
    });
    fs::copy(&other, model.join(name(&other))).expect("a file");
    refused(&model, &["sample-", "3x20x32", "3x32x32", "Restore"]);
}
