//! Figures that the second judge gives.

use evaluation::evaluate;
use studio::Detail;

use crate::support::{CLASSES, bundle, bundle_judged_twice, studio_of};
use crate::{only, splits};

const FIGURES: [&str; 9] = [
    "second_judge_accuracy",
    "second_anchored_agreement",
    "second_fd",
    "second_fd_floor",
    "precision",
    "recall",
    "density",
    "coverage",
    "nearest_training",
];

#[test]
fn every_figure_of_the_second_judge_names_it() {
    let studio = studio_of(bundle_judged_twice());
    let sha256 = studio.second_judge_sha256().expect("there is one");
    let names = [&FIGURES[..], &["anchored_agreement", "classifier_fd"]].concat();
    let report = evaluate(&studio, &splits(), &only(&names), &mut |_| {}).expect("figures");
    assert_eq!(report.figures.len(), names.len());
    for figure in &report.figures {
        let named = figure.second_judge.as_deref();
        let expected = FIGURES.contains(&figure.name.as_str()).then_some(sha256);
        assert_eq!(named, expected, "{}", figure.name);
    }
    let figure = |name: &'static str| report.figure(name).expect("it was measured");
    for share in ["precision", "recall", "coverage", "second_judge_accuracy"] {
        assert!((0.0..=1.0).contains(&figure(share).value), "{share}");
    }
    assert!(figure("nearest_training").value > 0.0);
    assert!(figure("second_fd").value > 0.0);
    assert_eq!(figure("precision").n, splits().test.len());
    // Both judges look at the same samples, a thousand a class, and they are two networks.
    let counts = |name: &'static str| match &figure(name).detail {
        Detail::Confusion(counts) => counts.clone(),
        other => panic!("{other:?}"),
    };
    let [first, second] = ["anchored_agreement", "second_anchored_agreement"].map(counts);
    assert_eq!(second.len(), CLASSES);
    assert!(second.iter().all(|row| row.iter().sum::<u32>() == 1000));
    assert!(first.iter().all(|row| row.iter().sum::<u32>() == 1000));
    assert!((figure("classifier_fd").value - figure("second_fd").value).abs() > 1e-6);
}

#[test]
fn without_a_second_judge_its_figures_are_absent_and_say_why() {
    let studio = studio_of(bundle());
    let error = evaluate(&studio, &splits(), &only(&["precision"]), &mut |_| {}).unwrap_err();
    assert!(
        error.to_string().contains("there is no second judge"),
        "{error}"
    );
    let report = evaluate(&studio, &splits(), &only(&[]), &mut |_| {}).expect("figures");
    assert!(FIGURES.iter().all(|name| report.figure(name).is_none()));
    assert!(report.figure("classifier_accuracy").is_some());
}
