//! `predict`: pictures as people bring them, through the real binary.

use std::fs;

use serde_json::Value;

use crate::{
    contents,
    drawn::{Drawn, Right, set},
    latent_lens, read_png, stderr, stdout, succeed, text,
};

/// One JSON object a line.
fn lines(output: &std::process::Output) -> Vec<Value> {
    let text = stdout(output);
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect()
}

/// Whether the program said of a picture what is right.
fn is_right(drawn: &Drawn, answer: &Value) -> bool {
    let warnings = answer["warnings"].as_array().expect("a list");
    let several = |warning: &Value| {
        warning
            .as_str()
            .is_some_and(|text| text.contains("several"))
    };
    match drawn.right {
        Right::Class(class) => answer["class"] == class,
        Right::Refused => answer["refused"].is_string(),
        Right::Warned => answer["refused"].is_null() && warnings.iter().any(several),
    }
}

#[test]
fn nine_in_ten_pictures_as_people_bring_them_are_read_right() {
    let dir = tempfile::tempdir().expect("a folder");
    let pictures = set(2, datasets::Seed(20_261_127));
    let mut right = 0;
    let mut wrong = Vec::new();
    for model in ["mnist", "fashion-mnist"] {
        let of_model: Vec<&Drawn> = pictures
            .iter()
            .filter(|drawn| drawn.model == model)
            .collect();
        let paths: Vec<String> = of_model
            .iter()
            .map(|drawn| {
                let path = dir.path().join(&drawn.name);
                fs::write(&path, &drawn.bytes).expect("a file");
                text(&path).to_owned()
            })
            .collect();
        let mut args = vec!["predict", "--model", model, "--json", "--device", "cpu"];
        args.extend(paths.iter().map(String::as_str));
        let output = latent_lens(&args);
        let refused = of_model.iter().any(|drawn| drawn.right == Right::Refused);
        assert_eq!(
            output.status.code(),
            Some(i32::from(refused)),
            "{}",
            stderr(&output)
        );
        let answers = lines(&output);
        assert_eq!(answers.len(), of_model.len());
        for (drawn, answer) in of_model.into_iter().zip(&answers) {
            if is_right(drawn, answer) {
                right += 1;
            } else {
                wrong.push(format!(
                    "{}: {} instead of {:?}",
                    drawn.name, answer["class"], drawn.right
                ));
            }
        }
    }
    println!(
        "{right} of {} drawn pictures are read right; wrong: {wrong:#?}",
        pictures.len()
    );
    assert!(
        10 * right >= 9 * pictures.len(),
        "{right} of {}: {wrong:#?}",
        pictures.len()
    );
}

/// The first picture of this kind, in a file.
fn file_of(kind: &str, dir: &std::path::Path) -> (Drawn, std::path::PathBuf) {
    let pictures = set(1, datasets::Seed(1));
    let drawn = pictures
        .into_iter()
        .find(|drawn| drawn.kind == kind)
        .expect("a kind");
    let path = dir.join(&drawn.name);
    fs::write(&path, &drawn.bytes).expect("a file");
    (drawn, path)
}

#[test]
fn an_object_holds_all_that_is_known_of_a_picture() {
    let dir = tempfile::tempdir().expect("a folder");
    let (drawn, path) = file_of("plain", dir.path());
    let output = succeed(&["predict", text(&path), "--model", "mnist", "--json"]);
    let answers = lines(&output);
    let answer = &answers[0];
    let Right::Class(class) = drawn.right else {
        panic!("a digit");
    };
    assert_eq!(answer["file"], text(&path));
    assert_eq!(answer["class"], class);
    assert_eq!(answer["class_name"], class.to_string());
    assert_eq!(answer["image_class"], class);
    assert_eq!(answer["refused"], Value::Null);
    assert_eq!(answer["warnings"], serde_json::json!([]));
    assert_eq!(answer["latent"].as_array().map(Vec::len), Some(32));
    assert_eq!(answer["top"].as_array().map(Vec::len), Some(5));
    assert_eq!(answer["top"][0]["class"], class);
    for (key, most) in [
        ("confidence", 1.0),
        ("density_percentile", 100.0),
        ("drift_percentile", 100.0),
        ("squared_error", 1.0),
    ] {
        let value = answer[key].as_f64().expect(key);
        assert!((0.0..=most).contains(&value), "{key}: {value}");
    }
}

#[test]
fn a_refused_picture_does_not_stop_the_rest() {
    let dir = tempfile::tempdir().expect("a folder");
    let (_, cut) = file_of("cut", dir.path());
    let (_, plain) = file_of("plain", dir.path());
    let missing = dir.path().join("missing.png");
    let images = [text(&cut), text(&missing), text(&plain)];
    let [cut, missing, plain] = images;
    let output = latent_lens(&["predict", cut, missing, plain, "--model", "mnist", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("2 of 3 pictures were refused"),
        "{}",
        stderr(&output)
    );
    let answers = lines(&output);
    assert_eq!(answers.len(), 3);
    let reason = answers[0]["refused"].as_str().expect("a reason");
    assert!(reason.contains("broke off"), "{reason}");
    assert_eq!(answers[0]["class"], Value::Null);
    assert!(
        answers[1]["refused"]
            .as_str()
            .expect("a reason")
            .contains("missing.png")
    );
    assert_eq!(answers[2]["refused"], Value::Null);

    let output = latent_lens(&["predict", cut, plain, "--model", "mnist"]);
    let text = stdout(&output);
    assert!(
        text.contains("refused: ") && text.contains("looks like "),
        "{text}"
    );
}

#[test]
fn the_pictures_that_are_written_say_what_was_seen() {
    let dir = tempfile::tempdir().expect("a folder");
    let (_, path) = file_of("plain", dir.path());
    let again = dir.path().join("again");
    fs::create_dir(&again).expect("a folder");
    let other = again.join(path.file_name().expect("a name"));
    fs::copy(&path, &other).expect("a copy");
    let out = dir.path().join("out");
    let images = [text(&path), text(&other)];
    succeed(&[
        "predict",
        images[0],
        images[1],
        "--model",
        "mnist",
        "--out",
        text(&out),
    ]);
    let names: Vec<String> = contents(&out)
        .iter()
        .map(|(path, _)| {
            path.file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        names,
        [
            "plain-0-2.evidence.png",
            "plain-0-2.prepared.png",
            "plain-0-2.reconstruction.png",
            "plain-0.evidence.png",
            "plain-0.prepared.png",
            "plain-0.reconstruction.png",
        ]
    );
    // 28 pixels, eight times as large; the reconstruction can be drawn again from its latent.
    let (size, recipe) = read_png(&out.join("plain-0.reconstruction.png"));
    assert_eq!(size, (224, 224));
    assert_eq!(recipe["latent"].as_array().map(Vec::len), Some(32));
    let prepared = image::open(out.join("plain-0.prepared.png"))
        .expect("a picture")
        .to_luma8();
    assert_eq!(
        (prepared.dimensions(), prepared.get_pixel(0, 0)[0]),
        ((224, 224), 0)
    );
}

#[test]
fn a_model_of_faces_takes_a_picture_in_colour() {
    let dir = tempfile::tempdir().expect("a folder");
    let faces = datasets::sample(datasets::KnownDataset::Avatars);
    let bytes: Vec<u8> = faces.image(0).to_rgb().concat();
    let face = image::RgbImage::from_raw(64, 64, bytes).expect("a face");
    let path = dir.path().join("face.png");
    face.save(&path).expect("a file");
    let output = succeed(&["predict", text(&path), "--model", "avatars", "--json"]);
    let answers = lines(&output);
    assert_eq!(answers[0]["image_class"], 0, "the first style, as labelled");
}
