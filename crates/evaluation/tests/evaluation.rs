//! Figures held against their definitions, on a bundle with small, untrained networks.

#[allow(
    dead_code,
    reason = "shared with the studio's tests, which use all of it"
)]
#[path = "../../studio/tests/studio/support.rs"]
mod support;

use datasets::{LabelledImages, Splits};
use evaluation::{EvaluateOptions, EvaluationError, evaluate, measures, wilson};
use studio::{Detail, ReconstructRequest, Report, Studio};
use training::CancelToken;

use support::{
    CLASSES, LATENT_DIM, bundle, bundle_with, conditional_bundle, conditional_config, images, info,
    studio, studio_of, unlabelled_bundle, vae_config,
};

fn splits() -> Splits {
    let images = images();
    let part = |from: usize| -> LabelledImages {
        let indices: Vec<usize> = (from..300).step_by(3).collect();
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
    assert!(measures::find("ece").is_some());
}

const TRAVERSALS: [&str; 2] = ["traversal_jump_ratio", "traversal_jump_ratio_pooled"];

/// A model whose first latent dimensions are active, so many of them.
fn with_active_dimensions(count: usize) -> Studio {
    let mut bundle = bundle();
    let part = bundle.manifest.vae.as_mut().expect("it has a VAE");
    let variance = |dim| if dim < count { 1.0 } else { 0.0 };
    part.latent.statistics.mean_variance = (0..LATENT_DIM).map(variance).collect();
    studio_of(bundle)
}

#[test]
fn traversals_are_measured_each_by_itself_and_all_together() {
    let studio = with_active_dimensions(3);
    let report = evaluate(&studio, &splits(), &only(&TRAVERSALS), &mut |_| {}).expect("figures");
    let each = report.figure("traversal_jump_ratio").unwrap();
    let Detail::Series(ratios) = &each.detail else {
        panic!("{:?}", each.detail)
    };
    // 5 images times 3 active dimensions.
    assert_eq!((each.n, ratios.len()), (15, 15));
    // No step is below the median one, so no ratio is below 1.
    assert!(ratios.iter().all(|ratio| *ratio >= 1.0));
    assert!(each.low.unwrap() <= each.value && each.value <= each.high.unwrap());
    let pooled = report.figure("traversal_jump_ratio_pooled").unwrap();
    assert_eq!(pooled.n, each.n * 63);
    assert!(pooled.value.is_finite());
    let images = "from the posterior means of the first 5 test images";
    assert!(each.protocol.ends_with(images), "{}", each.protocol);
}

#[test]
fn a_protocol_states_how_many_images_there_were() {
    let mut data = splits();
    data.test = data.test.subset(&[0, 40, 99]);
    let measure = |studio: &Studio, names: &[&str]| {
        evaluate(studio, &data, &only(names), &mut |_| {}).expect("figures")
    };
    let report = measure(&with_active_dimensions(2), &TRAVERSALS);
    let walks = report.figure("traversal_jump_ratio").unwrap();
    assert_eq!(walks.n, 6);
    assert!(
        walks.protocol.contains("the first 3 test images"),
        "{}",
        walks.protocol
    );
    let report = measure(&studio(), &["cam_random"]);
    let random = report.figure("cam_random").unwrap();
    assert_eq!(random.n, 3);
    assert!(
        random.protocol.ends_with("first 3 test images"),
        "{}",
        random.protocol
    );
}

#[test]
fn of_nothing_there_is_no_figure() {
    let studio = with_active_dimensions(0);
    let report = evaluate(&studio, &splits(), &only(&TRAVERSALS), &mut |_| {}).expect("a report");
    assert!(report.figures.is_empty(), "{:?}", report.figures);
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
    let result = evaluate(&studio(), &splits(), &options, &mut |progress| {
        seen.push((progress.figure.clone(), progress.total));
        cancel.cancel();
    });
    assert!(matches!(result, Err(EvaluationError::Cancelled)));
    let all = seen[0].1;
    let mut total = 0;
    let manifest = studio().manifest().clone();
    let all_measures = measures::all().into_iter();
    let possible = all_measures.filter(|measure| measure.why_absent(&manifest).is_none());
    let names: Vec<&str> = possible.map(|measure| measure.name).collect();
    let named = only(&names);
    let stop = named.cancel.clone();
    let result = evaluate(&studio(), &splits(), &named, &mut |progress| {
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

/// Names are what reports and scripts keep, so no two figures share one; and the page that explains them knows each.
#[test]
fn every_figure_is_declared_once_and_explained() {
    let page = include_str!("../../../docs/evaluation.md");
    let names: Vec<&str> = measures::all().iter().map(|m| m.name).collect();
    for (index, name) in names.iter().enumerate() {
        assert!(!names[..index].contains(name), "{name} is declared twice");
        assert!(
            page.contains(&format!("`{name}`")),
            "{name} is not explained"
        );
    }
    assert_eq!(names.len(), 36);
}

#[test]
fn a_figure_is_what_its_declaration_says() {
    let report = measure(&["classifier_accuracy", "reconstruction_mse", "ece"]);
    for figure in &report.figures {
        let declared = measures::find(&figure.name).expect("it is declared");
        assert_eq!(figure.unit, declared.unit.text());
        assert!(
            figure.protocol.starts_with(declared.protocol),
            "{}",
            figure.name
        );
    }
}

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

/// The test images are every third of 300 in class order, from the third on: 2 to 98, 101 to 197 and 200 to 299 are 33, 33 and 34
/// of the three classes. Each is drawn as the two classes that it is not: 67 as class 0, 67 as class 1, and 66 as class 2.
#[test]
fn a_swap_asks_for_every_class_that_an_image_is_not() {
    let studio = studio_of(conditional_bundle());
    let named = only(&["swap_agreement"]);
    let report = evaluate(&studio, &splits(), &named, &mut |_| {}).expect("figures");
    let swap = report.figure("swap_agreement").unwrap();
    assert_eq!(swap.n, 200);
    let Detail::Confusion(counts) = &swap.detail else {
        panic!("{:?}", swap.detail)
    };
    let asked: Vec<u32> = counts.iter().map(|row| row.iter().sum()).collect();
    assert_eq!(asked, [67, 67, 66]);
    let hits: u32 = (0..CLASSES).map(|class| counts[class][class]).sum();
    assert!((swap.value - f64::from(hits) / 200.0).abs() < 1e-12);
    let interval = wilson(hits as usize, 200);
    assert_eq!((swap.low, swap.high), (Some(interval.0), Some(interval.1)));
    assert!(
        swap.protocol.ends_with("first 100 test images"),
        "{}",
        swap.protocol
    );
}

#[test]
fn a_swap_needs_a_conditional_model_with_a_judge() {
    let why = |studio: &Studio| measures::SWAP_AGREEMENT.why_absent(studio.manifest());
    assert_eq!(why(&studio_of(conditional_bundle())), None);
    let reason = "the model is not conditional, so no class is given to it";
    assert_eq!(why(&studio()), Some(reason));
    let unlabelled = studio_of(unlabelled_bundle());
    assert_eq!(why(&unlabelled), Some("the images have no classes"));
    let unjudged = studio_of(bundle_with(&info(), conditional_config()));
    assert_eq!(why(&unjudged), Some("no classifier judges the images"));
    let error = evaluate(
        &studio(),
        &splits(),
        &only(&["swap_agreement"]),
        &mut |_| {},
    );
    assert!(error.unwrap_err().to_string().contains(reason));
}

#[test]
fn a_conditional_model_is_measured_with_each_images_class() {
    /// Of the networks in two forms, in a mean of squares.
    const TOLERANCE: f64 = 1e-5;
    let (studio, data) = (studio_of(conditional_bundle()), splits());
    let mean_error = |with_class: bool| {
        let errors = (0..data.test.len()).map(|i| {
            let request = ReconstructRequest {
                condition: data.test.label(i).filter(|_| with_class),
                ..ReconstructRequest::new(data.test.image(i))
            };
            f64::from(studio.reconstruct(&request).expect("it fits").squared_error)
        });
        errors.sum::<f64>() / data.test.len() as f64
    };
    let names = [
        "reconstruction_mse",
        "anchored_agreement",
        "normal_histogram_kl",
    ];
    let report = evaluate(&studio, &data, &only(&names), &mut |_| {}).expect("figures");
    let figure = |name: &str| report.figure(name).unwrap();
    let measured = figure("reconstruction_mse").value;
    assert!(
        (measured - mean_error(true)).abs() < TOLERANCE,
        "{measured}"
    );
    assert!(
        (measured - mean_error(false)).abs() > TOLERANCE,
        "{measured}"
    );
    for (name, given) in [
        ("reconstruction_mse", "given each image's class"),
        ("anchored_agreement", "given the class"),
        ("normal_histogram_kl", "given no class"),
    ] {
        let protocol = &figure(name).protocol;
        assert!(protocol.ends_with(given), "{protocol}");
    }
    // A thousand samples of each class, which all come from one region.
    assert_eq!(figure("anchored_agreement").n, 3_000);
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
