//! A run of measurements: its progress, its end, and what it refuses to measure.

use evaluation::{EvaluateOptions, EvaluationError, evaluate};
use training::CancelToken;

use crate::support::studio;
use crate::{only, splits};

#[test]
fn progress_reaches_its_total() {
    let mut last = None;
    evaluate(&studio(), &splits(), &only(&["noise_sweep"]), &mut |p| {
        last = Some(p);
    })
    .unwrap();
    let last = last.expect("progress");
    assert_eq!(last.done, last.total);
    assert_eq!(last.figure, "noise_sweep");
}

#[test]
fn a_cancelled_evaluation_gives_no_report() {
    let cancel = CancelToken::new();
    cancel.cancel();
    let options = EvaluateOptions {
        only: Vec::new(),
        cancel,
    };
    let result = evaluate(&studio(), &splits(), &options, &mut |_| {});
    assert!(matches!(result, Err(EvaluationError::Cancelled)));
}

#[test]
fn unknown_figures_and_empty_data_are_refused() {
    let error = evaluate(&studio(), &splits(), &only(&["beauty"]), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("anchored_agreement"));
    let mut empty = splits();
    empty.test = empty.test.subset(&[]);
    let error = evaluate(&studio(), &empty, &only(&[]), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("no test images"));
}

#[test]
fn images_of_another_data_set_are_refused() {
    let mut data = splits();
    data.test = datasets::sample(datasets::KnownDataset::Mnist);
    let error = evaluate(&studio(), &data, &only(&[]), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("1x28x28"), "{error}");
    let mut data = splits();
    data.test = data.test.without_labels();
    let error = evaluate(&studio(), &data, &only(&[]), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("no labels"), "{error}");
}
