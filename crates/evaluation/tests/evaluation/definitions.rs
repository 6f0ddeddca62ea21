//! Figures held against their definitions.

use datasets::Splits;
use evaluation::{evaluate, measures, wilson};
use studio::Detail;

use crate::support::{CLASSES, LATENT_DIM, studio};
use crate::{measure, only, splits};

#[test]
fn cheap_figures_fit_their_definitions() {
    let report = measure(&[
        "classifier_accuracy",
        "reconstruction_mse",
        "elbo_nats",
        "kl_per_dimension",
        "active_units",
        "ece",
    ]);
    let accuracy = report.figure("classifier_accuracy").unwrap();
    assert_eq!(accuracy.n, 100);
    let Detail::Confusion(counts) = &accuracy.detail else {
        panic!("{:?}", accuracy.detail)
    };
    let diagonal: u32 = (0..CLASSES).map(|i| counts[i][i]).sum();
    assert!((accuracy.value - f64::from(diagonal) / 100.0).abs() < 1e-12);
    assert_eq!(counts.iter().flatten().sum::<u32>(), 100);
    assert!(accuracy.low.unwrap() <= accuracy.value && accuracy.value <= accuracy.high.unwrap());

    let kl = report.figure("kl_per_dimension").unwrap();
    let Detail::Series(series) = &kl.detail else {
        panic!("{:?}", kl.detail)
    };
    assert_eq!(series.len(), LATENT_DIM);
    assert!((series.iter().sum::<f64>() - kl.value).abs() < 1e-9);
    assert!(series.iter().all(|v| *v >= 0.0));
    // An untrained decoder paints about grey 0.5: 1920 ln 2 = 1331 nats of cross-entropy, and the KL on top.
    let elbo = report.figure("elbo_nats").unwrap();
    assert!((-1500.0..-1250.0).contains(&elbo.value), "{}", elbo.value);
}

#[test]
fn a_decoder_that_knows_nothing_needs_ln_2_nats_a_pixel() {
    // Untrained, it gives every pixel about the probability 1/2 whatever the latent: 1920 ln 2 = 1330.8 nats, and the
    // importance weights only integrate the prior, which adds up to 1. A logit l besides costs l^2 / 8 on average: 50 nats
    // more if fresh weights give logits of 0.45.
    let mut data = splits();
    data.test = data.test.subset(&[0, 40, 99]);
    let report = evaluate(&studio(), &data, &only(&["nll_nats"]), &mut |_| {}).unwrap();
    let nats = report.figure("nll_nats").unwrap();
    assert_eq!(nats.n, 3);
    assert!((nats.value - 1330.8).abs() < 50.0, "{}", nats.value);
}

#[test]
fn figures_are_the_same_every_time() {
    let names = ["anchored_agreement", "prior_histogram_kl", "elbo_nats"];
    let studio = studio();
    let measure = || evaluate(&studio, &splits(), &only(&names), &mut |_| {}).expect("figures");
    assert_eq!(measure(), measure());
}

#[test]
fn anchored_samples_are_a_thousand_a_class() {
    let report = measure(&["anchored_agreement", "anchored_variance_ratio"]);
    let agreement = report.figure("anchored_agreement").unwrap();
    let Detail::Confusion(counts) = &agreement.detail else {
        panic!("{:?}", agreement.detail)
    };
    assert!(counts.iter().all(|row| row.iter().sum::<u32>() == 1000));
    let ratio = report.figure("anchored_variance_ratio").unwrap().value;
    assert!(ratio > 0.0, "{ratio}");
}

/// A variance that is estimated from a few images, or from images that are all alike, is nothing to divide by.
#[test]
fn of_too_few_or_equal_real_images_there_is_no_variance_ratio() {
    let whole = splits();
    let few: Vec<usize> = (0..6).collect();
    let same = vec![0; 60];
    for test in [whole.test.subset(&few), whole.test.subset(&same)] {
        let data = Splits { test, ..splits() };
        let names = [
            "anchored_agreement",
            "anchored_variance_ratio",
            "noise_sweep",
        ];
        let report = evaluate(&studio(), &data, &only(&names), &mut |_| {}).expect("figures");
        let found: Vec<&str> = report.figures.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(found, ["anchored_agreement"]);
    }
}

#[test]
fn a_figure_of_too_few_images_is_left_out_and_alone_refused() {
    let test = splits().test.subset(&[0, 33, 66, 99]);
    let data = Splits { test, ..splits() };
    let report = evaluate(&studio(), &data, &only(&[]), &mut |_| {}).expect("figures");
    for (name, least) in [
        ("classifier_accuracy", 2),
        ("active_units", 20),
        ("linear_probe", 2),
        ("ece", 30),
        ("classifier_fd", 100),
        ("anchored_agreement", 0),
    ] {
        let measure = measures::find(name).expect("it is declared");
        assert_eq!(measure.least_images, least);
        assert_eq!(measure.too_few(least), None);
        assert_eq!(report.figure(name).is_some(), least <= 4, "{name}");
    }
    let error = evaluate(&studio(), &data, &only(&["ece"]), &mut |_| {}).unwrap_err();
    let text = "there are too few real test images, 4 where it takes 30";
    assert!(error.to_string().contains(text), "{error}");
    let names = only(&["ece", "classifier_accuracy"]);
    let report = evaluate(&studio(), &data, &names, &mut |_| {}).expect("the other one");
    let found: Vec<&str> = report.figures.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(found, ["classifier_accuracy"]);
}

#[test]
fn faithfulness_keeps_the_curves_behind_each_figure() {
    let names = [
        "cam_insertion_deletion",
        "cam_insertion_deletion_grad_cam",
        "cam_intensity",
    ];
    let report = measure(&names);
    for name in names {
        let figure = report.figure(name).unwrap();
        let Detail::Faithfulness(curves) = &figure.detail else {
            panic!("{:?}", figure.detail)
        };
        assert_eq!(curves.fractions.len(), 29);
        assert_eq!((curves.fractions[0], curves.fractions[28]), (0.0, 1.0));
        // Nothing put in is everything taken away, and the other way round.
        assert!(
            (curves.insertion[0] - curves.deletion[28]).abs() < 1e-6,
            "{name}"
        );
        assert!(
            (curves.insertion[28] - curves.deletion[0]).abs() < 1e-6,
            "{name}"
        );
        // The area between the mean curves is the mean of the areas, which is the figure.
        let area = |scores: &[f64]| -> f64 {
            let steps = curves.fractions.windows(2).zip(scores.windows(2));
            steps
                .map(|(x, y)| (x[1] - x[0]) * (y[0] + y[1]) / 2.0)
                .sum()
        };
        let difference = area(&curves.insertion) - area(&curves.deletion);
        assert!((difference - figure.value).abs() < 1e-5, "{name}");
    }
    assert!(report.to_json()["figures"][0]["curves"]["deletion"].is_array());
}

#[test]
fn wilson_intervals_match_worked_values() {
    // Wilson 1927 for 8 of 10: centre (0.8 + 3.8415/20) / (1 + 0.38415) = 0.71674, half width
    // 1.95996 sqrt(0.016 + 0.0096036) / 1.38415 = 0.22658.
    let (low, high) = wilson(8, 10);
    assert!((low - 0.490_16).abs() < 1e-4, "{low}");
    assert!((high - 0.943_32).abs() < 1e-4, "{high}");
    // 0 of 10: from 0 to 3.8415 / 13.8415 = 0.27753.
    let (low, high) = wilson(0, 10);
    assert!(low.abs() < 1e-12 && (high - 0.277_53).abs() < 1e-4);
    assert_eq!(wilson(0, 0), (0.0, 1.0));
}
