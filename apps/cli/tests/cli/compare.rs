//! `latent-lens compare`: models of one data set side by side.

use serde_json::Value;
use studio::{Manifest, ModelSource};

use crate::{
    arguments::train,
    command, fail, json,
    kinds::{COLOUR, ODD, trained},
    stderr, stdout, succeed, text,
};

fn compare<'a>(models: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [&["compare", "--device", "cpu"], models, more].concat()
}

#[test]
fn models_stand_side_by_side_by_the_same_figures() {
    let dir = tempfile::tempdir().expect("a folder");
    let other = dir.path().join("other");
    let small = [
        "--width",
        "2",
        "--latent-dim",
        "4",
        "--epochs",
        "2",
        "--prior",
        "normal",
    ];
    succeed(&train("vae", &trained(&COLOUR).data, &other, &small));
    let models = [text(&trained(&COLOUR).model), text(&other)];
    let data = ["--data", text(&trained(&COLOUR).data)];
    let only = [
        "--only",
        "reconstruction_mse,linear_probe,classifier_accuracy",
    ];
    let measured = [&data[..], &only].concat();

    let output = succeed(&compare(&models, &[&measured[..], &["--json"]].concat()));
    let compared = json(&output);
    assert_eq!(compared["domain"], COLOUR.name);
    let columns = compared["models"].as_array().expect("a list");
    let names = |column: &Value| -> Vec<String> {
        let figures = column["figures"].as_array().expect("a list");
        let names = figures.iter().map(|figure| figure["name"].as_str());
        names.map(|name| name.expect("text").to_owned()).collect()
    };
    // In the order of their declarations; who has no judge has no accuracy.
    assert_eq!(
        names(&columns[0]),
        ["classifier_accuracy", "reconstruction_mse", "linear_probe"]
    );
    assert_eq!(names(&columns[1]), ["reconstruction_mse", "linear_probe"]);
    assert_eq!(columns[1]["family"], "vae");
    assert_eq!(columns[1]["labels_used"], false);
    for column in columns {
        assert!(column["sample_ms"].as_f64() > Some(0.0), "{column}");
        assert!(column["parameters"].as_u64() > Some(0));
    }
    // 24 pictures of each of three classes: a fifth is for testing, a tenth is held out, and the rest was seen twice.
    let manifest = Manifest::read(&ModelSource::Folder(other.clone())).expect("it is sound");
    let record = manifest.generator.expect("it was trained").training;
    assert!((40..72).contains(&record.images), "{}", record.images);
    assert_eq!(columns[1]["images_seen"], 2 * record.images);
    let told = stderr(&output);
    assert!(told.contains("judged by different classifiers"), "{told}");

    let table = stdout(&succeed(&compare(&models, &measured)));
    let line = |name: &str| {
        let found = table.lines().find(|line| line.starts_with(name));
        found
            .unwrap_or_else(|| panic!("{name} is not in\n{table}"))
            .to_owned()
    };
    assert!(line("family").ends_with(" vae"));
    assert!(line("linear_probe").contains(" .. "));
}

#[test]
fn reports_alone_are_compared_without_data() {
    let output = succeed(&compare(
        &["fashion-mnist", "fashion-mnist-plain"],
        &["--only", "anchored_agreement", "--json"],
    ));
    let compared = json(&output);
    let values: Vec<&Value> = [0, 1]
        .map(|i| &compared["models"][i]["figures"][0]["value"])
        .to_vec();
    // Each column has its own report's figure.
    assert!(values[0].as_f64() > Some(0.9) && values[1].as_f64() < Some(0.9));
    assert!(stderr(&output).contains("--data DIR measures them"));
}

#[test]
fn models_of_other_images_do_not_compare() {
    let colour = text(&trained(&COLOUR).model);
    let odd = text(&trained(&ODD).model);
    fail(
        &compare(&[colour, odd], &[]),
        &["3x32x32", "3x20x32", "compare models of one data set"],
    );
    fail(
        &compare(&["mnist", "fashion-mnist"], &[]),
        &["MNIST", "compare models of one data set"],
    );
    fail(
        &compare(&["mnist", "mnist"], &["--only", "beauty"]),
        &["beauty", "ece"],
    );
    // One model alone is no comparison: what every command says of arguments that are missing.
    let alone = command(&compare(&["mnist"], &[])).output();
    let alone = alone.expect("it runs");
    assert_eq!(alone.status.code(), Some(2));
}
