//! A model with a head of its own: the head is heard beside the judge, and never in its place.

use dashboard::state::controls::Space;
use egui_kittest::kittest::Queryable as _;
use studio::{Detail, Manifest, Report};

use crate::{
    evaluate::{figure, report},
    support::{Window, joint, manifest, odd, serve, window_of},
};

/// In the tests the head always says the last class, and the judge the class that the latent lies at: here the first.
#[test]
fn the_own_head_is_heard_beside_the_judge() {
    let joint = joint();
    let mut window = window_of(Space::Explore, &joint);
    window.get_by_label("class circle").click();
    serve(&mut window, &joint);
    // One logit of 5 against two of 0: e^5 / (e^5 + 2) = 98.7 %.
    window.get_by_label("Its own head says x, 98.7 %.");
    window.get_by_label("It learned together with the model, so it is no independent judge.");
}

#[test]
fn a_model_without_a_head_says_nothing_of_one() {
    let plain = odd(3);
    let mut window = window_of(Space::Explore, &plain);
    serve(&mut window, &plain);
    assert!(window.query_by_label_contains("own head").is_none());
}

#[test]
fn the_own_head_never_stands_in_for_a_judge() {
    let unjudged = Manifest {
        classifier: None,
        ..joint()
    };
    let mut window = window_of(Space::Explore, &unjudged);
    serve(&mut window, &unjudged);
    window.get_by_label("No classifier came with this model; choose a judge.");
    assert!(window.query_by_label_contains("own head").is_none());
}

fn evaluated(flattery: f64) -> Window {
    let counts = vec![vec![9, 1, 0], vec![0, 10, 0], vec![1, 0, 9]];
    let figures = vec![
        figure("anchored_agreement", 28.0 / 30.0, Detail::Confusion(counts)),
        figure("self_flattery", flattery, Detail::None),
        figure(
            "head_error_100",
            0.043,
            Detail::Series(vec![0.04, 0.043, 0.046]),
        ),
    ];
    let joint = Manifest {
        report: Some(Report {
            figures,
            ..report()
        }),
        ..joint()
    };
    window_of(Space::Evaluate, &joint)
}

#[test]
fn the_gap_between_the_own_head_and_the_judges_is_told() {
    let words = |how: &str| {
        format!(
            "The model's own head agrees {how} often than the better judge: it was trained with the model."
        )
    };
    let window = evaluated(0.052);
    window.get_by_label(&words("5.2 points more"));
    window.get_by_label("Self-flattery");
    window.get_by_label("5.20 %");
    window.get_by_label("Own head's error, 100 labels");
    evaluated(-0.01).get_by_label(&words("1.0 points less"));
    // A model without a head is not asked for these figures.
    let plain = Manifest {
        report: Some(report()),
        ..manifest(None)
    };
    let window = window_of(Space::Evaluate, &plain);
    assert!(window.query_by_label_contains("elf-flattery").is_none());
}
