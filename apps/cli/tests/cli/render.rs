//! `latent-lens render`: pictures with their recipes, and requests that cannot be met.

use std::fs;

use crate::{
    arguments::render, digits::trained, fail, json, latent_lens, read_png, stderr, stdout, succeed,
    text,
};

#[test]
fn every_picture_is_drawn_with_its_recipe() {
    let model = text(&trained().model);
    let dir = tempfile::tempdir().expect("a folder");
    // (28 + 2) pixels an image less the last gap, times the scale.
    let cases: [(&str, &[&str], (u32, u32)); 6] = [
        (
            "latent",
            &["--latent", "-1.5,0,2", "--scale", "3"],
            (84, 84),
        ),
        ("latent", &["--seed", "7", "--scale", "1"], (28, 28)),
        ("anchors", &["--count", "4", "--scale", "2"], (236, 596)),
        (
            "anchors",
            &[
                "--class", "3", "--count", "5", "--noise", "0.5", "--scale", "2",
            ],
            (176, 116),
        ),
        (
            "traversal",
            &["--top", "2", "--steps", "5", "--scale", "1"],
            (148, 58),
        ),
        (
            "cam",
            &[
                "--anchor", "1", "--class", "7", "--layer", "3", "--scale", "1",
            ],
            (88, 28),
        ),
    ];
    for (index, (kind, more, size)) in cases.into_iter().enumerate() {
        let out = dir.path().join(format!("{index}.png"));
        let args = render(kind, model, &out, more);
        let printed = stdout(&succeed(&args));
        assert!(!printed.trim().is_empty(), "{args:?}");
        let (dimensions, recipe) = read_png(&out);
        assert_eq!(dimensions, size, "{args:?}");
        assert_eq!(recipe["render"], kind);
        assert_eq!(
            recipe["model_sha256"].as_str().map(str::len),
            Some(64),
            "{recipe}"
        );
        // The same request gives the same picture, and with --json the recipe on standard output.
        let first = fs::read(&out).expect("a picture");
        let again = succeed(&[&args[..], &["--json"]].concat());
        assert_eq!(fs::read(&out).expect("a picture"), first, "{args:?}");
        assert_eq!(json(&again), recipe);
    }
}

#[test]
fn render_says_what_is_wrong_with_a_request() {
    let model = text(&trained().model);
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    let refuse = |kind, more: &[&str], expected: &[&str]| {
        fail(&render(kind, model, &out, more), expected);
    };
    refuse(
        "latent",
        &["--latent", "1,2,3,4,5"],
        &["5 numbers", "4 latent dimensions"],
    );
    refuse("latent", &["--latent", "NaN"], &["not finite"]);
    refuse(
        "latent",
        &["--anchor", "zebra"],
        &["zebra", "choose one of 0, 1, 2"],
    );
    refuse("traversal", &["--dim", "4"], &["--dim 4", "0 to 3"]);
    refuse(
        "anchors",
        &["--count", "1000", "--scale", "64"],
        &["--scale"],
    );
    assert!(!out.exists());
    let jpeg = dir.path().join("x.jpg");
    let args = ["render", "latent", "--model", model, "--out", text(&jpeg)];
    fail(&args, &["x.jpg", ".png"]);
    let nowhere = latent_lens(&[
        "render",
        "latent",
        "--model",
        "nowhere",
        "--out",
        text(&out),
    ]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(
        stderr(&nowhere).contains("there is no model 'nowhere'"),
        "{}",
        stderr(&nowhere)
    );
}
