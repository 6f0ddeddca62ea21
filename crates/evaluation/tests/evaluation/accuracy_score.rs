//! The classification accuracy score, which trains classifiers of its own.

use evaluation::{EvaluateOptions, EvaluationError, evaluate, measures};
use training::CancelToken;

use crate::support::{bundle_judged_twice, studio, studio_of};
use crate::{measure, only, splits};

#[test]
fn the_accuracy_score_is_measured_only_when_it_is_named() {
    let report = measure(&["cas_gap", "cas_generated", "cas_real"]);
    let value = |name: &str| report.figure(name).unwrap().value;
    assert!((value("cas_real") - value("cas_generated") - value("cas_gap")).abs() < 1e-12);
    assert_eq!(report.figure("cas_real").unwrap().n, 100);
    // Of 200 real images, as many generated ones as make equal classes: 66 a class.
    let protocol = &report.figure("cas_generated").unwrap().protocol;
    assert!(
        protocol.contains("198 generated images alone: 66 a class"),
        "{protocol}"
    );

    // Of all figures, it is none.
    let cancel = CancelToken::new();
    let options = EvaluateOptions {
        only: Vec::new(),
        cancel: cancel.clone(),
    };
    let mut seen = Vec::new();
    let studio = studio_of(bundle_judged_twice());
    let result = evaluate(&studio, &splits(), &options, &mut |progress| {
        seen.push((progress.figure.clone(), progress.total));
        cancel.cancel();
    });
    assert!(matches!(result, Err(EvaluationError::Cancelled)));
    let all = seen[0].1;
    let mut total = 0;
    let all_measures = measures::all().into_iter();
    let possible = all_measures.filter(|m| m.why_absent(studio.manifest()).is_none());
    let names: Vec<&str> = possible.map(|m| m.name).collect();
    let named = only(&names);
    let stop = named.cancel.clone();
    let result = evaluate(&studio, &splits(), &named, &mut |progress| {
        total = progress.total;
        stop.cancel();
    });
    assert!(matches!(result, Err(EvaluationError::Cancelled)));
    // 200 generated, and twice 3 epochs over 200 images and 100 test images; and the other slow figure, the likelihood, with
    // 500 latents for each of 100 test images.
    assert_eq!(total - all, 200 + 2 * (3 * 200 + 100) + 100 * 500);
}

#[test]
fn training_for_the_accuracy_score_can_be_cancelled() {
    let options = only(&["cas_gap"]);
    let cancel = options.cancel.clone();
    let mut last = 0;
    let result = evaluate(&studio(), &splits(), &options, &mut |progress| {
        last = progress.done;
        // In the middle of the first epoch: after the 198 generated images.
        if progress.done > 198 {
            cancel.cancel();
        }
    });
    assert!(matches!(result, Err(EvaluationError::Cancelled)));
    assert!(last < 198 + 3 * 200, "{last}");
}
