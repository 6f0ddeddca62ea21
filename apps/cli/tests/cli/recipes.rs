//! `latent-lens render again`: a picture from the recipe in its file, to the last byte.

use std::fs;

use recipe::{Anchors, Latent, Picture, Recipe};
use serde_json::{Value, json};
use studio::{Manifest, ModelSource};

use crate::{
    arguments::{render, render_again},
    fail,
    kinds::{COLOUR, ODD, UNLABELLED, trained},
    one_pixel::png_with,
    read_png, stderr, stdout, succeed, text,
};

/// What can be drawn of any model, and what needs a judge.
const PICTURES: [&[&str]; 5] = [
    &["latent", "--latent", "0.1,-0.3,1.7"],
    &["latent", "--seed", "18446744073709551615", "--scale", "3"],
    &["anchors", "--count", "3", "--noise", "0.7", "--seed", "5"],
    &[
        "traversal",
        "--dim",
        "2,0",
        "--steps",
        "3",
        "--sigmas",
        "1.1",
        "--seed",
        "9",
    ],
    &[
        "cam",
        "--class",
        "1",
        "--layer",
        "2",
        "--method",
        "layercam",
        "--opacity",
        "0.3",
        "--color-map",
        "viridis",
    ],
];

#[test]
fn every_picture_is_drawn_again_to_the_last_byte() {
    let dir = tempfile::tempdir().expect("a folder");
    let models = [&COLOUR, &ODD, &UNLABELLED].map(|kind| text(&trained(kind).model));
    for model in models.into_iter().chain(["fashion-mnist"]) {
        for (index, picture) in PICTURES.iter().enumerate() {
            if picture[0] == "cam" && model == text(&trained(&UNLABELLED).model) {
                continue;
            }
            let [first, again] =
                ["first", "again"].map(|name| dir.path().join(format!("{name}-{index}.png")));
            let drawn = succeed(&render(picture[0], model, &first, &picture[1..]));
            // A shipped model is found by its name, a folder has to be told.
            let shipped = model == "fashion-mnist";
            let named = ["--model", model];
            let more: &[&str] = if shipped { &[] } else { &named };
            let redrawn = succeed(&render_again(&first, &again, more));
            assert_eq!(stdout(&drawn), stdout(&redrawn), "{picture:?} of {model}");
            let same = fs::read(&first).expect("drawn") == fs::read(&again).expect("drawn");
            assert!(same, "{picture:?} of {model}");
        }
    }
}

/// The recipe of a picture of the window, which says more than the command line reads.
fn of_the_window(picture: Picture) -> Recipe {
    let mnist = ModelSource::shipped("mnist").expect("shipped");
    Recipe {
        recipe_version: recipe::VERSION,
        program: "latent-lens 0.1.0".to_owned(),
        model: "mnist".to_owned(),
        model_sha256: Manifest::read(&mnist).expect("shipped").model_sha256(),
        judge: None,
        scale: None,
        sampler: None,
        picture,
        window: Some(json!({ "space": "Explore", "scene": {} })),
    }
}

#[test]
fn a_picture_of_the_window_is_drawn_as_far_as_it_can_be() {
    let dir = tempfile::tempdir().expect("a folder");
    let [saved, out] = ["saved.png", "out.png"].map(|name| dir.path().join(name));
    let again = render_again(&saved, &out, &[]);
    let latent = vec![0.25; 32];
    let image = Picture::Latent(Latent {
        start: None,
        latent: latent.clone(),
        condition: None,
    });
    let grid = Picture::Anchors(Anchors {
        latent,
        classes: vec![datasets::ClassId(3)],
        noise: 1.0,
        count: 4,
        seed: datasets::Seed(1),
    });
    // 28 pixels eight times as large; two by two of them with 2 between.
    for (picture, side) in [(image, 224), (grid, 464)] {
        png_with(&saved, recipe::KEYWORD, &of_the_window(picture).text());
        succeed(&again);
        assert_eq!(read_png(&out).0, (side, side));
    }
    fs::remove_file(&out).expect("drawn");
    for (picture, what) in [
        (Picture::Window, "the whole window"),
        (Picture::Pad, "the sheet of a pad"),
        (Picture::Show, "a film"),
    ] {
        png_with(&saved, recipe::KEYWORD, &of_the_window(picture).text());
        fail(&again, &[what, "only the window"]);
    }
    png_with(
        &saved,
        "latent-lens scene",
        "// Latent Lens scene, version 2",
    );
    fail(&again, &["earlier version of the window", "save it again"]);
    assert!(!out.exists());
}

#[test]
fn what_cannot_be_drawn_again_says_why() {
    let dir = tempfile::tempdir().expect("a folder");
    let [saved, out] = ["saved.png", "out.png"].map(|name| dir.path().join(name));
    let again = render_again(&saved, &out, &[]);
    fail(&again, &["saved.png", "cannot be read", "PNG"]);
    fs::write(&saved, "not a picture").expect("a file");
    fail(&again, &["carries no recipe", "latent-lens render"]);
    png_with(&saved, "Title", "a holiday");
    fail(&again, &["carries no recipe"]);

    let whole = of_the_window(Picture::Latent(Latent {
        start: None,
        latent: vec![0.0; 32],
        condition: None,
    }));
    let whole = whole.to_json();
    let changed = |field: &str, value: Value, expected: &[&str]| {
        let mut changed = whole.clone();
        changed[field] = value;
        png_with(&saved, recipe::KEYWORD, &changed.to_string());
        fail(&again, expected);
    };
    changed(
        "recipe_version",
        json!(7),
        &["version 7", "newer version of Latent Lens"],
    );
    changed("latent", json!("long"), &["damaged"]);
    changed("latent", json!([0.0, 1.0]), &["2 coordinates"]);
    changed("model", json!("my-own"), &["`my-own`", "--model"]);
    changed("model_sha256", json!("00"), &["another model", "--model"]);
    assert!(!out.exists());
    png_with(&saved, recipe::KEYWORD, &whole.to_string());
    assert!(stderr(&succeed(&again)).contains("wrote"));
}
