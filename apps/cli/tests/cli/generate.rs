//! Images that a model draws, in folders and in IDX files: what is written, and what is refused.

use std::{fs, path::Path};

use datasets::{FolderOptions, LabelledImages, load_folder, load_idx_pair, read_idx};
use serde_json::{Value, json};

use crate::{
    arguments::{generate, train},
    command, contents, fail, json as printed,
    kinds::{COLOUR, UNLABELLED, trained},
    latent_lens, stderr, stdout, succeed, text,
};

/// A quick model with ten classes.
pub const MODEL: &str = "mnist";

fn manifest(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a manifest")).expect("JSON")
}

/// What `load_folder` makes of a folder with a folder for each class.
pub fn folder(dir: &Path) -> (Vec<String>, LabelledImages) {
    let read = load_folder(dir, &FolderOptions::default()).expect("a folder of pictures");
    (read.class_names, read.images)
}

#[test]
fn folders_and_idx_files_hold_the_same_images_evenly_over_the_classes() {
    let dir = tempfile::tempdir().expect("a folder");
    let (png, idx) = (dir.path().join("png"), dir.path().join("new/digits.idx"));
    let told = stdout(&succeed(&generate(MODEL, "23", &png, &["--seed", "4"])));
    assert!(told.contains("23 images of 1x28x28"), "{told}");
    assert!(
        told.contains("next: latent-lens train vae --dataset folder"),
        "{told}"
    );
    let output = succeed(&generate(MODEL, "23", &idx, &["--seed", "4", "--json"]));
    let labels = dir.path().join("new/digits.labels.idx");
    let from_idx = load_idx_pair(&idx, &labels, 10).expect("IDX files");
    let expected: Vec<u16> = (0..23).map(|position| position % 10).collect();
    assert_eq!(from_idx.labels(), expected, "class by turns");

    let (names, from_folders) = folder(&png);
    assert_eq!(names, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assert!(
        from_folders.by_turns() == from_idx,
        "the PNG files hold other images than the IDX file"
    );

    let told = printed(&output);
    assert_eq!(told, manifest(&dir.path().join("new/digits.manifest.json")));
    assert_eq!(told["complete"], true);
    assert_eq!(told["shape"], json!([1, 28, 28]));
    assert_eq!((&told["seed"], &told["count"]), (&json!(4), &json!(23)));
    assert_eq!(
        (&told["model"], &told["noise"]),
        (&json!(MODEL), &json!(1.0))
    );
    assert_eq!(told["model_sha256"].as_str().map(str::len), Some(64));
    let counts = told["classes"].as_array().expect("a list").iter();
    let counts: Vec<_> = counts.map(|class| class["count"].as_u64()).collect();
    assert_eq!(counts, [3, 3, 3, 2, 2, 2, 2, 2, 2, 2].map(Some));
    let made = told["command"].as_str().expect("text");
    assert!(made.starts_with("latent-lens generate "), "{made}");
    assert_eq!(manifest(&png.join("manifest.json"))["complete"], true);
}

/// Position 10 n + 7 of all classes in turn is the sample n of class 7, whatever the count and the number of threads.
#[test]
fn one_class_is_the_same_samples_as_among_all() {
    let dir = tempfile::tempdir().expect("a folder");
    let [all, one] = ["all.idx", "one.idx"].map(|name| dir.path().join(name));
    let args = generate(MODEL, "300", &all, &[]);
    let one_thread = command(&args).env("RAYON_NUM_THREADS", "1").output();
    assert!(one_thread.expect("it runs").status.success());
    succeed(&generate(MODEL, "9", &one, &["--class", "7"]));
    let (all, one) = (read_idx(&all).expect("IDX"), read_idx(&one).expect("IDX"));
    assert_eq!(
        (all.dims(), one.dims()),
        (&[300, 28, 28][..], &[9, 28, 28][..])
    );
    let image = |data: &[u8], position: usize| data[position * 784..][..784].to_vec();
    for index in 0..9 {
        let expected = image(all.data(), 10 * index + 7);
        assert!(image(one.data(), index) == expected, "sample {index}");
    }
    let labels = read_idx(&dir.path().join("one.labels.idx")).expect("IDX");
    assert_eq!(labels.data(), [7; 9]);
}

#[test]
fn noise_and_seed_change_the_images() {
    let dir = tempfile::tempdir().expect("a folder");
    let images = |name: &str, more: &[&str]| {
        let out = dir.path().join(name);
        succeed(&generate(MODEL, "10", &out, more));
        fs::read(out).expect("an IDX file")
    };
    let plain = images("a.idx", &[]);
    assert_ne!(plain, images("b.idx", &["--noise", "0.5"]));
    assert_ne!(plain, images("c.idx", &["--seed", "1"]));
    assert_eq!(plain, images("d.idx", &["--seed", "0", "--noise", "1"]));
}

#[test]
fn a_model_in_colour_gives_colours_and_its_folders_train_another() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = text(&trained(&COLOUR).model);
    let (png, idx) = (dir.path().join("png"), dir.path().join("signs.idx"));
    succeed(&generate(model, "30", &png, &[]));
    succeed(&generate(model, "30", &idx, &[]));
    let planes = read_idx(&idx).expect("IDX");
    assert_eq!(planes.dims(), [30, 3, 32, 32]);
    let (names, images) = folder(&png);
    assert_eq!(names, COLOUR.classes);
    assert!(images.by_turns().pixels().expect("in memory") == planes.data());

    let again = dir.path().join("again");
    let small = ["--epochs", "1", "--latent-dim", "2", "--width", "4"];
    let told = succeed(&train("vae", &png, &again, &small));
    assert!(stderr(&told).contains("3x32x32"), "{}", stderr(&told));
}

#[test]
fn a_model_without_classes_fills_one_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = text(&trained(&UNLABELLED).model);
    let (png, idx) = (dir.path().join("png"), dir.path().join("holiday.idx"));
    let told = stdout(&succeed(&generate(model, "20", &png, &[])));
    let inner = png.join("images");
    assert!(told.contains(text(&inner)), "{told}");
    let (names, images) = folder(&inner);
    assert_eq!((names.len(), images.len()), (0, 20));
    succeed(&generate(model, "20", &idx, &[]));
    assert!(images.pixels().expect("in memory") == read_idx(&idx).expect("IDX").data());
    assert!(!dir.path().join("holiday.labels.idx").exists());
    let classes = &manifest(&png.join("manifest.json"))["classes"];
    let expected =
        json!([{ "class": null, "name": "all images", "folder": "images", "count": 20 }]);
    assert_eq!(classes, &expected);
    let third = dir.path().join("third");
    let args = generate(model, "5", &third, &["--class", "0"]);
    fail(&args, &["no classes", "leave --class out"]);
    assert!(!third.exists());
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    for (count, more) in [
        ("0", &[][..]),
        ("-1", &[]),
        ("many", &[]),
        ("1", &["--model", "nowhere"]),
        ("1", &["--noise", "11"]),
        ("1", &["--noise", "nan"]),
    ] {
        let output = latent_lens(&generate(MODEL, count, &out, more));
        assert_eq!(output.status.code(), Some(2), "{count} {more:?}");
    }
    let class = ["--class", "ten"];
    fail(
        &generate(MODEL, "1", &out, &class),
        &["ten", "choose one of 0"],
    );
    let many = dir.path().join("many.idx");
    fail(
        &generate(MODEL, "4294967296", &many, &[]),
        &["4294967295", "--out DIR"],
    );

    let file = dir.path().join("file");
    fs::write(&file, "x").expect("it can be written");
    fail(&generate(MODEL, "1", &file, &[]), &["is a file", "--out"]);
    for below in ["deep", "deep.idx"] {
        let below = file.join(below);
        let args = generate(MODEL, "1", &below, &[]);
        fail(&args, &["cannot be written", "--out"]);
    }
    let named = dir.path().join("folder.idx");
    fs::create_dir(&named).expect("a folder");
    fail(&generate(MODEL, "1", &named, &[]), &["is a folder"]);
    let left: Vec<_> = contents(dir.path())
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(left, [file]);
    assert!(!out.exists());
}
