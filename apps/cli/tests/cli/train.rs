//! `latent-lens train` on a model that is there already: its regions again, and a part in place of another.

use std::fs;

use serde_json::json;

use crate::{
    arguments::render,
    contents, copy_of,
    digits::{train_classifier, train_vae, trained},
    fail, json, latent_lens, one_file, stderr, stdout, succeed, text,
};

#[test]
fn regions_are_fitted_again_without_training() {
    let (_dir, model) = copy_of(&trained().model);
    let weights = || fs::read(one_file(&model, "vae-")).expect("weights");
    let manifest = || fs::read(model.join("manifest.ron")).expect("a manifest");
    let (weights_before, manifest_before) = (weights(), manifest());
    let args = [
        "train",
        "regions",
        "--device",
        "cpu",
        "--model",
        text(&model),
        "--data",
        text(&trained().data),
        "--components",
        "1",
        "--seed",
        "4",
        "--json",
    ];
    let found = json(&succeed(&args));
    let (all, typical) = (found["images"].as_u64(), found["typical_images"].as_u64());
    assert!(typical <= all && typical > Some(0), "{found}");
    assert_eq!(weights_before, weights());
    assert_ne!(manifest_before, manifest());
    assert_eq!(found["typical"], json!([]), "nothing was chosen");
    let mut shipped = args;
    shipped[5] = "mnist";
    fail(&shipped, &["inside the program", "--model"]);
}

#[test]
fn thresholds_of_typical_images_are_chosen_class_by_class() {
    let (_dir, model) = copy_of(&trained().model);
    let (model, data) = (text(&model), text(&trained().data));
    let fit = |typical| {
        let folders = ["--model", model, "--data", data, "--components", "1"];
        let args = ["train", "regions", "--device", "cpu", "--typical", typical];
        [args.as_slice(), &folders].concat()
    };
    let refused = latent_lens(&fit("1.5"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("in 0..1, or 'auto'"));
    let printed = stdout(&succeed(&fit("auto")));
    let heading = printed.lines().next().unwrap_or_default();
    for word in ["class", "threshold", "images", "held out"] {
        assert!(heading.contains(word), "{printed}");
    }
    let found = json(&succeed(&[fit("auto").as_slice(), &["--json"]].concat()));
    let choices = found["typical"].as_array().expect("a list");
    assert_eq!(choices.len(), 10, "{found}");
    let sum = |name: &str| -> u64 {
        let counts = choices.iter().filter_map(|choice| choice[name].as_u64());
        counts.sum()
    };
    assert_eq!(Some(sum("images")), found["typical_images"].as_u64());
    assert!(
        sum("right") <= sum("held_out") && sum("held_out") > 0,
        "{found}"
    );
}

#[test]
fn a_finished_part_is_replaced_only_on_request() {
    let (dir, model) = copy_of(&trained().model);
    let before = contents(&model);
    let data = &trained().data;
    fail(
        &train_vae(data, &model, &["--epochs", "1"]),
        &[text(&model), "--force"],
    );
    fail(
        &train_classifier(data, &model, &["--epochs", "1"]),
        &[text(&model), "--force"],
    );
    assert!(
        contents(&model) == before,
        "a refused run changed the model"
    );
    let result = json(&succeed(&train_vae(
        data,
        &model,
        &["--epochs", "1", "--force", "--json"],
    )));
    assert_eq!(result["network"], "vae");
    assert_eq!(
        result["history"].as_array().map(Vec::len),
        Some(1),
        "{result}"
    );
    assert!(contents(&model) != before, "the new VAE is not there");
    // The other part is still there and fits.
    let out = dir.path().join("x.png");
    succeed(&render("cam", text(&model), &out, &[]));
}
