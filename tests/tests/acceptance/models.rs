use std::path::Path;

use burn::tensor::Device;
use datasets::{ClassId, KnownDataset, sample};
use studio::{FrameRequest, GalleryRequest, Manifest, ModelSource, Report, Studio};
use vae_core::sample_prior;

/// The levels that the shipped models have to reach: (MNIST, Fashion-MNIST).
struct Level {
    figure: &'static str,
    at_least: [f64; 2],
}

const LEVELS: [Level; 5] = [
    Level {
        figure: "classifier_accuracy",
        at_least: [0.995, 0.935],
    },
    Level {
        figure: "anchored_agreement",
        at_least: [0.985, 0.92],
    },
    // Agreement alone could be won by drawing class means.
    Level {
        figure: "anchored_variance_ratio",
        at_least: [0.7, 0.7],
    },
    Level {
        figure: "active_units",
        at_least: [16.0, 16.0],
    },
    Level {
        figure: "linear_probe",
        at_least: [0.96, 0.84],
    },
];

/// The levels that they must not exceed.
struct Limit {
    figure: &'static str,
    at_most: [f64; 2],
}

const LIMITS: [Limit; 5] = [
    Limit {
        figure: "prior_histogram_kl",
        at_most: [0.10, 0.10],
    },
    Limit {
        figure: "ece",
        at_most: [0.005, 0.015],
    },
    Limit {
        figure: "cas_gap",
        at_most: [0.03, 0.08],
    },
    Limit {
        figure: "traversal_jump_ratio",
        at_most: [4.0, 4.0],
    },
    Limit {
        figure: "cam_randomised_spearman",
        at_most: [0.3, 0.3],
    },
];
/// The most nats that a binary MNIST image may cost, of the model that was trained on them.
const NATS: f64 = 84.5;
/// Share of the shipped sample that the classifiers have to get right.
const SAMPLE_ACCURACY: [f64; 2] = [0.98, 0.90];

fn source(dataset: KnownDataset) -> ModelSource {
    ModelSource::Shipped(dataset)
}

fn report(dataset: KnownDataset) -> Report {
    let manifest = Manifest::read(&source(dataset)).expect("a sound manifest");
    manifest.report.expect("the shipped models are measured")
}

#[test]
fn shipped_models_recognise_the_shipped_sample() {
    for (dataset, least) in KnownDataset::ALL.into_iter().zip(SAMPLE_ACCURACY) {
        let studio = Studio::open(&source(dataset), &Device::flex()).expect("a sound bundle");
        let images = sample(dataset);
        let logits = classifier::classify(studio.classifier(), &images);
        let right = logits
            .iter()
            .enumerate()
            .filter(|(i, row)| studio.predict(row).class == images.label(*i))
            .count();
        let accuracy = right as f64 / images.len() as f64;
        assert!(accuracy >= least, "{dataset}: {accuracy}");
    }
}

#[test]
fn shipped_reports_reach_their_levels() {
    for (i, dataset) in KnownDataset::ALL.into_iter().enumerate() {
        let report = report(dataset);
        for level in &LEVELS {
            let figure = report.figure(level.figure).expect(level.figure);
            let least = level.at_least[i];
            assert!(
                figure.value >= least,
                "{dataset} {}: {}",
                level.figure,
                figure.value
            );
        }
        for limit in &LIMITS {
            let figure = report.figure(limit.figure).expect(limit.figure);
            assert!(
                figure.value <= limit.at_most[i],
                "{dataset} {}: {}",
                limit.figure,
                figure.value
            );
        }
        let faithful = |name| report.figure(name).expect("measured").value;
        for baseline in ["cam_random", "cam_gaussian"] {
            assert!(
                faithful("cam_insertion_deletion") > faithful(baseline),
                "{dataset}: {baseline}"
            );
        }
    }
}

#[test]
fn the_model_of_binary_images_reaches_its_likelihood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/models/mnist-binary");
    let studio = Studio::open(&ModelSource::Folder(folder), &Device::flex()).expect("sound");
    let report = studio.manifest().report.as_ref().expect("it is measured");
    assert_eq!(report.model_sha256, studio.model_sha256());
    let nats = report.figure("nll_nats").expect("measured");
    assert!(nats.n == 1000 && nats.value <= NATS, "{}", nats.value);
}

#[test]
fn shipped_reports_are_about_the_shipped_weights() {
    for dataset in KnownDataset::ALL {
        let studio = Studio::open(&source(dataset), &Device::flex()).expect("a sound bundle");
        assert_eq!(
            report(dataset).model_sha256,
            studio.model_sha256(),
            "{dataset}"
        );
        for figure in &report(dataset).figures {
            assert!(
                !figure.protocol.is_empty() && figure.n > 0,
                "{}",
                figure.name
            );
        }
    }
}

#[test]
fn samples_around_an_anchor_show_its_class() {
    // 200 samples scatter around the reported agreement (0.989 and 0.922) by a standard deviation of 0.7 and 1.9 points;
    // three of them below it is where a sound model practically never is.
    for (dataset, least) in KnownDataset::ALL.into_iter().zip([0.96, 0.86]) {
        let studio = Studio::open(&source(dataset), &Device::flex()).expect("a sound bundle");
        let mut right = 0;
        for class in (0..10).map(ClassId) {
            let regions = &studio.vae_part().regions;
            let latents = regions.sample(class, 1.0, 20, datasets::Seed(5));
            let gallery = studio
                .gallery(&GalleryRequest { latents })
                .expect("a gallery");
            right += gallery
                .predictions
                .iter()
                .filter(|p| p.class == class)
                .count();
        }
        assert!(right as f64 >= least * 200.0, "{dataset}: {right} of 200");
    }
}

#[test]
fn ten_lines_embed_it() {
    let device = Device::flex();
    let studio = Studio::open(&"mnist".parse().expect("a shipped model"), &device).expect("sound");
    for latent in sample_prior(32, 5, datasets::Seed(1)) {
        let frame = studio.frame(&FrameRequest::new(latent)).expect("a frame");
        assert_eq!(frame.image.len(), 784);
        let sum: f32 = frame.prediction.probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-5);
    }
}
