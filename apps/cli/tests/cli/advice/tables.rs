//! Advice about tables of labels.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{
    Given,
    pictures::{folder, picture, run},
    run_printed,
};
use crate::{arguments::evaluate, stdout, succeed, text};

/// Twenty pictures, and a table of them outside of their folder.
fn with_table(rows: impl Fn(u8) -> String) -> (TempDir, PathBuf, PathBuf) {
    let (dir, data) = folder(&[("", 20)]);
    let table = dir.path().join("my labels.csv");
    let lines: String = (0..20).map(rows).collect();
    fs::write(&table, format!("file,kind,tall\n{lines}")).expect("a table");
    (dir, data, table)
}

fn usual(number: u8) -> String {
    format!("{number:03}.png,k{},{}\n", number % 2, number / 10)
}

fn labels<'a>(table: &'a Path, column: &'a str) -> [&'a str; 4] {
    ["--labels", text(table), "--label-column", column]
}

#[test]
fn a_table_is_corrected_where_it_says() {
    let (_dir, data, table) = with_table(usual);
    let good = fs::read_to_string(&table).expect("a table");
    let given = run("vae", &data, &labels(&table, "kind"));
    let quoted = good.replacen("k1", "\"k1", 1);
    for (wrong, expected) in [
        (quoted, "close it"),
        (
            good.replacen("kind", "tall", 1),
            "give one of them another name",
        ),
        (good.replacen("k1", "k1,more", 1), "make them as many"),
        ("file,kind\n".to_owned(), "a row for each picture"),
        (good.replacen("k1", &"k".repeat(300), 1), "shorten it"),
    ] {
        fs::write(&table, wrong).expect("a table");
        given.fails(&["my labels.csv, line", expected]);
    }
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(good.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(&table, utf16).expect("a table");
    let advice = given.fails(&["save it as CSV in UTF-8"]);
    fs::write(&table, &good).expect("a table");
    advice.again();
}

#[test]
fn a_column_is_chosen_from_those_that_are_named() {
    let (_dir, data, table) = with_table(usual);
    let advice = run("vae", &data, &labels(&table, "colour")).fails(&["choose from"]);
    let (_, columns) = advice.message.split_once("choose from ").expect("a list");
    let columns = columns.lines().next().unwrap_or_default().split(", ");
    let columns: Vec<&str> = columns.map(|name| name.trim_matches('\'')).collect();
    assert_eq!(columns, ["file", "kind", "tall"]);
    advice
        .given
        .with(&["--label-column", columns[1]])
        .succeeds();
}

#[test]
fn rows_and_pictures_without_counterpart_are_left_out() {
    let (_dir, data, table) = with_table(usual);
    picture(&data.join("new.png"), 90);
    let advice = run("vae", &data, &labels(&table, "kind")).fails(&["correct the table"]);
    advice.take(&["--skip-unmatched"]);
    fs::remove_file(data.join("new.png")).expect("a picture");
    advice.given.with(&["--force"]).succeeds();
}

/// A table elsewhere is not found by the folder of the pictures, so the command that measures names it.
#[test]
fn the_command_that_comes_next_names_a_table_that_lies_elsewhere() {
    let (_dir, data, table) = with_table(usual);
    let output = succeed(&run("vae", &data, &labels(&table, "kind")).args());
    let (code, told) = run_printed(&stdout(&output));
    assert_eq!(code, Some(0), "{told}");
    let model = data.with_file_name("model");
    let only = ["--only", "reconstruction_mse"];
    let advice =
        Given::new(&evaluate(&model, &data, &only)).fails(&["name the table with --labels"]);
    advice.take(&["--labels", text(&table)]);
}

#[test]
fn what_is_named_as_a_table_and_is_none_is_told_apart() {
    let (dir, data, table) = with_table(usual);
    let huge = dir.path().join("huge.csv");
    let file = fs::File::create(&huge).expect("a file");
    file.set_len((256 << 20) + 1).expect("a file with a hole");
    let given = run("vae", &data, &labels(&table, "kind"));
    for (wrong, expected) in [
        (data.as_path(), "it is a folder, not a file; name a file"),
        (&huge, "is it the file that you meant?"),
        (&dir.path().join("nothing.csv"), "check that it exists"),
    ] {
        given.with(&["--labels", text(wrong)]).fails(&[expected]);
    }
}
