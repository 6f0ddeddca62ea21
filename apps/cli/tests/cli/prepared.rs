//! What becomes of pictures before they are trained on: cut, limited, kept for the next time, and told apart whatever their folders are called.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    arguments::{evaluate, train},
    command, fail,
    interrupted::interrupt,
    json, stderr, succeed, text,
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

/// A blue ellipse of 70x50 pixels, nowhere twice the same, on a plain sheet of 100x60.
fn ellipse(path: &Path, number: u32) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    let (left, top) = (f64::from(5 + number % 20), f64::from(2 + number / 20 * 2));
    let picture = RgbImage::from_fn(100, 60, |x, y| {
        let across = (f64::from(x) + 0.5 - left - 35.0) / 35.0;
        let down = (f64::from(y) + 0.5 - top - 25.0) / 25.0;
        let inside = across.hypot(down) < 1.0;
        Rgb(if inside {
            [40, 60, 150]
        } else {
            [230, 225, 215]
        })
    });
    picture.save(path).expect("a picture");
}

/// Two classes, of 30 and of 12 ellipses.
fn ellipses() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("ellipses");
    for (class, count) in [("many", 30), ("few", 12)] {
        for number in 0..count {
            ellipse(&data.join(class).join(format!("{number:02}.png")), number);
        }
    }
    (dir, data)
}

fn trained(data: &Path, out: &Path, more: &[&str]) -> Output {
    succeed(&train("vae", data, out, &[&SMALL[..], more].concat()))
}

/// How many test images a model is measured on.
fn measured(out: &Path, data: &Path) -> Value {
    let only = ["--only", "reconstruction_mse", "--json"];
    json(&succeed(&evaluate(out, data, &only)))["figures"][0]["n"].clone()
}

#[test]
fn pictures_are_cut_to_their_object() {
    let (dir, data) = ellipses();
    // Noise from a hash of the place: nothing stands out from it.
    let noise = RgbImage::from_fn(100, 60, |x, y| {
        let mixed = (x + 100 * y + 1).wrapping_mul(2_654_435_761);
        let [_, red, green, blue] = mixed.to_le_bytes();
        Rgb([red, green, blue])
    });
    noise.save(data.join("many/noise.png")).expect("a picture");
    let out = dir.path().join("model");
    let told = stderr(&trained(&data, &out, &["--crop", "object", "--size", "16"]));
    assert!(told.contains("in 1 of 43 pictures"), "{told}");
    let manifest = fs::read_to_string(out.join("manifest.ron")).expect("a manifest");
    assert!(manifest.contains("fit: Object"), "{manifest}");
    assert_eq!(measured(&out, &data), 8);
    // A picture of one's own is prepared in the same way: with a margin around the ellipse.
    let seen = dir.path().join("seen");
    let picture = data.join("many/00.png");
    let args = [
        "predict",
        text(&picture),
        "--model",
        text(&out),
        "--json",
        "--out",
        text(&seen),
    ];
    let answer = json(&succeed(&args));
    let object: Vec<u64> = answer["objects"][0]
        .as_array()
        .expect("the ellipse was found")
        .iter()
        .filter_map(Value::as_u64)
        .collect();
    assert_eq!(object.len(), 4, "{answer}");
    // Number 0 begins at 5, 2; a pixel more or less is where its edge is soft.
    for (found, expected) in object.into_iter().zip([5, 2, 70, 50]) {
        assert!(found.abs_diff(expected) <= 2, "{answer}");
    }
    // The other ways, by the names of before, too.
    for (option, choice) in [
        ("--crop", "centre"),
        ("--crop", "fit"),
        ("--crop", "stretch"),
        ("--fit", "crop"),
        ("--fit", "pad"),
    ] {
        let out = dir.path().join(format!("{option}-{choice}"));
        trained(&data, &out, &[option, choice, "--size", "16"]);
    }
}

#[test]
fn a_limit_is_even_over_the_classes_and_part_of_the_run() {
    let (dir, data) = ellipses();
    let out = dir.path().join("model");
    let limit = ["--limit", "24", "--size", "16"];
    let told = stderr(&trained(&data, &out, &limit));
    // Twelve of each class: a fifth of 24 is 4, a tenth 2, and 18 are left.
    assert!(
        told.contains("on 18 images") && told.contains("held out 2"),
        "{told}"
    );
    let manifest = fs::read_to_string(out.join("manifest.ron")).expect("a manifest");
    assert!(manifest.contains("limit: Some(24)"), "{manifest}");
    // Measured on its own test images.
    assert_eq!(measured(&out, &data), 4);
    // A run of another limit is another run.
    let out = dir.path().join("stopped");
    let long = [
        "--latent-dim",
        "2",
        "--width",
        "2",
        "--batch-size",
        "2",
        "--epochs",
        "400",
        "--size",
        "16",
    ];
    let args = train(
        "vae",
        &data,
        &out,
        &[&long[..], &["--limit", "24"]].concat(),
    );
    let (code, printed) = interrupt(&args, "epoch 1/");
    assert_eq!(code, Some(130), "{printed}");
    let other = train(
        "vae",
        &data,
        &out,
        &[&long[..], &["--limit", "30", "--resume"]].concat(),
    );
    fail(&other, &["another run", "training images"]);
    // So few that a class has none, with the way out.
    let refused = dir.path().join("few");
    let few = train("vae", &data, &refused, &["--limit", "4"]);
    fail(&few, &["'few' has 2", "raise --limit above 4"]);
}

/// The command with a cache of its own.
fn with_cache(home: &Path, args: &[&str]) -> Output {
    let output = command(args)
        .env("XDG_CACHE_HOME", home)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    output
}

#[test]
fn prepared_pictures_are_kept_and_can_be_removed() {
    let (dir, data) = ellipses();
    let home = dir.path().join("home");
    let usage = |more: &[&str]| {
        let args = [&["data", "cache", "--json"], more].concat();
        json(&with_cache(&home, &args))
    };
    assert_eq!(
        (&usage(&[])["files"], &usage(&["--clear"])["files"]),
        (&0.into(), &0.into())
    );
    let out = |name: &str| dir.path().join(name);
    let training = |out: &Path, more: &[&str]| {
        let args = [&SMALL[..], &["--size", "16"], more].concat();
        with_cache(&home, &train("vae", &data, out, &args))
    };
    training(&out("without"), &["--no-cache"]);
    assert_eq!(usage(&[])["files"], 0);
    training(&out("first"), &[]);
    let kept = usage(&[]);
    // What is known of the pictures, and 42 images of 3x16x16.
    assert_eq!(kept["files"], 2);
    assert!(kept["bytes"].as_u64() > Some(42 * 768), "{kept}");
    assert!(
        kept["folder"]
            .as_str()
            .is_some_and(|folder| folder.starts_with(text(&home))),
        "{kept}"
    );
    // The next training and the measurement use them: nothing is added, and the model is the same.
    training(&out("second"), &[]);
    with_cache(
        &home,
        &evaluate(&out("first"), &data, &["--only", "reconstruction_mse"]),
    );
    assert_eq!(usage(&[])["bytes"], kept["bytes"]);
    let weights = |name: &str| fs::read(crate::one_file(&out(name), "vae-")).expect("weights");
    assert!(weights("first") == weights("second") && weights("first") == weights("without"));
    assert_eq!(usage(&["--clear"])["files"], 2);
    assert_eq!(usage(&[])["files"], 0);
    // A place that cannot be written to is told, and no reason to stop.
    fs::remove_dir_all(&home).expect("the cache");
    fs::write(&home, "in the way").expect("a file");
    let told = stderr(&training(&out("third"), &[]));
    assert!(told.contains("cannot be kept in"), "{told}");
    assert!(weights("third") == weights("first"));
}

#[test]
fn measuring_does_not_leave_out_what_training_did_not() {
    let (dir, data) = ellipses();
    let (strict, lenient) = (dir.path().join("strict"), dir.path().join("lenient"));
    trained(&data, &strict, &["--size", "16"]);
    fs::write(data.join("many/broken.png"), "no picture").expect("a file");
    trained(&data, &lenient, &["--size", "16", "--skip-broken"]);
    fail(
        &evaluate(&strict, &data, &[]),
        &[
            "trained on all pictures",
            "broken.png",
            "put the folder back",
        ],
    );
    assert_eq!(measured(&lenient, &data), 8);
    // The remedy: as it was, it is measured.
    fs::remove_file(data.join("many/broken.png")).expect("a file");
    assert_eq!(measured(&strict, &data), 8);
}

#[test]
fn a_stray_array_does_not_hide_the_pictures() {
    let (dir, data) = ellipses();
    fs::write(data.join("embedding.npy"), b"\x93NUMPY\x01\0 nothing more").expect("a file");
    let out = dir.path().join("model");
    trained(&data, &out, &["--size", "16"]);
    assert_eq!(measured(&out, &data), 8);
    let found = json(&succeed(&["data", "inspect", text(&data), "--json"]));
    assert_eq!(
        (&found["format"], &found["images"]["train"]),
        (&"pictures".into(), &42.into())
    );
    assert!(
        found["notes"][0]
            .as_str()
            .is_some_and(|note| note.contains("1 files of arrays")),
        "{found}"
    );
}

#[cfg(unix)]
#[test]
fn classes_whose_folders_are_called_in_no_unicode_are_told_apart() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join(OsStr::from_bytes(b"donn\xe9es"));
    // Latin-1: they differ in a byte that is no UTF-8.
    for name in [b"caf\xe9".as_slice(), b"caf\xe8"] {
        for number in 0..12 {
            ellipse(
                &data
                    .join(OsStr::from_bytes(name))
                    .join(format!("{number}.png")),
                number,
            );
        }
    }
    let out = dir.path().join("model");
    let fixed = [
        "train",
        "classifier",
        "--dataset",
        "folder",
        "--device",
        "cpu",
        "--size",
        "16",
    ];
    let small = [
        "--epochs",
        "1",
        "--width",
        "2",
        "--batch-size",
        "8",
        "--out",
        text(&out),
        "--data",
    ];
    let run = |args: &[&str], data: &Path| {
        let output = command(args).arg(data).output().expect("it runs");
        assert!(output.status.success(), "{}", stderr(&output));
        output
    };
    run(&[&fixed[..], &small].concat(), &data);
    let vae = [&["train", "vae"][..], &fixed[2..], &SMALL[..4], &small[2..]].concat();
    run(&vae, &data);
    let models = json(&succeed(&["models", text(&out), "--json"]));
    assert_eq!(
        models.as_array().and_then(|m| m.last()).expect("the model")["classes"],
        2
    );
    let found = json(&run(&["data", "inspect", "--json"], &data));
    let names: Vec<&str> = found["classes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|class| class["name"].as_str())
        .collect();
    assert_eq!(names, [r"caf\xe8", r"caf\xe9"]);
    let measure = [
        "evaluate",
        "--device",
        "cpu",
        "--model",
        text(&out),
        "--only",
        "classifier_accuracy",
        "--json",
        "--data",
    ];
    let report = json(&run(&measure, &data));
    assert_eq!(report["figures"][0]["n"], 4);
}
