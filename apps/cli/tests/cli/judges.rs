//! Another model's classifier as the judge: chosen by name, told wherever it judged, and refused where it does not fit.

use std::path::PathBuf;

use serde_json::json;
use tempfile::TempDir;

use crate::{
    arguments::{evaluate, render, render_again, train},
    fail, json as printed,
    kinds::{COLOUR, ODD, UNLABELLED, trained},
    read_png, stdout, succeed, text,
};

/// A VAE without a classifier, of the same pictures as the model that judges it.
fn unjudged() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let model = dir.path().join("unjudged");
    let small = ["--width", "2", "--latent-dim", "4", "--epochs", "1"];
    succeed(&train("vae", &trained(&COLOUR).data, &model, &small));
    (dir, model)
}

#[test]
fn a_judge_that_fits_judges_and_is_named() {
    let (dir, model) = unjudged();
    let judge = text(&trained(&COLOUR).model);
    let out = dir.path().join("x.png");
    for what in ["latent", "anchors", "cam"] {
        let args = render(what, text(&model), &out, &["--json"]);
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
    let only = ["--only", "classifier_accuracy,reconstruction_mse", "--json"];
    let unjudged = evaluate(&model, &trained(&COLOUR).data, &only);
    fail(&unjudged, &["no classifier judges the images"]);
    let judged = [&unjudged[..], &["--judge", judge]].concat();
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
        let expected = [
            "cannot judge",
            reason,
            "Choose a model of the same data set",
        ];
        for what in ["latent", "anchors", "cam"] {
            let args = render(what, model, &out, &["--judge", judge]);
            fail(&args, &expected);
        }
        let common = ["--device", "cpu", "--model", model, "--judge", judge];
        fail(&[&["evaluate"], &common[..]].concat(), &expected);
    }
    assert!(!out.exists());
}

/// Images without classes of their own contradict no classifier of their shape.
#[test]
fn pictures_without_labels_may_be_judged_by_any_classifier_of_their_shape() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    let model = text(&trained(&UNLABELLED).model);
    let judge = text(&trained(&COLOUR).model);
    let with = ["--judge", judge, "--json"];
    let drawn = printed(&succeed(&render("latent", model, &out, &with)));
    let name = drawn["prediction"]["name"].as_str().expect("a class");
    assert!(["circle", "cross", "square"].contains(&name), "{drawn}");
    // The classes that evidence can be asked for are the judge's.
    let cam =
        |class: &'static str| render("cam", model, &out, &["--judge", judge, "--class", class]);
    let explained = succeed(&cam("cross"));
    let told = stdout(&explained);
    assert!(told.contains("3. evidence for cross"), "{told}");
    fail(&cam("zebra"), &["zebra", "choose one of 0 (circle)"]);
}

#[test]
fn a_picture_with_a_judge_is_drawn_again_with_it() {
    let (dir, model) = unjudged();
    let judge = text(&trained(&COLOUR).model);
    let [first, again] = ["first.png", "again.png"].map(|name| dir.path().join(name));
    let model = text(&model);
    succeed(&render("cam", model, &first, &["--judge", judge]));
    let args = render_again(&first, &again, &["--model", model]);
    fail(&args, &["`signs`", "--judge"]);
    succeed(&[&args[..], &["--judge", judge]].concat());
    assert_eq!(std::fs::read(&first).ok(), std::fs::read(&again).ok());
    assert_eq!(read_png(&again).1["judge"], json!("signs"));
}
