//! The shipped reports, measured again as far as that goes without the data sets: figures of generated images exactly, those
//! of real ones on the shipped sample, a tenth of the test split. The rest (probes, distances to real images, calibration,
//! the variance ratio, faithfulness) needs the whole test split or the training images: `latent-lens evaluate` prints those.

use burn::tensor::Device;
use datasets::{KnownDataset, Splits, sample};
use evaluation::{EvaluateOptions, evaluate};
use studio::{Figure, ModelSource, Report, Studio};

/// What differs in the last digits between processors that add up in another order.
const SAME: f64 = 1e-6;
/// A sound figure of the sample lies within this many standard errors of that of the split practically always.
const STANDARD_ERRORS: f64 = 4.0;

fn measured_again(dataset: KnownDataset, names: &[&str]) -> (Report, Report) {
    let device = Device::flex();
    let source = ModelSource::shipped(dataset.slug()).expect("it is part of the program");
    let studio = Studio::open(&source, &device).expect("a sound bundle");
    let images = sample(dataset);
    let data = Splits {
        train: images.clone(),
        held_out: images.clone(),
        test: images,
    };
    let options = EvaluateOptions {
        only: names.iter().map(|&name| name.to_owned()).collect(),
        ..EvaluateOptions::default()
    };
    let again = evaluate(&studio, &data, &options, &mut |_| {}).expect("figures");
    let shipped = studio.manifest().report.clone();
    (again, shipped.expect("the shipped models are measured"))
}

fn figure<'a>(report: &'a Report, name: &str) -> &'a Figure {
    report
        .figure(name)
        .unwrap_or_else(|| panic!("{name} is missing"))
}

#[test]
fn figures_of_generated_images_come_out_again() {
    for dataset in [KnownDataset::Mnist, KnownDataset::FashionMnist] {
        let names = [
            "anchored_agreement",
            "prior_histogram_kl",
            "prior_confidence",
        ];
        let (again, shipped) = measured_again(dataset, &names);
        for name in names {
            let (now, then) = (figure(&again, name), figure(&shipped, name));
            let difference = (now.value - then.value).abs();
            assert!(
                difference <= SAME,
                "{dataset} {name}: {} and {}",
                now.value,
                then.value
            );
            assert_eq!((now.n, now.seed), (then.n, then.seed), "{dataset} {name}");
        }
    }
}

#[test]
fn figures_of_real_images_hold_on_the_shipped_sample() {
    for dataset in [KnownDataset::Mnist, KnownDataset::FashionMnist] {
        let names = [
            "reconstruction_mse",
            "elbo_nats",
            "real_accuracy",
            "reconstruction_accuracy",
        ];
        let (again, shipped) = measured_again(dataset, &names);
        for name in names {
            let (now, then) = (figure(&again, name), figure(&shipped, name));
            let (low, high) = then.low.zip(then.high).expect("it has an interval");
            let error = (high - low) / (2.0 * 1.96) * (then.n as f64 / now.n as f64).sqrt();
            let difference = (now.value - then.value).abs();
            assert!(
                difference <= STANDARD_ERRORS * error,
                "{dataset} {name}: {} on the sample, {} on the split",
                now.value,
                then.value
            );
        }
    }
}
