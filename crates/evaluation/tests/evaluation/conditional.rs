//! Models that are given the class.

use evaluation::{evaluate, measures, wilson};
use studio::{Detail, ReconstructRequest, Studio};

use crate::support::{
    CLASSES, bundle_with, conditional_bundle, conditional_config, info, studio, studio_of,
    unlabelled_bundle,
};
use crate::{only, splits};

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
