//! A GAN and a diffusion, from training to samples and figures, and what is refused.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    arguments::{evaluate, generate, render, render_again, train},
    copy_of, fail, json as printed,
    kinds::{COLOUR, trained},
    read_png, succeed, text,
};

const GAN: &str = "(model: (latent_dim: 4, channels: [4, 8, 8], blocks: 1))";
const DIFFUSION: &str = "(model: (channels: [8, 16], embedding: 8, patch: 4, attention: true, conditional: true, \
                         from_picture: false, noise: 0.5))";

/// A small model of this family in place of the VAE of a judged model.
fn model(family: &str, settings: &str) -> (TempDir, PathBuf) {
    let (dir, model) = copy_of(&trained(&COLOUR).model);
    let file = dir.path().join("settings.ron");
    fs::write(&file, settings).expect("a file");
    let data = &trained(&COLOUR).data;
    let options = [
        "--config",
        text(&file),
        "--epochs",
        "2",
        "--batch-size",
        "8",
    ];
    // It has a VAE already, which only --force replaces.
    fail(
        &train(family, data, &model, &options),
        &["(class-centres)", "--force"],
    );
    let forced = [&options[..], &["--force", "--json"]].concat();
    let result = printed(&succeed(&train(family, data, &model, &forced)));
    assert_eq!(result["network"], family);
    assert_eq!(result["epochs"], 2);
    (dir, model)
}

fn listed(model: &Path) -> serde_json::Value {
    let listed = printed(&succeed(&["models", "--json", text(model)]));
    let rows = listed.as_array().expect("a list");
    rows.last().expect("the folder comes last").clone()
}

/// Two images a class, as a folder of pictures.
fn samples(model: &Path, out: &Path, more: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    succeed(&generate(text(model), "6", out, more));
    let mut found = crate::contents(out);
    found.retain(|(path, _)| path.extension().is_some_and(|end| end == "png"));
    assert_eq!(found.len(), 6);
    found
}

#[test]
fn a_gan_is_trained_listed_sampled_and_measured() {
    let (dir, model) = model("gan", GAN);
    let row = listed(&model);
    assert_eq!(
        (&row["family"], &row["labels_used"]),
        (&"gan".into(), &true.into())
    );
    samples(&model, &dir.path().join("samples"), &[]);
    let data = &trained(&COLOUR).data;
    let only = ["--only", "anchored_agreement,prior_confidence", "--json"];
    let report = printed(&succeed(&evaluate(&model, data, &only)));
    let figures = report["figures"].as_array().expect("figures");
    assert!(figures.iter().all(|figure| figure["value"].is_number()));
    fail(
        &evaluate(&model, data, &["--only", "reconstruction_mse"]),
        &["reconstruction_mse", "no encoder"],
    );
    // Neither a refiner nor regions go with it, and it takes no steps.
    let out = dir.path().join("refined");
    fail(
        &train("refiner", data, &out, &["--from", text(&model)]),
        &["no VAE"],
    );
    fail(
        &[
            "train",
            "regions",
            "--model",
            text(&model),
            "--data",
            text(data),
        ],
        &["no VAE", "N(0, I)"],
    );
    let picture = dir.path().join("image.png");
    fail(
        &render("latent", text(&model), &picture, &["--flow-steps", "2"]),
        &["--flow-steps"],
    );
}

#[test]
fn a_diffusion_is_trained_listed_sampled_and_drawn_again() {
    let (dir, model) = model("diffusion", DIFFUSION);
    let row = listed(&model);
    assert_eq!(row["family"], "diffusion");
    let first = samples(&model, &dir.path().join("samples"), &["--flow-steps", "2"]);
    let again = samples(&model, &dir.path().join("again"), &["--flow-steps", "2"]);
    let bytes = |found: &[(PathBuf, Vec<u8>)]| -> Vec<Vec<u8>> {
        found.iter().map(|(_, bytes)| bytes.clone()).collect()
    };
    assert_eq!(bytes(&first), bytes(&again));
    let guided = ["--flow-steps", "2", "--guidance", "4"];
    let guided = samples(&model, &dir.path().join("guided"), &guided);
    assert_ne!(bytes(&first), bytes(&guided));

    let picture = dir.path().join("image.png");
    let options = [
        "--anchor",
        "cross",
        "--flow-steps",
        "3",
        "--guidance",
        "2",
        "--detail-seed",
        "7",
    ];
    succeed(&render("latent", text(&model), &picture, &options));
    let (_, recipe) = read_png(&picture);
    let expected = serde_json::json!({ "steps": 3, "guidance": 2.0, "seed": 7 });
    assert_eq!(recipe["sampler"], expected);
    let drawn_again = dir.path().join("again.png");
    succeed(&render_again(
        &picture,
        &drawn_again,
        &["--model", text(&model)],
    ));
    assert_eq!(
        fs::read(&picture).expect("it is there"),
        fs::read(&drawn_again).expect("it is there")
    );

    for (options, words) in [
        (["--flow-steps", "0"], ["--flow-steps 0", "1 to 64"]),
        (["--guidance", "11"], ["--guidance 11", "0 to 10"]),
    ] {
        fail(&render("latent", text(&model), &picture, &options), &words);
    }
    // Its training goes on from where it was.
    let further = dir.path().join("further");
    let data = &trained(&COLOUR).data;
    let options = [
        "--from",
        text(&model),
        "--epochs",
        "1",
        "--batch-size",
        "8",
        "--json",
    ];
    let result = printed(&succeed(&train("diffusion", data, &further, &options)));
    assert_eq!(result["epochs"], 3);
    fail(
        &train(
            "diffusion",
            data,
            &dir.path().join("other"),
            &["--from", "mnist"],
        ),
        &["mnist", "no diffusion"],
    );
}
