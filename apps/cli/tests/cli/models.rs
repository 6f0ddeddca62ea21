//! `latent-lens models`: what is listed of every model.

use std::fs;

use serde_json::json;

use crate::{
    copy_of, fail, json as printed,
    kinds::{COLOUR, Kind, Trained, trained},
    latent_lens, stderr, stdout, succeed, text,
};

/// It says what a model of pictures is.
pub fn lists(kind: &Kind, trained: &Trained) {
    let listed = printed(&succeed(&["models", "--json", text(&trained.model)]));
    let row = listed.as_array().and_then(|rows| rows.last());
    let row = row.expect("the folder comes last");
    let family = if kind.classes.is_empty() {
        "vae"
    } else {
        "class-centres"
    };
    let expected = json!({
        "name": text(&trained.model),
        "domain": kind.name,
        "family": family,
        "shape": kind.shape(),
        "classes": kind.classes.len(),
        "labels_used": !kind.classes.is_empty(),
        "figures": [],
    });
    assert_eq!(*row, expected);
    let table = stdout(&succeed(&["models", text(&trained.model)]));
    assert!(table.contains(kind.name), "{table}");
}

#[test]
fn every_shipped_model_is_listed_with_what_it_is() {
    let listed = printed(&succeed(&["models", "--json"]));
    let rows = listed.as_array().expect("a list");
    let names: Vec<&str> = rows
        .iter()
        .map(|row| row["name"].as_str().expect("text"))
        .collect();
    let shipped: Vec<&str> = studio::ShippedModel::all()
        .map(studio::ShippedModel::name)
        .collect();
    assert_eq!(names, shipped);
    for row in rows {
        let keys: Vec<&String> = row.as_object().expect("an object").keys().collect();
        let expected = [
            "classes",
            "domain",
            "family",
            "figures",
            "labels_used",
            "name",
            "shape",
        ];
        assert_eq!(keys, expected);
        assert!(
            !row["figures"].as_array().expect("a list").is_empty(),
            "{row}"
        );
    }
    assert_eq!(
        (&rows[0]["shape"], &rows[0]["classes"]),
        (&json!([1, 28, 28]), &json!(10))
    );
    let nowhere = latent_lens(&["models", "no-such-folder"]);
    assert!(
        stderr(&nowhere).contains("name another folder"),
        "{}",
        stderr(&nowhere)
    );
}

#[test]
fn a_damaged_model_does_not_hide_the_others() {
    let (dir, model) = copy_of(&trained(&COLOUR).model);
    let broken = dir.path().join("broken");
    fs::create_dir(&broken).expect("a folder");
    fs::write(broken.join("manifest.ron"), "no manifest").expect("a file");
    let args = ["models", "--json", text(dir.path())];
    let message = fail(
        &args,
        &["1 of", "cannot be opened", text(&broken), "Restore"],
    );
    assert!(!message.contains(text(&model)), "{message}");
    let listed = printed(&latent_lens(&args));
    let rows = listed.as_array().expect("a list");
    let [.., damaged, whole] = &rows[..] else {
        panic!("{listed}")
    };
    assert_eq!(damaged["name"], text(&broken));
    let error = damaged["error"].as_str().expect("a reason");
    assert!(error.contains("manifest.ron"), "{error}");
    assert_eq!(
        damaged.as_object().map(serde_json::Map::len),
        Some(2),
        "{damaged}"
    );
    assert_eq!(whole["name"], text(&model));
    assert!(whole.get("error").is_none() && whole["shape"].is_array());
    let table = stdout(&latent_lens(&["models", text(dir.path())]));
    let row = table.lines().find(|line| line.starts_with(text(&broken)));
    let row = row.expect("it has a row");
    assert!(row.ends_with("cannot be opened"), "{row}");
}
