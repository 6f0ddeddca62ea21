//! Labels from a table, through the real binary: trained on, found again, and refused with what to do.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    arguments::{evaluate, train},
    fail, json, latent_lens, stderr, succeed, text,
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

/// A picture of 16x16, no two alike.
fn picture(path: &Path, number: u8) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    let picture = RgbImage::from_fn(16, 16, |x, y| {
        Rgb([16 * x as u8, 16 * y as u8, number.wrapping_mul(5)])
    });
    picture.save(path).expect("a picture");
}

/// Thirty pictures in two folders that say nothing of their classes, and a table of their own.
fn faces() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("faces");
    let mut table = "file,style,attributes\n".to_owned();
    for number in 0..30 {
        let name = format!("style-{}/{number:05}.png", number % 2);
        picture(&data.join(&name), number);
        let glasses = if number % 3 == 0 { "round" } else { "none" };
        let style = number % 2;
        writeln!(table, "{name},s{style},eyes=e{number};glasses={glasses}").expect("a line");
    }
    fs::write(data.join("attributes.csv"), table).expect("a table");
    (dir, data)
}

/// What `models` says of a model.
fn model(out: &Path) -> Value {
    let models = json(&succeed(&["models", text(out), "--json"]));
    models
        .as_array()
        .and_then(|models| models.last())
        .expect("the model")
        .clone()
}

/// How many test images a figure is measured on.
fn measured(out: &Path, data: &Path, more: &[&str]) -> Value {
    let only = ["--only", "reconstruction_mse", "--json"];
    let report = json(&succeed(&evaluate(out, data, &[&only[..], more].concat())));
    report["figures"][0]["n"].clone()
}

#[test]
fn an_attribute_in_a_table_makes_the_classes_and_is_found_again() {
    let (dir, data) = faces();
    let table = data.join("attributes.csv");
    let labels = ["--labels", text(&table), "--label-column", "glasses"];
    let out = dir.path().join("model");
    succeed(&train("vae", &data, &out, &[&SMALL[..], &labels].concat()));
    assert_eq!(
        (&model(&out)["classes"], &model(&out)["domain"]),
        (&2.into(), &"faces".into())
    );
    // A fifth of thirty, and nobody says again where the labels are.
    assert_eq!(measured(&out, &data, &[]), 6);
    // No folder of the person who trained it is in the model.
    let manifest = fs::read_to_string(out.join("manifest.ron")).expect("a manifest");
    assert!(manifest.contains("file: \"attributes.csv\""), "{manifest}");
    // A judge of the same classes goes beside it; one of the folders is of another data set.
    let judge = [&labels[..], &["--width", "2", "--epochs", "1"]].concat();
    succeed(&train("classifier", &data, &out, &judge));
    fail(
        &train("judge", &data, &out, &["--epochs", "1"]),
        &["the bundle is for faces"],
    );
    // Elsewhere, it is named.
    let elsewhere = dir.path().join("labels.csv");
    fs::rename(&table, &elsewhere).expect("a table");
    fail(
        &evaluate(&out, &data, &[]),
        &["attributes.csv", "is not in", "--labels"],
    );
    assert_eq!(measured(&out, &data, &["--labels", text(&elsewhere)]), 6);
    fs::rename(&elsewhere, &table).expect("a table");
    // With other labels in it, the model is not measured.
    let before = fs::read_to_string(&table).expect("a table");
    fs::write(&table, before.replace("round", "square")).expect("a table");
    fail(
        &evaluate(&out, &data, &[]),
        &["square", "was made for the classes none, round"],
    );
}

#[test]
fn what_does_not_match_is_left_out_only_if_wanted() {
    let (dir, data) = faces();
    let table = data.join("attributes.csv");
    picture(&data.join("style-0/new.png"), 99);
    let rows = fs::read_to_string(&table).expect("a table");
    fs::write(&table, rows + "gone.png,s0,glasses=none\n").expect("a table");
    let labels = ["--labels", text(&table), "--label-column", "style"];
    let out = dir.path().join("model");
    let args = train("vae", &data, &out, &[&SMALL[..], &labels].concat());
    fail(
        &args,
        &[
            "attributes.csv",
            "line 32: 'gone.png'",
            "style-0/new.png",
            "--skip-unmatched",
        ],
    );
    let told = stderr(&succeed(&[&args[..], &["--skip-unmatched"]].concat()));
    assert!(
        told.contains("left out: 1 rows") && told.contains("1 pictures without a label"),
        "{told}"
    );
    assert_eq!(measured(&out, &data, &[]), 6);
    // Another picture that the table does not know is left out again, and changes nothing.
    picture(&data.join("style-0/newer.png"), 98);
    assert_eq!(measured(&out, &data, &[]), 6);
}

#[test]
fn options_for_other_data_are_refused() {
    let (dir, data) = faces();
    let table = data.join("attributes.csv");
    let out = dir.path().join("model");
    let named = ["--data", text(&data), "--out", text(&out)];
    let refused = |args: &[&str], expected: &[&str]| {
        fail(&[&["train", "vae"][..], args, &named].concat(), expected);
    };
    let labels = ["--labels", text(&table), "--label-column", "style"];
    refused(
        &[&["--dataset", "arrays"][..], &labels].concat(),
        &["--labels", "--dataset folder"],
    );
    refused(
        &["--dataset", "mnist", "--limit", "100"],
        &["--limit", "data of your own"],
    );
    refused(
        &["--dataset", "folder", "--attributes", "Male"],
        &["--attributes", "--dataset celeba", "--label-column"],
    );
    refused(&["--dataset", "celeba"], &["img_align_celeba is not in"]);
    // Half of what a table needs is an error of the command line, which names the other half.
    for (given, needed) in [(&labels[..2], "--label-column"), (&labels[2..], "--labels")] {
        let output =
            latent_lens(&[&["train", "vae", "--dataset", "folder"][..], given, &named].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(needed), "{}", stderr(&output));
    }
    let short = train(
        "vae",
        &data,
        &out,
        &["--labels", text(&table), "--label-column", "hat"],
    );
    fail(
        &short,
        &["attributes.csv, line 1", "no column 'hat'", "'glasses'"],
    );
    assert!(!out.exists(), "nothing was written");
}

/// `CelebA`'s layout, with thirty pictures to learn from, five held out and six for testing.
fn celeba(dir: &Path) -> PathBuf {
    let home = dir.join("faces");
    let (mut list, mut partition) = (String::from("41\nBald Male Smiling\n"), String::new());
    for number in 1..=41_u8 {
        let name = format!("{number:06}.jpg");
        picture(&home.join("img_align_celeba").join(&name), number);
        let sign = |has: bool| if has { " 1" } else { "-1" };
        let [male, smiling] = [2, 3].map(|every| sign(number % every == 0));
        writeln!(list, "{name} -1 {male} {smiling}").expect("a line");
        let part = match number {
            1..=30 => 0,
            31..=35 => 1,
            _ => 2,
        };
        writeln!(partition, "{name} {part}").expect("a line");
    }
    fs::write(home.join("list_attr_celeba.txt"), list).expect("a list");
    fs::write(home.join("list_eval_partition.txt"), partition).expect("a list");
    home
}

#[test]
fn celeba_trains_in_its_own_layout() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = celeba(dir.path());
    let out = dir.path().join("model");
    let named = [
        "--data",
        text(&data),
        "--out",
        text(&out),
        "--device",
        "cpu",
    ];
    let fixed = [
        "train",
        "vae",
        "--dataset",
        "celeba",
        "--attributes",
        "Smiling,Male",
    ];
    let told = stderr(&succeed(&[&fixed[..], &named, &SMALL].concat()));
    assert!(
        told.contains("on 30 images of CelebA") && told.contains("held out 5"),
        "{told}"
    );
    assert!(told.contains("forbid passing its pictures on"), "{told}");
    let model = model(&out);
    assert_eq!(
        (&model["classes"], &model["domain"]),
        (&4.into(), &"celeba".into()),
        "{model}"
    );
    // Its own test part, found again without a word about attributes.
    assert_eq!(measured(&out, &data, &[]), 6);
    fail(
        &evaluate(&out, &data, &["--labels", "x.csv"]),
        &["not from a table", "leave --labels out"],
    );
    // Without attributes there are no classes.
    let plain = dir.path().join("plain");
    let named = [
        "--data",
        text(&data),
        "--out",
        text(&plain),
        "--device",
        "cpu",
    ];
    let told = stderr(&succeed(&[&fixed[..4], &named, &SMALL].concat()));
    assert!(told.contains("no classes"), "{told}");
    // What an error about the lists advises.
    let wrong = [&fixed[..4], &["--attributes", "Hat"], &named, &["--force"]].concat();
    fail(
        &wrong,
        &["list_attr_celeba.txt", "'Hat'", "Bald, Male, Smiling"],
    );
}
