//! A joint model, from training to figures, and what is refused.

use std::{path::PathBuf, sync::OnceLock};

use tempfile::TempDir;

use crate::{
    arguments::{evaluate, train},
    fail, json as printed,
    kinds::{COLOUR, Kind, ONE_CLASS, trained},
    succeed, text,
};

/// A small joint model that learned from two labels a class, shared by the tests that only read it.
fn model() -> PathBuf {
    static MODEL: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let make = || {
        let dir = tempfile::tempdir().expect("a folder");
        let model = dir.path().join("joint");
        let data = &trained(&COLOUR).data;
        let options = [
            "--latent-dim",
            "4",
            "--epochs",
            "4",
            "--keep-labels",
            "6",
            "--labels-seed",
            "3",
            "--head-weight",
            "30",
            "--feature-weight",
            "2",
            "--head-dims",
            "3",
            "--head-hidden",
            "0",
            "--json",
        ];
        let result = printed(&succeed(&Kind::train("joint", data, &model, &options)));
        assert_eq!(result["network"], "vae");
        let last = &result["history"][3]["metrics"];
        assert!(last["held_out_head_error"].is_number(), "{last}");
        (dir, model)
    };
    MODEL.get_or_init(make).1.clone()
}

#[test]
fn it_is_listed_as_joint_and_remembers_how_it_was_trained() {
    let model = model();
    let listed = printed(&succeed(&["models", "--json", text(&model)]));
    let row = listed.as_array().and_then(|rows| rows.last());
    let row = row.expect("the folder comes last");
    assert_eq!(row["family"], "joint");
    assert_eq!(row["labels_used"], true);
    let manifest = std::fs::read_to_string(model.join("manifest.ron")).expect("a manifest");
    for setting in [
        "labels: Some(6)",
        "labels_seed: Seed(3)",
        "head_weight: 30.0",
        "feature_weight: 2.0",
        "dims: 3",
        "hidden: 0",
        // That of pictures in folders.
        "augmentation: Augmentation { flip: false, shift_px: 1.0",
    ] {
        assert!(manifest.contains(setting), "{setting} is not in {manifest}");
    }
}

#[test]
fn its_head_is_measured() {
    let data = &trained(&COLOUR).data;
    let model = model();
    let report = printed(&succeed(&evaluate(
        &model,
        data,
        &["--only", "head_accuracy,reconstruction_mse", "--json"],
    )));
    let figures = report["figures"].as_array().expect("figures");
    let head = figures
        .iter()
        .find(|figure| figure["name"] == "head_accuracy");
    let value = head.expect("it was measured")["value"].as_f64();
    assert!(value.is_some_and(|value| (0.0..=1.0).contains(&value)));
    // Two judges are needed for the rest.
    fail(
        &evaluate(&model, data, &["--only", "self_flattery"]),
        &["self_flattery", "not two judges"],
    );
}

#[test]
fn what_a_joint_model_needs_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let data = &trained(&COLOUR).data;
    fail(
        &Kind::train("joint", &trained(&ONE_CLASS).data, &out, &["--epochs", "1"]),
        &["one class", "joint model needs two classes"],
    );
    let refused = |more: &[&str], words: &[&str]| {
        fail(&Kind::train("joint", data, &out, more), words);
    };
    refused(
        &["--epochs", "1", "--keep-labels", "2"],
        &["labels is 2", "3 classes"],
    );
    refused(
        &["--epochs", "1", "--latent-dim", "4", "--head-dims", "5"],
        &["dims of the head is 5"],
    );
    let joint = model();
    for network in ["vae", "conditional"] {
        let from = ["--from", text(&joint)];
        fail(&train(network, data, &out, &from), &["joint"]);
    }
}
