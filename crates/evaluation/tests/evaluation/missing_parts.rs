//! Models without classes, or without a classifier.

use datasets::Splits;
use evaluation::{evaluate, measures};

use crate::support::{bundle_with, info, studio_of, unlabelled_bundle, vae_config};
use crate::{only, splits};

#[test]
fn without_classes_only_figures_of_images_are_measured_and_others_say_why() {
    let studio = studio_of(unlabelled_bundle());
    let whole = splits();
    let data = Splits {
        train: whole.train.without_labels(),
        held_out: whole.held_out.without_labels(),
        test: whole.test.without_labels(),
    };
    let report = evaluate(&studio, &data, &only(&[]), &mut |_| {}).expect("figures");
    let names: Vec<&str> = report.figures.iter().map(|f| f.name.as_str()).collect();
    let of_images = [
        "reconstruction_mse",
        "elbo_nats",
        "kl_per_dimension",
        "active_units",
    ];
    assert_eq!(names, of_images);
    let error = evaluate(&studio, &data, &only(&["ece"]), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("have no classes"), "{error}");
    let absent = measures::ECE.why_absent(studio.manifest());
    assert_eq!(absent, Some("the images have no classes"));
}

#[test]
fn without_a_classifier_labels_still_serve_the_probes() {
    let studio = studio_of(bundle_with(&info(), vae_config()));
    let report = evaluate(&studio, &splits(), &only(&[]), &mut |_| {}).expect("figures");
    assert!(report.figure("linear_probe").is_some());
    assert!(report.figure("reconstruction_accuracy").is_none());
    let error = evaluate(&studio, &splits(), &only(&["cam_random"]), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("no classifier"), "{error}");
}
