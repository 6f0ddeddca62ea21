//! `latent-lens evaluate`: figures that are printed, stored and recognised.

use std::path::Path;

use crate::{
    arguments::evaluate,
    copy_of,
    digits::{PICTURES, trained},
    fail, json, stderr, stdout, succeed,
};

#[test]
fn evaluate_without_its_data_says_so() {
    let nowhere = Path::new("no-such-folder");
    fail(
        &evaluate(&trained().model, nowhere, &[]),
        &["no-such-folder", "check that it exists"],
    );
}

#[test]
fn evaluate_reports_stores_and_recognises_its_figures() {
    let (_dir, model) = copy_of(&trained().model);
    let evaluate = |more: &[&'static str]| evaluate(&model, &trained().data, more);
    let only = ["--only", "classifier_accuracy,ece,reconstruction_mse"];
    let written = [&only[..], &["--json", "--write"]].concat();
    let report = json(&succeed(&evaluate(&written)));
    let keys: Vec<_> = report
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
    for key in ["model", "model_sha256", "dataset", "device", "figures"] {
        assert!(keys.contains(&key), "{keys:?} lack {key}");
    }
    let figures = report["figures"].as_array().expect("a list");
    assert_eq!(figures.len(), 3, "{report}");
    for figure in figures {
        for key in [
            "name", "value", "unit", "low", "high", "n", "seed", "split", "protocol",
        ] {
            assert!(figure.get(key).is_some(), "{figure} lacks {key}");
        }
        // A fifth of the pictures is the test split.
        assert_eq!(figure["n"], 10 * PICTURES / 5, "{figure}");
    }
    let again = succeed(&evaluate(&only));
    assert!(stdout(&again).contains("same"), "{}", stdout(&again));
    assert!(
        stderr(&again).contains("3 of 3 figures equal the stored report"),
        "{}",
        stderr(&again)
    );
    fail(
        &evaluate(&["--only", "no_such_figure"]),
        &["no_such_figure", "ece"],
    );
}
