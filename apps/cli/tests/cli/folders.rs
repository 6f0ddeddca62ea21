//! Models of a person's own pictures: each way of using a model is tested once, on every kind of folder.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    arguments::{evaluate, render},
    command, fail, json as printed,
    kinds::{CALLED_MNIST, COLOUR, Kind, ODD, ONE_CLASS, Trained, UNLABELLED, trained},
    models, read_png, stderr, stdout, succeed, text, without_classes,
};

/// What can be done with a model, whatever its images are.
fn serves(kind: &'static Kind) {
    let trained = trained(kind);
    models::lists(kind, trained);
    renders(kind, trained);
    evaluates(kind, trained);
    benches(kind, trained);
    without_classes::refuses_what_needs_classes(kind, trained);
}

#[test]
fn square_pictures_in_colour() {
    serves(&COLOUR);
}

#[test]
fn pictures_that_are_not_square() {
    serves(&ODD);
}

#[test]
fn pictures_without_classes() {
    serves(&UNLABELLED);
}

#[test]
fn pictures_in_a_folder_that_is_called_like_a_shipped_model() {
    serves(&CALLED_MNIST);
}

#[test]
fn pictures_of_one_class() {
    serves(&ONE_CLASS);
}

/// Every picture that the model can make has the size and the colours of its images.
fn renders(kind: &Kind, trained: &Trained) {
    let dir = tempfile::tempdir().expect("a folder");
    let (width, height) = kind.size;
    // A row for each class, or one region of all images, which fills a square.
    let (columns, rows) = match kind.classes.len() {
        0 | 1 => (2, 2),
        classes => (4, classes as u32),
    };
    let mut cases: Vec<(&str, &[&str], (u32, u32))> = vec![
        ("latent", &["--seed", "1"], (1, 1)),
        ("anchors", &["--count", "4"], (columns, rows)),
        ("traversal", &["--top", "3", "--steps", "5"], (5, 3)),
    ];
    if kind.has_judge() {
        cases.push(("cam", &["--class", "circle"], (3, 1)));
    }
    for (what, more, (columns, rows)) in cases {
        let out = dir.path().join(format!("{what}.png"));
        let more = [&["--scale", "1"], more].concat();
        succeed(&render(what, text(&trained.model), &out, &more));
        let (size, recipe) = read_png(&out);
        let side = |count: u32, side: u32| count * (side + 2) - 2;
        let expected = (side(columns, width), side(rows, height));
        assert_eq!(size, expected, "{what} of {kind:?}");
        assert_eq!(
            (&recipe["render"], &recipe["model"]),
            (&json!(what), &json!(kind.name))
        );
        let [red, green, blue] = sums_of_first_image(&out, kind.size);
        if kind.is_colour {
            let margin = 20 * width * height;
            let ordered = red > green + margin && red > blue + margin;
            assert!(ordered, "{what} of {kind:?}: {red} {green} {blue}");
        } else {
            assert_eq!([red, green], [green, blue], "{what} of {kind:?}");
        }
    }
}

/// The sums of its red, green and blue.
fn sums_of_first_image(path: &Path, (width, height): (u32, u32)) -> [u32; 3] {
    let picture = image::open(path).expect("a picture").into_rgb8();
    let mut sums = [0; 3];
    for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
        let pixel = picture.get_pixel(x, y).0;
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum += u32::from(value);
        }
    }
    sums
}

/// What can be measured is, and what cannot is named with the reason.
fn evaluates(kind: &Kind, trained: &Trained) {
    let evaluate = |more: &[&'static str]| {
        let more = [&["--json"], more].concat();
        evaluate(&trained.model, &trained.data, &more)
    };
    let judged = "classifier_accuracy";
    if kind.has_judge() {
        let only = ["--only", "classifier_accuracy,reconstruction_mse"];
        let report = printed(&succeed(&evaluate(&only)));
        assert_eq!(report["dataset"], kind.name);
        assert_eq!(
            report["figures"].as_array().map(Vec::len),
            Some(2),
            "{report}"
        );
        assert!(report.get("absent").is_none(), "{report}");
        return;
    }
    let output = succeed(&evaluate(&[]));
    let report = printed(&output);
    let names = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.map(|entry| entry["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let (measured, absent) = (names(&report["figures"]), names(&report["absent"]));
    assert!(
        measured.contains(&"reconstruction_mse".to_owned()),
        "{measured:?}"
    );
    assert!(
        absent.contains(&"classifier_accuracy".to_owned()),
        "{absent:?}"
    );
    let reason = if kind.classes.is_empty() {
        "the images have no classes"
    } else {
        "no classifier judges the images"
    };
    let reasons = report["absent"].as_array().expect("a list").iter();
    assert!(
        reasons.into_iter().any(|absent| absent["reason"] == reason),
        "{report}"
    );
    let told = format!("not measured, because {reason}: ");
    assert!(stderr(&output).contains(&told), "{}", stderr(&output));
    fail(&evaluate(&["--only", judged]), &[judged, reason]);
}

/// Every part of `bench` that needs no window runs.
fn benches(kind: &Kind, trained: &Trained) {
    let model = text(&trained.model);
    let args = [
        "bench",
        "frame",
        "drag",
        "grid",
        "train",
        "memory",
        "--json",
        "--device",
        "cpu",
        "--model",
        model,
        "--frames",
        "3",
        "--positions",
        "5",
        "--rate",
        "500",
        "--images",
        "4",
        "--steps",
        "2",
        "--batch-size",
        "4",
    ];
    let report = printed(&succeed(&args));
    let figures = report["figures"].as_array().expect("a list").iter();
    let names: Vec<&str> = figures
        .map(|f| f["name"].as_str().expect("a name"))
        .collect();
    for name in [
        "frame.total",
        "drag.latency",
        "grid.4",
        "train.vae",
        "memory.models_open_mb",
    ] {
        assert!(names.contains(&name), "{kind:?}: {names:?}");
    }
    let trains_judge = names.contains(&"train.classifier");
    assert_eq!(trains_judge, kind.has_judge(), "{kind:?}: {names:?}");
}

#[test]
fn the_hint_that_is_printed_opens_what_was_trained() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = CALLED_MNIST.write(&dir.path().join("data"));
    let more = ["--epochs", "1", "--latent-dim", "2"];
    let train = Kind::train("vae", &data, Path::new("mnist"), &more);
    let run = |args: &[&str]| {
        let output = command(args).current_dir(dir.path()).output();
        let output = output.expect("it runs");
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        output
    };
    let told = stdout(&run(&train));
    let hint = told
        .lines()
        .find_map(|line| line.strip_prefix("next: latent-lens "));
    let hint: Vec<&str> = hint.expect("a hint").split(' ').collect();
    assert!(hint.contains(&"./mnist"), "{hint:?}");
    let only = ["--only", "reconstruction_mse", "--json"];
    let report = printed(&run(&[&hint[..], &only].concat()));
    // 48 pictures, of which a fifth is for testing; MNIST has 10,000.
    assert_eq!(report["figures"][0]["n"], 9);
    let args = render("latent", "./mnist", Path::new("x.png"), &[]);
    run(&args);
    let (_, recipe) = read_png(&dir.path().join("x.png"));
    assert_ne!(recipe["model_sha256"], shipped_sha256("mnist"));
}

fn shipped_sha256(name: &str) -> Value {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    succeed(&render("latent", name, &out, &[]));
    read_png(&out).1["model_sha256"].clone()
}
