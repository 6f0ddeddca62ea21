//! Folders as people have them: each trains for one epoch, or is refused with what to do.

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

use crate::{arguments::evaluate, arguments::train, fail, json, stderr, succeed, text};

/// A picture of 16x16, no two alike.
fn picture(class: u8, number: u8) -> RgbImage {
    RgbImage::from_fn(16, 16, |x, y| {
        let inside = x.abs_diff(8) + y.abs_diff(8) < 4 + u32::from(class);
        Rgb([
            if inside { 250 - number } else { number },
            40_u8.wrapping_mul(class),
            90,
        ])
    })
}

/// Writes this many pictures of a class.
fn class(folder: &Path, class: u8, count: u8) {
    fs::create_dir_all(folder).expect("a folder");
    for number in 0..count {
        let path = folder.join(format!("{number}.png"));
        picture(class, number).save(path).expect("a picture");
    }
}

/// A folder with two classes of twelve pictures.
fn tidy() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("pets");
    class(&data.join("cat"), 1, 12);
    class(&data.join("dog"), 2, 12);
    (dir, data)
}

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

/// Trains for one epoch, measures, and gives what was told and what the model is.
fn trained(dir: &Path, data: &Path, more: &[&str]) -> (String, Value) {
    let out = dir.join("model");
    let output = succeed(&train("vae", data, &out, &[&SMALL[..], more].concat()));
    let only = ["--only", "reconstruction_mse", "--json"];
    let report = json(&succeed(&evaluate(&out, data, &only)));
    assert_eq!(
        report["figures"].as_array().map(Vec::len),
        Some(1),
        "{report}"
    );
    let models = json(&succeed(&["models", text(&out), "--json"]));
    let model = models
        .as_array()
        .and_then(|models| models.last())
        .expect("the model");
    (stderr(&output), model.clone())
}

/// The names of the classes and how many images each has for training, as `data inspect` says.
fn classes(data: &Path) -> Vec<(String, u64)> {
    let found = json(&succeed(&["data", "inspect", text(data), "--json"]));
    let classes = found["classes"].as_array().expect("a list").iter();
    let class = |class: &Value| {
        let name = class["name"].as_str().expect("a name");
        (
            name.to_owned(),
            class["images"]["train"].as_u64().expect("a count"),
        )
    };
    classes.map(class).collect()
}

fn counted(classes: &[(&str, u64)]) -> Vec<(String, u64)> {
    classes
        .iter()
        .map(|&(name, count)| (name.to_owned(), count))
        .collect()
}

#[test]
fn what_desktops_and_archives_leave_behind_is_passed_over() {
    let (dir, data) = tidy();
    for leftover in [
        "Thumbs.db",
        "cat/Thumbs.db",
        "cat/desktop.ini",
        "dog/.DS_Store",
        "dog/notes.txt",
        "labels.csv",
    ] {
        fs::write(data.join(leftover), "no picture").expect("a file");
    }
    fs::create_dir_all(data.join("__MACOSX/cat")).expect("a folder");
    fs::write(data.join("__MACOSX/cat/._0.png"), "no picture").expect("a file");
    fs::create_dir(data.join("empty")).expect("a folder");
    let (told, model) = trained(dir.path(), &data, &[]);
    assert!(
        told.contains("6 files that are no pictures were passed over"),
        "{told}"
    );
    assert_eq!(model["classes"], 2);
    assert_eq!(classes(&data), counted(&[("cat", 12), ("dog", 12)]));
}

#[test]
fn broken_pictures_are_all_named_and_left_out_only_if_wanted() {
    let (dir, data) = tidy();
    fs::write(data.join("cat/empty.png"), "").expect("a file");
    fs::write(data.join("dog/text.jpg"), "no picture").expect("a file");
    let whole = fs::read(data.join("dog/0.png")).expect("a picture");
    fs::write(data.join("dog/cut.png"), &whole[..whole.len() / 2]).expect("a file");
    let out = dir.path().join("refused");
    let args = train("vae", &data, &out, &SMALL);
    fail(
        &args,
        &[
            "3 pictures",
            "empty.png",
            "text.jpg",
            "cut.png",
            "--skip-broken",
        ],
    );
    let (told, _) = trained(dir.path(), &data, &["--skip-broken"]);
    assert_eq!(told.matches("left out:").count(), 3, "{told}");
}

#[test]
fn train_and_test_are_parts_and_numbers_are_in_natural_order() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("signs");
    for (number, name) in ["1", "2", "10"].into_iter().enumerate() {
        class(&data.join("train").join(name), number as u8, 10);
        class(&data.join("test").join(name), number as u8, 3);
    }
    let (_, model) = trained(dir.path(), &data, &[]);
    assert_eq!(model["classes"], 3);
    assert_eq!(classes(&data), counted(&[("1", 10), ("2", 10), ("10", 10)]));
}

#[test]
fn deeper_folders_and_a_wrapping_one_are_looked_into() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("download");
    class(&data.join("pets/cat/indoors/day"), 1, 12);
    class(&data.join("pets/cat/outdoors"), 1, 3);
    class(&data.join("pets/dog"), 2, 12);
    let (_, model) = trained(dir.path(), &data, &[]);
    assert_eq!(model["classes"], 2);
    assert_eq!(classes(&data), counted(&[("cat", 15), ("dog", 12)]));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_are_not() {
    use std::os::unix::fs::symlink;

    let (dir, data) = tidy();
    let elsewhere = dir.path().join("elsewhere");
    class(&elsewhere, 3, 12);
    symlink(&elsewhere, data.join("parrot")).expect("a link");
    symlink(&data, data.join("cat/again")).expect("a link");
    symlink("nowhere", data.join("dog/gone")).expect("a link");
    let (_, model) = trained(dir.path(), &data, &[]);
    assert_eq!(model["classes"], 3);
    assert_eq!(
        classes(&data),
        counted(&[("cat", 12), ("dog", 12), ("parrot", 12)])
    );
}

#[test]
fn names_are_in_any_script() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("動物");
    class(&data.join("ねこ"), 1, 12);
    class(&data.join("собака"), 2, 12);
    let (_, model) = trained(dir.path(), &data, &[]);
    assert_eq!(
        (&model["domain"], &model["classes"]),
        (&"動物".into(), &2.into())
    );
}

#[test]
fn sizes_and_formats_may_be_mixed() {
    let (dir, data) = tidy();
    for (number, ending) in ["jpg", "bmp", "gif", "webp", "JPEG"]
        .into_iter()
        .enumerate()
    {
        let picture = image::imageops::resize(
            &picture(1, 100 + number as u8),
            20 + number as u32,
            31,
            image::imageops::FilterType::Nearest,
        );
        picture
            .save(data.join(format!("cat/other.{ending}")))
            .expect("a picture");
    }
    let (_, model) = trained(dir.path(), &data, &["--size", "16"]);
    assert_eq!(model["shape"], serde_json::json!([3, 16, 16]));
    assert_eq!(classes(&data), counted(&[("cat", 17), ("dog", 12)]));
}

#[test]
fn a_class_with_too_few_pictures_is_named_before_anything_is_trained() {
    let (dir, data) = tidy();
    class(&data.join("unicorn"), 3, 1);
    let out = dir.path().join("model");
    let message = fail(&train("vae", &data, &out, &SMALL), &["'unicorn' has 1"]);
    assert!(!message.contains("epoch"), "{message}");
    assert!(!out.exists(), "nothing was written");
}

/// A name says nothing: not what the classes are, nor how many.
#[test]
fn a_folder_called_mnist_may_have_eleven_classes() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("mnist");
    for number in 0..11 {
        class(&data.join(number.to_string()), number, 8);
    }
    let (_, model) = trained(dir.path(), &data, &[]);
    assert_eq!(
        (&model["domain"], &model["classes"]),
        (&"mnist".into(), &11.into())
    );
    let names: Vec<String> = classes(&data).into_iter().map(|(name, _)| name).collect();
    let expected: Vec<String> = (0..11).map(|number| number.to_string()).collect();
    assert_eq!(names, expected);
    let out = dir.path().join("model");
    let judge = ["--epochs", "1", "--width", "2", "--batch-size", "8"];
    succeed(&train("classifier", &data, &out, &judge));
    let only = ["--only", "classifier_accuracy", "--json"];
    let report = json(&succeed(&evaluate(&out, &data, &only)));
    // A fifth of 88.
    assert_eq!(report["figures"][0]["n"], 17);
    // As the data set of that name it is refused, with the way to read it.
    let other = dir.path().join("other");
    let args = [
        "train",
        "vae",
        "--dataset",
        "mnist",
        "--data",
        text(&data),
        "--out",
        text(&other),
    ];
    fail(&args, &["no t10k-images", "name the folder that holds it"]);
}
