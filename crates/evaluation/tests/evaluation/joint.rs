//! Models with a head of their own: how right it is, and how much it flatters the model that it was trained with.

use evaluation::{EvaluationError, evaluate, measures, wilson};
use studio::{Detail, Studio};

use crate::support::{
    bundle_judged_twice, bundle_with, info, joint_bundle, joint_config, studio_of,
    unlabelled_bundle,
};
use crate::{only, splits};

const FIGURES: [&str; 4] = [
    "head_accuracy",
    "self_flattery",
    "head_error_100",
    "head_error_1000",
];

fn hits(counts: &[Vec<u32>]) -> u32 {
    (0..counts.len()).map(|class| counts[class][class]).sum()
}

#[test]
fn the_head_is_held_against_the_better_judge_on_the_same_samples() {
    let studio = studio_of(joint_bundle());
    let names = [
        "anchored_agreement",
        "second_anchored_agreement",
        "self_flattery",
        "head_accuracy",
    ];
    let report = evaluate(&studio, &splits(), &only(&names), &mut |_| {}).expect("figures");
    let figure = |name: &str| report.figure(name).expect("it was measured");
    let flattery = figure("self_flattery");
    let agreement = |name: &str| figure(name).value;
    let better = agreement("anchored_agreement").max(agreement("second_anchored_agreement"));
    assert_eq!(flattery.n, figure("anchored_agreement").n);
    // What the head says of the samples stands in the protocol, in percent with two decimals.
    let (_, told) = flattery
        .protocol
        .split_once("the head takes ")
        .expect("it is told");
    let (own, _) = told.split_once(" %").expect("a share");
    let own: f64 = own.parse().expect("a number");
    assert!(
        (flattery.value - (own / 100.0 - better)).abs() < 1e-4,
        "{}",
        flattery.protocol
    );
    let (low, high) = (
        flattery.low.expect("an end"),
        flattery.high.expect("an end"),
    );
    assert!(low <= flattery.value && flattery.value <= high);
    assert_eq!(
        flattery.second_judge.as_deref(),
        studio.second_judge_sha256()
    );

    let accuracy = figure("head_accuracy");
    let Detail::Confusion(counts) = &accuracy.detail else {
        panic!("{:?}", accuracy.detail)
    };
    let rows: Vec<u32> = counts.iter().map(|row| row.iter().sum()).collect();
    assert_eq!(rows, [33, 33, 34], "a row a class of the test images");
    assert!((accuracy.value - f64::from(hits(counts)) / 100.0).abs() < 1e-12);
    let interval = wilson(hits(counts) as usize, 100);
    assert_eq!(
        (accuracy.low, accuracy.high),
        (Some(interval.0), Some(interval.1))
    );
}

#[test]
fn only_a_joint_model_has_these_figures_and_others_say_why() {
    let why = |studio: &Studio| {
        FIGURES.map(|name| {
            let measure = measures::find(name).expect("it is declared");
            measure.why_absent(studio.manifest())
        })
    };
    assert_eq!(why(&studio_of(joint_bundle())), [None; 4]);
    let plain = studio_of(bundle_judged_twice());
    assert_eq!(why(&plain), [Some("the model has no head of its own"); 4]);
    let unlabelled = studio_of(unlabelled_bundle());
    assert_eq!(why(&unlabelled), [Some("the images have no classes"); 4]);
    let unjudged = studio_of(bundle_with(&info(), joint_config()));
    let judges = Some("there are not two judges");
    assert_eq!(why(&unjudged), [None, judges, None, None]);
    let error = evaluate(&plain, &splits(), &only(&["self_flattery"]), &mut |_| {});
    let words = "the model has no head of its own";
    assert!(error.unwrap_err().to_string().contains(words));
}

/// Three small models of 100 images, all of which keep their label here: there are no more.
#[test]
fn the_error_with_few_labels_is_the_mean_of_three_draws() {
    let (studio, data) = (studio_of(joint_bundle()), splits());
    let report = evaluate(&studio, &data, &only(&["head_error_100"]), &mut |_| {});
    let report = report.expect("figures");
    let figure = report.figure("head_error_100").expect("it was measured");
    let Detail::Series(draws) = &figure.detail else {
        panic!("{:?}", figure.detail)
    };
    assert_eq!(draws.len(), 3);
    assert!(draws.iter().all(|error| (0.0..=1.0).contains(error)));
    assert!((figure.value - draws.iter().sum::<f64>() / 3.0).abs() < 1e-12);
    assert_eq!(figure.n, 100);
    assert!(figure.protocol.contains("3 draws"), "{}", figure.protocol);
    // A thousand labels are more than there are images.
    let error = evaluate(&studio, &data, &only(&["head_error_1000"]), &mut |_| {}).unwrap_err();
    assert!(matches!(error, EvaluationError::Vae(_)), "{error:?}");
    assert!(
        error.to_string().contains("there are 100 images"),
        "{error}"
    );
}

#[test]
fn training_for_few_labels_is_measured_only_by_name_and_can_be_cancelled() {
    let (studio, data) = (studio_of(joint_bundle()), splits());
    let options = only(&["head_error_100"]);
    let cancel = options.cancel.clone();
    let (mut last, mut total) = (0, 0);
    let result = evaluate(&studio, &data, &options, &mut |progress| {
        (last, total) = (progress.done, progress.total);
        cancel.cancel();
    });
    assert!(matches!(result, Err(EvaluationError::Cancelled)));
    assert!(last < total / 3, "{last} of {total}");
    let slow = ["head_error_100", "head_error_1000"];
    for name in slow {
        assert!(measures::find(name).expect("it is declared").is_slow());
    }
}
