//! A second judge: trained into a model, and asked as well when something is measured.

use studio::{Manifest, ModelSource};

use crate::{
    arguments::{evaluate, train},
    copy_of, fail, json,
    kinds::{COLOUR, ONE_CLASS, trained},
    succeed, text,
};

#[test]
fn a_second_judge_joins_a_model_and_is_asked_as_well() {
    let (_dir, model) = copy_of(&trained(&COLOUR).model);
    let data = &trained(&COLOUR).data;
    let manifest = || Manifest::read(&ModelSource::Folder(model.clone())).expect("it is sound");
    let before = manifest();
    let only = [
        "--only",
        "second_judge_accuracy,second_anchored_agreement",
        "--json",
    ];
    fail(
        &evaluate(&model, data, &only),
        &["there is no second judge"],
    );

    let small = ["--width", "2", "--epochs", "1", "--json"];
    let told = json(&succeed(&train("judge", data, &model, &small)));
    assert_eq!(
        (&told["network"], &told["seed"]),
        (&"judge".into(), &1.into())
    );
    let after = manifest();
    assert_eq!(after.model_sha256(), before.model_sha256());
    assert_eq!(after.report, before.report);
    let part = after.second_judge.expect("it was trained");
    assert_eq!((part.config.width, part.config.classes), (2, 3));

    let report = json(&succeed(&evaluate(&model, data, &only)));
    let figures = report["figures"].as_array().expect("a list");
    assert_eq!(figures.len(), 2);
    assert!(
        figures
            .iter()
            .all(|figure| figure["second_judge"].is_string())
    );
    // It is there already, and stays unless it is to be replaced.
    fail(
        &train("judge", data, &model, &small),
        &["already has a finished judge", "--force"],
    );
}

#[test]
fn a_judge_needs_classes_to_tell_apart() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = ONE_CLASS.write(dir.path());
    let out = dir.path().join("model");
    fail(
        &train("judge", &data, &out, &[]),
        &[text(&data), "two classes"],
    );
    assert!(!out.exists());
}

#[test]
fn a_model_gets_the_judges_of_another_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let model = dir.path().join("unjudged");
    let data = &trained(&COLOUR).data;
    let small = ["--width", "2", "--latent-dim", "4", "--epochs", "1"];
    succeed(&train("vae", data, &model, &small));
    let (_copy, judge) = copy_of(&trained(&COLOUR).model);
    succeed(&train(
        "judge",
        data,
        &judge,
        &["--width", "2", "--epochs", "1"],
    ));
    succeed(&["judges", "--model", text(&model), "--from", text(&judge)]);
    let read = |folder: &std::path::Path| {
        Manifest::read(&ModelSource::Folder(folder.to_owned())).expect("it is sound")
    };
    let (own, lent) = (read(&judge), read(&model));
    assert_eq!(lent.classifier, own.classifier);
    assert_eq!(lent.second_judge, own.second_judge);
    fail(
        &["judges", "--model", text(&model), "--from", "mnist"],
        &["cannot judge", "1x28x28"],
    );
    fail(
        &["judges", "--model", "mnist", "--from", "fashion-mnist"],
        &["inside the program", "--model"],
    );
}
