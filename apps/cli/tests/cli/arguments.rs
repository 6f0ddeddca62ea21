//! The arguments of commands that many tests give, computing on the CPU; each test adds its own.

use std::path::Path;

use crate::text;

/// Fetches a data set.
pub fn fetch<'a>(dataset: &'a str, into: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["fetch", "--dataset", dataset, "--into", text(into)];
    [&fixed[..], more].concat()
}

/// Trains a network of a model on a folder of pictures.
pub fn train<'a>(
    network: &'a str,
    data: &'a Path,
    out: &'a Path,
    more: &[&'a str],
) -> Vec<&'a str> {
    let fixed = ["train", network, "--dataset", "folder", "--device", "cpu"];
    let named = ["--data", text(data), "--out", text(out)];
    [&fixed[..], &named, more].concat()
}

/// Measures a model.
pub fn evaluate<'a>(model: &'a Path, data: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["evaluate", "--device", "cpu"];
    let named = ["--model", text(model), "--data", text(data)];
    [&fixed[..], &named, more].concat()
}

/// Draws a picture of a model.
pub fn render<'a>(what: &'a str, model: &'a str, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["render", what, "--device", "cpu"];
    let named = ["--model", model, "--out", text(out)];
    [&fixed[..], &named, more].concat()
}

/// Draws a picture again from the recipe in its file.
pub fn render_again<'a>(saved: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["render", "again", text(saved), "--device", "cpu"];
    [&fixed[..], &["--out", text(out)], more].concat()
}

/// Writes images that a model draws.
pub fn generate<'a>(
    model: &'a str,
    count: &'a str,
    out: &'a Path,
    more: &[&'a str],
) -> Vec<&'a str> {
    let fixed = ["generate", "--device", "cpu", "--model", model];
    let named = ["--count", count, "--out", text(out)];
    [&fixed[..], &named, more].concat()
}
