use datasets::{KnownDataset, LabelledImages, Splits, sample};
use studio::evaluate::figure_names;
use studio::{Detail, EvaluateOptions, Report, StudioError, evaluate, wilson};
use training::CancelToken;

use crate::support::{LATENT_DIM, studio};

fn splits() -> Splits {
    let images = sample(KnownDataset::Mnist);
    let part = |from: usize| -> LabelledImages {
        let indices: Vec<usize> = (from..1000).step_by(5).collect();
        images.subset(&indices)
    };
    Splits {
        train: part(0),
        held_out: part(1),
        test: part(2),
    }
}

fn only(names: &[&str]) -> EvaluateOptions {
    EvaluateOptions {
        only: names.iter().map(|&n| n.to_owned()).collect(),
        ..EvaluateOptions::default()
    }
}

fn measure(names: &[&str]) -> Report {
    evaluate(&studio(), &splits(), &only(names), &mut |_| {}).expect("figures")
}

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
    assert_eq!(accuracy.n, 200);
    let Detail::Confusion(counts) = &accuracy.detail else {
        panic!("{:?}", accuracy.detail)
    };
    let diagonal: u32 = (0..10).map(|i| counts[i][i]).sum();
    assert!((accuracy.value - f64::from(diagonal) / 200.0).abs() < 1e-12);
    assert_eq!(counts.iter().flatten().sum::<u32>(), 200);
    assert!(accuracy.low.unwrap() <= accuracy.value && accuracy.value <= accuracy.high.unwrap());

    let kl = report.figure("kl_per_dimension").unwrap();
    let Detail::Series(series) = &kl.detail else {
        panic!("{:?}", kl.detail)
    };
    assert_eq!(series.len(), LATENT_DIM);
    assert!((series.iter().sum::<f64>() - kl.value).abs() < 1e-9);
    assert!(series.iter().all(|v| *v >= 0.0));
    // An untrained decoder paints about grey 0.5: 784 ln 2 = 543 nats of cross-entropy, and the KL on top.
    let elbo = report.figure("elbo_nats").unwrap();
    assert!((-600.0..-500.0).contains(&elbo.value), "{}", elbo.value);
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
    assert!(report.figure("anchored_variance_ratio").unwrap().value > 0.0);
}

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
    assert!(matches!(result, Err(StudioError::Cancelled)));
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
fn json_has_the_names_that_scripts_rely_on() {
    let report = measure(&["noise_sweep", "classifier_accuracy"]);
    let json = report.to_json();
    for key in ["model", "model_sha256", "dataset", "device", "figures"] {
        assert!(json.get(key).is_some(), "{key}");
    }
    for figure in json["figures"].as_array().unwrap() {
        for key in [
            "name", "value", "unit", "low", "high", "n", "seed", "split", "protocol",
        ] {
            assert!(figure.get(key).is_some(), "{key}");
        }
    }
    let sweep = &json["figures"].as_array().unwrap()[1];
    assert_eq!(sweep["name"], "noise_sweep");
    assert_eq!(sweep["value"].as_array().unwrap().len(), 9);
    assert!(figure_names().contains(&"ece"));
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
