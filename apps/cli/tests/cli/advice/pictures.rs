//! Advice about pictures, their classes and their tables.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{Given, run_printed};
use crate::{
    arguments::{evaluate, train},
    text,
};

const SMALL: [&str; 8] = [
    "--latent-dim",
    "2",
    "--epochs",
    "1",
    "--width",
    "2",
    "--batch-size",
    "8",
];

/// A picture of 12x12, no two alike.
pub fn picture(path: &Path, number: u8) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let picture = image::GrayImage::from_fn(12, 12, |x, y| {
        image::Luma([(20 * x + 3 * y) as u8 ^ number.wrapping_mul(37)])
    });
    picture.save(path).expect("a picture");
}

/// A folder with so many pictures of each class; a class without a name is the folder itself.
pub fn folder(classes: &[(&str, u8)]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("data");
    for (at, (class, count)) in classes.iter().enumerate() {
        for number in 0..*count {
            let number = number + 100 * at as u8;
            picture(&data.join(class).join(format!("{number:03}.png")), number);
        }
    }
    (dir, data)
}

pub fn run(network: &str, data: &Path, more: &[&str]) -> Given {
    let out = data.with_file_name("model");
    let small: &[&str] = match network {
        "vae" | "conditional" => &SMALL,
        _ => &SMALL[2..],
    };
    Given::new(&train(network, data, &out, &[small, more].concat()))
}

#[test]
fn pictures_that_cannot_be_read_are_left_out_or_repaired() {
    let (_dir, data) = folder(&[("a", 12), ("b", 12)]);
    let broken = data.join("a/broken.png");
    fs::write(&broken, b"\x89PNG\r\n\x1a\nnothing").expect("a file");
    let advice = run("vae", &data, &[]).fails(&["broken.png", "repair them"]);
    advice.given.with(&["--skip-broken"]).succeeds();
    advice.says("--skip-broken");
    picture(&broken, 99);
    advice.given.with(&["--force"]).succeeds();
}

#[test]
fn a_class_with_too_few_pictures_gets_ten_more_or_is_left_out() {
    let (_dir, data) = folder(&[("a", 12), ("b", 12), ("rare", 1)]);
    let advice = run("vae", &data, &[]).fails(&["rare"]);
    let rare = data.join("rare");
    for number in 1..11 {
        picture(&rare.join(format!("{number}.png")), 200 + number);
    }
    advice.again();
    // The model that is there has three classes.
    fs::remove_dir_all(&rare).expect("a folder");
    let other = data.with_file_name("other");
    let given = advice.given.with(&["--force"]);
    given.fails(&["Choose another output folder"]);
    given.with(&["--out", text(&other)]).succeeds();
}

#[test]
fn a_limit_that_is_too_low_is_raised() {
    let (_dir, data) = folder(&[("a", 20), ("b", 20)]);
    let advice = run("vae", &data, &["--limit", "2"]).fails(&["raise --limit above 2"]);
    advice.given.with(&["--limit", "40"]).succeeds();
}

#[test]
fn too_few_pictures_become_as_many_as_it_says() {
    let (_dir, data) = folder(&[("", 3)]);
    let advice = run("vae", &data, &[]).fails(&["put at least"]);
    let (_, most) = advice
        .message
        .split_once("put at least ")
        .expect("a number");
    let least: u8 = most
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .expect("a number");
    for number in 3..least {
        picture(&data.join(format!("{number:03}.png")), number);
    }
    advice.again();
}

#[test]
fn a_judge_of_one_class_gets_another_folder_and_pictures_without_classes_a_vae() {
    let (_dir, data) = folder(&[("a", 24)]);
    let advice =
        run("classifier", &data, &[]).fails(&["into a sub-folder of its own", "train a VAE alone"]);
    run("vae", &data, &[]).succeeds();
    for number in 0..15 {
        picture(&data.join(format!("b/{number}.png")), 150 + number);
    }
    let other = data.with_file_name("other");
    advice.given.with(&["--out", text(&other)]).succeeds();

    let (_dir, data) = folder(&[("", 20)]);
    let advice = run("conditional", &data, &[]).fails(&["`latent-lens train vae`"]);
    run("vae", &data, &[]).succeeds();
    for number in 0..20 {
        let (from, to) = (
            format!("{number:03}.png"),
            format!("class-{}/{number}.png", number % 2),
        );
        fs::create_dir_all(data.join(&to).parent().expect("a folder")).expect("a folder");
        fs::rename(data.join(from), data.join(to)).expect("a picture");
    }
    let other = data.with_file_name("other");
    advice.given.with(&["--out", text(&other)]).succeeds();
}

#[test]
fn a_model_is_measured_on_its_own_folder() {
    let (dir, data) = folder(&[("a", 20), ("b", 20)]);
    run("vae", &data, &[]).succeeds();
    let other = dir.path().join("other");
    for class in ["x", "y"] {
        for number in 0..15 {
            picture(&other.join(format!("{class}/{number}.png")), number);
        }
    }
    let model = data.with_file_name("model");
    let only = ["--only", "reconstruction_mse"];
    let advice = Given::new(&evaluate(&model, &other, &only)).fails(&["that it was trained on"]);
    advice.take(&["--data", text(&data)]);
}

#[test]
fn a_known_data_set_is_fetched_to_where_it_is_looked_for() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("my data");
    fs::create_dir(&data).expect("a folder");
    let nowhere = dir.path().join("nowhere");
    let out = dir.path().join("model");
    let name = data.join("t10k-images-idx3-ubyte");
    for (dataset, content) in [
        ("mnist", None),
        ("mnist", Some("<html>")),
        ("avatars", None),
    ] {
        if let Some(content) = content {
            fs::write(&name, content).expect("a file");
        }
        let args = [
            "train",
            "vae",
            "--dataset",
            dataset,
            "--data",
            text(&data),
            "--out",
            text(&out),
        ];
        let advice = Given::new(&args).fails(&["fetch"]);
        let command = super::printed_command(&advice.message);
        assert!(
            command.ends_with(&format!("--into '{}'", data.display())),
            "{command}"
        );
        // Nothing is downloaded in a test: taken from a folder without the files, it is a command that this program takes.
        let command = command.replace(" --from avatars-64.tar", "");
        let (code, told) = run_printed(&format!(
            "latent-lens {command} --from '{}'",
            nowhere.display()
        ));
        assert_eq!(code, Some(1), "{told}");
    }
}
