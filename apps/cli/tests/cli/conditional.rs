//! A conditional model, from training to pictures and figures, and what is refused.

use std::{fs, path::PathBuf, sync::OnceLock};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    arguments::{evaluate, render, render_again},
    fail, json as printed,
    kinds::{COLOUR, Kind, UNLABELLED, trained},
    latent_lens, read_png, stdout, succeed, text,
};

/// A small conditional model with a classifier, shared by the tests that only read it.
fn model() -> PathBuf {
    static MODEL: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let make = || {
        let dir = tempfile::tempdir().expect("a folder");
        let model = dir.path().join("conditional");
        let data = &trained(&COLOUR).data;
        let vae = ["--latent-dim", "4", "--epochs", "4", "--json"];
        let result = printed(&succeed(&Kind::train("conditional", data, &model, &vae)));
        assert_eq!(result["network"], "vae");
        assert_eq!(result["history"].as_array().map(Vec::len), Some(4));
        let epochs = ["--epochs", "2"];
        succeed(&Kind::train("classifier", data, &model, &epochs));
        (dir, model)
    };
    MODEL.get_or_init(make).1.clone()
}

#[test]
fn it_is_listed_as_conditional() {
    let model = model();
    let listed = printed(&succeed(&["models", "--json", text(&model)]));
    let row = listed.as_array().and_then(|rows| rows.last());
    let row = row.expect("the folder comes last");
    assert_eq!(row["family"], "conditional");
    assert_eq!(row["labels_used"], true);
    let table = stdout(&succeed(&["models", text(&model)]));
    assert!(table.contains("conditional"), "{table}");
}

/// Width and height of a grid of 32 pixels an image, with 2 between.
fn sheet(columns: u32, rows: u32) -> (u32, u32) {
    let side = |count: u32| count * 34 - 2;
    (side(columns), side(rows))
}

/// A picture, its size, the class in its recipe, and what is told of it.
type Case = (&'static [&'static str], (u32, u32), Value, &'static str);

#[test]
fn every_picture_takes_a_class_and_is_drawn_again() {
    let (model, dir) = (model(), tempfile::tempdir().expect("a folder"));
    let cases: [Case; 8] = [
        (
            &["latent", "--class", "cross"],
            sheet(1, 1),
            json!(1),
            "decoded as cross",
        ),
        (
            &["latent", "--anchor", "2"],
            sheet(1, 1),
            json!(2),
            "decoded as square",
        ),
        (
            &["latent", "--seed", "3"],
            sheet(1, 1),
            Value::Null,
            "without a class",
        ),
        (
            &["traversal", "--class", "0", "--top", "2", "--steps", "3"],
            sheet(3, 2),
            json!(0),
            "decoded as circle",
        ),
        (
            &["cam", "--condition", "2", "--class", "0"],
            sheet(3, 1),
            json!(2),
            "decoded as square",
        ),
        (
            &[
                "cam",
                "--condition",
                "2",
                "--class",
                "0",
                "--contrast",
                "--alone",
            ],
            sheet(1, 1),
            json!(2),
            "evidence",
        ),
        (
            &["anchors", "--count", "4"],
            sheet(4, 3),
            Value::Null,
            "square",
        ),
        (
            &["anchors", "--class", "1", "--count", "4"],
            sheet(2, 2),
            Value::Null,
            "cross",
        ),
    ];
    for (index, (picture, size, condition, told)) in cases.into_iter().enumerate() {
        let [first, again] =
            ["first", "again"].map(|name| dir.path().join(format!("{name}-{index}.png")));
        let more = [&picture[1..], &["--scale", "1"]].concat();
        let drawn = stdout(&succeed(&render(picture[0], text(&model), &first, &more)));
        assert!(drawn.contains(told), "{picture:?}: {drawn}");
        let (found, recipe) = read_png(&first);
        assert_eq!(found, size, "{picture:?}");
        assert_eq!(recipe["condition"], condition, "{picture:?}");
        let same = ["--model", text(&model)];
        let redrawn = stdout(&succeed(&render_again(&first, &again, &same)));
        assert_eq!(drawn, redrawn, "{picture:?}");
        let bytes = |path| fs::read(path).expect("a picture");
        assert!(bytes(&first) == bytes(&again), "{picture:?}");
    }
}

#[test]
fn its_figures_are_measured_with_classes() {
    let (model, data) = (model(), &trained(&COLOUR).data);
    let only = "swap_agreement,reconstruction_mse,anchored_agreement";
    let args = evaluate(&model, data, &["--json", "--only", only]);
    let report = printed(&succeed(&args));
    let figure = |name: &str| {
        let mut figures = report["figures"].as_array().expect("a list").iter();
        let found = figures.find(|figure| figure["name"] == name);
        found.unwrap_or_else(|| panic!("{name}: {report}")).clone()
    };
    let (swap, error) = (figure("swap_agreement"), figure("reconstruction_mse"));
    let images = error["n"].as_u64().expect("a number");
    // Each test image as the two classes that it is not.
    assert_eq!(swap["n"], 2 * images);
    let said = swap["protocol"].as_str().expect("text");
    assert!(
        said.ends_with(&format!("first {images} test images")),
        "{said}"
    );
    let said = error["protocol"].as_str().expect("text");
    assert!(said.ends_with("given each image's class"), "{said}");
    assert_eq!(figure("anchored_agreement")["n"], 3_000);
    fail(
        &evaluate(&trained(&COLOUR).model, data, &["--only", "swap_agreement"]),
        &["swap_agreement", "not conditional"],
    );
}

#[test]
fn training_goes_on_from_a_conditional_model_only() {
    let (model, data) = (model(), &trained(&COLOUR).data);
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("more");
    let train = |from: &str| {
        let more = ["--dataset", "folder", "--device", "cpu", "--epochs", "1"];
        let fixed = [
            "train",
            "conditional",
            "--data",
            text(data),
            "--out",
            text(&out),
        ];
        let from = ["--from", from];
        let args = [&fixed[..], &more, &from].concat();
        args.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let plain = train(text(&trained(&COLOUR).model));
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    fail(&plain, &["is not conditional", "train vae"]);
    assert!(!out.exists());
    let more = train(text(&model));
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    succeed(&more);
    let manifest = fs::read_to_string(out.join("manifest.ron")).expect("a manifest");
    assert!(manifest.contains("conditional: true"), "{manifest}");
}

#[test]
fn what_cannot_be_conditional_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let epochs = ["--epochs", "1"];
    fail(
        &Kind::train("conditional", &trained(&UNLABELLED).data, &out, &epochs),
        &["without classes", "sub-folder", "train vae"],
    );
    let data = &trained(&COLOUR).data;
    fail(
        &Kind::train(
            "conditional",
            data,
            &out,
            &["--epochs", "1", "--blocks", "0"],
        ),
        &["blocks is 0", "conditional"],
    );
    let prior = Kind::train("conditional", data, &out, &["--prior", "normal"]);
    assert_eq!(latent_lens(&prior).status.code(), Some(2));
    assert!(!out.exists());

    let picture = dir.path().join("x.png");
    let plain = text(&trained(&COLOUR).model);
    for (what, option) in [
        ("latent", "--class"),
        ("traversal", "--class"),
        ("cam", "--condition"),
    ] {
        let more = [option, "1"];
        fail(
            &render(what, plain, &picture, &more),
            &["not conditional", option],
        );
    }
    let unknown = ["--class", "triangle"];
    fail(
        &render("latent", text(&model()), &picture, &unknown),
        &["triangle", "choose one of 0 (circle)"],
    );
    assert!(!picture.exists());
}
