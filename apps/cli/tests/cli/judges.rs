//! Another model's classifier as the judge: chosen by name, told wherever it judged, and refused where it does not fit.

use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;

use crate::{
    fail, json as printed,
    kinds::{COLOUR, ODD, UNLABELLED, trained},
    read_png, succeed, text,
};

/// A VAE without a classifier, of the same pictures as the model that judges it.
fn unjudged() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let model = dir.path().join("unjudged");
    let data = text(&trained(&COLOUR).data);
    succeed(&[
        "train",
        "vae",
        "--dataset",
        "folder",
        "--device",
        "cpu",
        "--width",
        "2",
        "--latent-dim",
        "4",
        "--epochs",
        "1",
        "--data",
        data,
        "--out",
        text(&model),
    ]);
    (dir, model)
}

#[test]
fn a_judge_that_fits_judges_and_is_named() {
    let (dir, model) = unjudged();
    let judge = text(&trained(&COLOUR).model);
    let out = dir.path().join("x.png");
    for what in ["latent", "anchors", "cam"] {
        let args = [
            "render",
            what,
            "--device",
            "cpu",
            "--model",
            text(&model),
            "--out",
            text(&out),
            "--json",
        ];
        let recipe = printed(&succeed(&[&args[..], &["--judge", judge]].concat()));
        assert_eq!(recipe["judge"], "signs", "{what}");
        assert_eq!(read_png(&out).1, recipe);
        let own = what != "cam";
        if own {
            let unjudged = printed(&succeed(&args));
            assert!(unjudged.get("judge").is_none(), "{unjudged}");
            assert_ne!(unjudged["model_sha256"], recipe["model_sha256"]);
        } else {
            fail(&args, &["no classifier judges", "--judge"]);
        }
    }
    let data = text(&trained(&COLOUR).data);
    let evaluate = [
        "evaluate",
        "--device",
        "cpu",
        "--model",
        text(&model),
        "--data",
        data,
        "--json",
    ];
    let only = ["--only", "classifier_accuracy,reconstruction_mse"];
    fail(
        &[&evaluate[..], &only].concat(),
        &["no classifier judges the images"],
    );
    let judged = [&evaluate[..], &only, &["--judge", judge]].concat();
    let report = printed(&succeed(&judged));
    assert_eq!(report["judge"], "signs");
    for figure in report["figures"].as_array().expect("a list") {
        let protocol = figure["protocol"].as_str().expect("text");
        let named = protocol.ends_with("; judged by the classifier of signs");
        assert_eq!(named, figure["name"] == "classifier_accuracy", "{protocol}");
    }
    fail(
        &[&judged[..], &["--write"]].concat(),
        &["--write", "--judge"],
    );
}

#[test]
fn a_judge_that_does_not_fit_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    let folder = |kind| text(&trained(kind).model);
    // The model, the judge, and what is wrong with it.
    let cases = [
        (folder(&COLOUR), folder(&ODD), "3x20x32"),
        (folder(&COLOUR), "mnist", "1x28x28"),
        ("mnist", "fashion-mnist", "T-shirt/top"),
        (folder(&COLOUR), folder(&UNLABELLED), "without classes"),
    ];
    for (model, judge, reason) in cases {
        let common = ["--device", "cpu", "--model", model, "--judge", judge];
        let remedy = "Choose a model of the same data set";
        for what in ["latent", "anchors", "cam"] {
            let args = [&["render", what, "--out", text(&out)], &common[..]].concat();
            fail(&args, &["cannot judge", reason, remedy]);
        }
        fail(
            &[&["evaluate"], &common[..]].concat(),
            &["cannot judge", reason, remedy],
        );
    }
    assert!(!out.exists());
}

/// Images without classes of their own contradict no classifier of their shape.
#[test]
fn pictures_without_labels_may_be_judged_by_any_classifier_of_their_shape() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    let (model, judge) = (&trained(&UNLABELLED).model, &trained(&COLOUR).model);
    let drawn = printed(&succeed(&[
        "render",
        "latent",
        "--device",
        "cpu",
        "--model",
        text(model),
        "--judge",
        text(judge),
        "--out",
        text(&out),
        "--json",
    ]));
    let name = drawn["prediction"]["name"].as_str().expect("a class");
    assert!(["circle", "cross", "square"].contains(&name), "{drawn}");
}

#[test]
fn a_picture_with_a_judge_is_drawn_again_with_it() {
    let (dir, model) = unjudged();
    let judge = text(&trained(&COLOUR).model);
    let [first, again] = ["first.png", "again.png"].map(|name| dir.path().join(name));
    let model = text(&model);
    succeed(&[
        "render",
        "cam",
        "--device",
        "cpu",
        "--model",
        model,
        "--judge",
        judge,
        "--out",
        text(&first),
    ]);
    let args = [
        "render",
        "again",
        text(&first),
        "--device",
        "cpu",
        "--model",
        model,
        "--out",
        text(&again),
    ];
    fail(&args, &["`signs`", "--judge"]);
    succeed(&[&args[..], &["--judge", judge]].concat());
    assert_eq!(std::fs::read(&first).ok(), std::fs::read(&again).ok());
    assert_eq!(read_png(&again).1["judge"], json!("signs"));
}
