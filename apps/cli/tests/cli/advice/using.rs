//! Advice about models and what is made from them.

use std::fs;

use super::Given;
use crate::{
    arguments::{evaluate, generate, render, train},
    copy_of,
    digits::{train_classifier, train_vae, trained},
    kinds, stdout, succeed, text,
};

#[test]
fn options_that_a_model_has_no_use_for_are_left_out() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    for option in [
        ["--flow-steps", "2"],
        ["--guidance", "2"],
        ["--condition", "1"],
    ] {
        let kind = if option[0] == "--condition" {
            "cam"
        } else {
            "latent"
        };
        let args = render(kind, "mnist", &out, &option);
        Given::new(&args).fails(&[option[0]]).leave_out(option[0]);
    }
    let picture = dir.path().join("picture.png");
    succeed(&render("latent", "avatars", &picture, &[]));
    let args = [
        "predict",
        text(&picture),
        "--model",
        "avatars",
        "--device",
        "cpu",
        "--threshold",
        "0.5",
    ];
    let advice = Given::new(&args).fails(&["leave it out"]);
    advice.given.without("--threshold").succeeds();
}

#[test]
fn what_is_out_of_range_is_brought_into_the_range_that_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("x.png");
    let model = text(&trained().model);
    let advice = Given::new(&render("latent", model, &out, &["--latent", "0,1,2,3,4"]));
    let advice = advice.fails(&["but this model has 4", "leave some out"]);
    advice.given.with(&["--latent", "0,1,2,3"]).succeeds();
    let advice = Given::new(&render("latent", model, &out, &["--anchor", "ten"]));
    let advice = advice.fails(&["choose one of 0, 1"]);
    advice.given.with(&["--anchor", "1"]).succeeds();
    let advice = Given::new(&render("traversal", model, &out, &["--dim", "4"]));
    let advice = advice.fails(&["0 to 3"]);
    advice.given.with(&["--dim", "3"]).succeeds();
    let advice = Given::new(&render(
        "latent",
        "fashion-mnist-refined",
        &out,
        &["--flow-steps", "1000"],
    ));
    let advice = advice.fails(&["give 0 to"]);
    advice.given.with(&["--flow-steps", "1"]).succeeds();
}

#[test]
fn a_picture_goes_where_it_can() {
    let dir = tempfile::tempdir().expect("a folder");
    let good = dir.path().join("x.png");
    for (place, expected) in [
        (dir.path().to_owned(), "picture.png"),
        (dir.path().join("x.jpg"), "name one with --out"),
        (dir.path().join("no/x.png"), "a folder that exists"),
    ] {
        let args = render("latent", "mnist", &place, &[]);
        let advice = Given::new(&args).fails(&[expected, "--out"]);
        advice.take(&["--out", text(&good)]);
    }
    let folder = dir.path().join("picture.png");
    assert!(!folder.exists());
    succeed(&render("latent", "mnist", &folder, &[]));
}

#[test]
fn what_is_inside_the_program_is_changed_in_a_folder() {
    let (_dir, model) = copy_of(&trained().model);
    let data = text(&trained().data);
    let regions = [
        "train", "regions", "--device", "cpu", "--model", "mnist", "--data", data,
    ];
    let write = [
        "evaluate", "--device", "cpu", "--model", "mnist", "--data", data, "--write",
    ];
    let judges = [
        "judges",
        "--model",
        "mnist",
        "--from",
        text(&trained().model),
    ];
    for args in [&regions[..], &write, &judges] {
        let advice = Given::new(args).fails(&["inside the program", "--model"]);
        let advice = advice.given.with(&["--model", text(&model)]);
        let only: &[&str] = if args == write {
            &["--only", "active_units"]
        } else {
            &[]
        };
        Given([&advice.0[..], &Given::new(only).0].concat()).succeeds();
    }
}

#[test]
fn a_model_without_a_classifier_gets_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let (model, out) = (dir.path().join("model"), dir.path().join("x.png"));
    let data = &trained().data;
    succeed(&train_vae(data, &model, &["--epochs", "1"]));
    let advice = Given::new(&render("cam", text(&model), &out, &[]));
    let advice = advice.fails(&["`latent-lens train classifier`", "--judge"]);
    advice.take(&["--judge", text(&trained().model)]);
    succeed(&train_classifier(data, &model, &["--epochs", "1"]));
    advice.again();
}

#[test]
fn figures_are_chosen_from_those_that_there_are() {
    let model = &trained().model;
    let args = evaluate(model, &trained().data, &["--only", "beauty"]);
    let advice = Given::new(&args).fails(&["choose from"]);
    let (_, names) = advice.message.split_once("choose from ").expect("a list");
    let known: Vec<&str> = names.trim().split(", ").collect();
    assert!(known.contains(&"reconstruction_mse"), "{names}");
    advice
        .given
        .with(&["--only", "reconstruction_mse"])
        .succeeds();
    let args = ["evaluate", "--model", "nobody", "--data", "x"];
    let output = crate::latent_lens(&args);
    let told = crate::stderr(&output);
    assert!(told.contains("a shipped one (mnist-plain, "), "{told}");
}

#[test]
fn images_of_another_run_are_completed_replaced_or_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let (out, other) = (dir.path().join("my images"), dir.path().join("other"));
    succeed(&generate("mnist", "12", &out, &["--force"]));
    fs::remove_file(out.join("3/0000000.png")).expect("a picture");
    let advice = Given::new(&generate("mnist", "13", &out, &[]));
    let advice = advice.fails(&["the images of another run"]);
    advice.run();
    assert!(out.join("3/0000000.png").exists());
    advice.take(&["--out", text(&other)]);
    advice.take(&["--force"]);
    let foreign = dir.path().join("foreign");
    fs::create_dir(&foreign).expect("a folder");
    fs::write(foreign.join("mine.txt"), "mine").expect("a file");
    let advice = Given::new(&generate("mnist", "1", &foreign, &[]));
    let advice = advice.fails(&["choose an empty folder or a new one"]);
    advice.take(&["--out", text(&dir.path().join("new"))]);
    let file = dir.path().join("x.idx");
    fs::write(&file, "mine").expect("a file");
    let advice =
        Given::new(&generate("mnist", "1", &file, &[])).fails(&["replace it with --force"]);
    advice.take(&["--force"]);
}

#[test]
fn pictures_are_drawn_again_by_the_model_that_drew_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let (first, again) = (dir.path().join("first.png"), dir.path().join("again.png"));
    let (_copy, model) = copy_of(&trained().model);
    succeed(&render("latent", text(&model), &first, &[]));
    let args = [
        "render",
        "again",
        text(&first),
        "--out",
        text(&again),
        "--device",
        "cpu",
        "--model",
        "mnist",
    ];
    let advice = Given::new(&args).fails(&["pass the folder of that one with --model"]);
    advice.take(&["--model", text(&model)]);
    let plain = dir.path().join("plain.png");
    image::GrayImage::new(8, 8).save(&plain).expect("a picture");
    let args = ["render", "again", text(&plain), "--out", text(&again)];
    let advice =
        Given::new(&args).fails(&["name a PNG file that `latent-lens render` or the window wrote"]);
    let args = advice.given.0.iter().map(|arg| {
        if arg == text(&plain) {
            text(&first)
        } else {
            arg
        }
    });
    let args: Vec<&str> = args
        .chain(["--model", text(&model), "--device", "cpu"])
        .collect();
    succeed(&args);
}

#[test]
fn models_are_compared_with_those_of_their_data_set_and_gone_on_from_by_their_kind() {
    let args = ["compare", "mnist", "fashion-mnist", "--device", "cpu"];
    Given::new(&args).fails(&["compare models of one data set"]);
    let told = stdout(&succeed(&[
        "compare",
        "mnist",
        "mnist-plain",
        "--device",
        "cpu",
    ]));
    assert!(told.contains("mnist-plain"), "{told}");
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("model");
    let data = &kinds::trained(&kinds::COLOUR).data;
    for (network, expected) in [
        ("conditional", "`latent-lens train vae`"),
        ("joint", "`latent-lens train vae`"),
    ] {
        let from = [
            "--from",
            text(&kinds::trained(&kinds::COLOUR).model),
            "--epochs",
            "1",
        ];
        Given::new(&train(network, data, &out, &from)).fails(&[expected]);
        let out = dir.path().join(format!("after-{network}"));
        succeed(&train("vae", data, &out, &from));
    }
}
