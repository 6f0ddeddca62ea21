//! `predict` with a person's own decisions: crop, turn, inversion, threshold and object.

use std::path::{Path, PathBuf};

use datasets::{ClassId, KnownDataset, sample};
use image::{GrayImage, Luma, imageops, imageops::FilterType};
use serde_json::Value;

use crate::{latent_lens, stderr, stdout, succeed, text};

/// The first image of a class in the sample, enlarged, white on black.
fn digit(class: u16, side: u32) -> GrayImage {
    let images = sample(KnownDataset::Mnist);
    let mut all = 0..images.len();
    let first = all.find(|&index| images.label(index) == Some(ClassId(class)));
    let image = images.image(first.expect("each class has a hundred"));
    let image = GrayImage::from_raw(28, 28, image.to_bytes()).expect("28x28 pixels");
    imageops::resize(&image, side, side, FilterType::Triangle)
}

/// A large 3 and a smaller 7, dark on white paper.
fn three_and_seven(folder: &Path) -> PathBuf {
    let mut page = GrayImage::from_pixel(700, 400, Luma([0]));
    imageops::replace(&mut page, &digit(3, 340), 20, 30);
    imageops::replace(&mut page, &digit(7, 240), 420, 80);
    imageops::invert(&mut page);
    let path = folder.join("page.png");
    page.save(&path).expect("a file");
    path
}

fn answer(arguments: &[&str]) -> Value {
    let output = succeed(&[&["predict", "--model", "mnist", "--json"], arguments].concat());
    serde_json::from_str(stdout(&output).trim()).expect("one JSON object")
}

#[test]
fn a_person_decides_what_counts() {
    let dir = tempfile::tempdir().expect("a folder");
    let page = three_and_seven(dir.path());
    let page = text(&page);
    let by_itself = answer(&[page]);
    assert_eq!(by_itself["image_class"], 3, "the larger one");
    assert_eq!(by_itself["warnings"].as_array().map(Vec::len), Some(1));
    for chosen in [
        &["--crop", "420,80,240,240"][..],
        &["--object", "2"],
        &["--object", "2", "--invert", "on"],
        &["--crop", "420,80,240,240", "--threshold", "0.4"],
    ] {
        let answer = answer(&[&[page], chosen].concat());
        assert_eq!(answer["image_class"], 7, "{chosen:?}");
        assert_eq!(answer["warnings"], serde_json::json!([]), "{chosen:?}");
    }
    // What was cropped is told in pixels of the whole picture, and a picture that lies on its side is turned back.
    let cropped = answer(&[page, "--crop", "420,80,240,240"]);
    let left = cropped["objects"][0][0].as_u64().expect("a number");
    assert!((420..660).contains(&left), "{left}");
    let turned = dir.path().join("turned.png");
    let upright = image::open(page).expect("it is there").to_luma8();
    imageops::rotate90(&upright).save(&turned).expect("a file");
    let back = answer(&[text(&turned), "--turn", "-90", "--object", "2"]);
    assert_eq!(back["image_class"], 7);
}

#[test]
fn decisions_that_cannot_be_followed_say_what_to_do() {
    let dir = tempfile::tempdir().expect("a folder");
    let page = three_and_seven(dir.path());
    let page = text(&page);
    let refused = |model: &str, arguments: &[&str]| {
        let output = latent_lens(&[&["predict", "--model", model, page], arguments].concat());
        assert!(!output.status.success(), "{arguments:?}");
        format!("{}{}", stdout(&output), stderr(&output))
    };
    let cases: [(&str, &[&str], &str); 9] = [
        ("mnist", &["--crop", "1,2,3"], "give four whole numbers"),
        ("mnist", &["--crop", "1,2,0,3"], "above 0"),
        (
            "mnist",
            &["--crop", "700,0,10,10"],
            "which is 700x400 pixels",
        ),
        ("mnist", &["--object", "0"], "1.."),
        ("mnist", &["--object", "3"], "there is no object 3"),
        ("mnist", &["--threshold", "2"], "a number from 0 to 1"),
        ("mnist", &["--threshold", "1"], "lower threshold"),
        ("mnist", &["--turn", "inf"], "give degrees"),
        ("avatars", &["--threshold", "0.2"], "leave it out"),
    ];
    for (model, arguments, said) in cases {
        let text = refused(model, arguments);
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
}
