//! Training as a whole, on images that are easy to tell apart.

use burn::tensor::Device;
use classifier::{
    Classifier, ClassifierConfig, ClassifierError, ConvNet, ResNet18, TrainConfig,
    TrainedClassifier, classify, train,
};
use datasets::{Augmentation, ImageShape, LabelledImages, Seed, image_tensor};
use rand::RngExt;
use training::{CancelToken, Checkpoints, Event, Fit, TrainingError};

use crate::{floats, network, odd, shape, tiny, weights};

/// Noise with a bright band: across the top in class 0, across the bottom in class 1, down the middle in class 2.
fn bands(shape: ImageShape, count: usize, seed: Seed) -> LabelledImages {
    let mut rng = seed.rng();
    let label = |image: usize| (image % 3) as u16;
    let mut pixel = |i: usize| {
        let (width, height) = (shape.width(), shape.height());
        // In 28ths of the sides.
        let x = i % width * 28 / width;
        let y = i / width % height * 28 / height;
        let bright = match label(i / shape.values()) {
            0 => (4..10).contains(&y),
            1 => (18..24).contains(&y),
            _ => (11..17).contains(&x),
        };
        rng.random_range(0..60) + if bright { 150 } else { 0 }
    };
    let pixels = (0..count * shape.values()).map(&mut pixel).collect();
    LabelledImages::new(shape, pixels, (0..count).map(label).collect(), 3).unwrap()
}

fn settings() -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 4,
        learning_rate: 2e-2,
        average_decay: 0.5,
        augmentation: Augmentation {
            shift_px: 1.0,
            ..Augmentation::none()
        },
        seed: Seed(3),
        ..TrainConfig::default()
    }
}

/// Trains on 60 images, from a checkpoint if there is one, and stops after so many steps.
fn run<N: Classifier>(
    config: &ClassifierConfig,
    settings: &TrainConfig,
    checkpoints: Option<&Checkpoints>,
    cancel_after: usize,
) -> Result<Option<TrainedClassifier<N>>, ClassifierError> {
    let cancel = CancelToken::new();
    let mut taken = 0;
    let run = Fit {
        checkpoints,
        resume: true,
        cancel: &cancel,
        steering: None,
        look: None,
        watch: &mut |event| {
            taken += usize::from(matches!(event, Event::Step(_)));
            if taken >= cancel_after {
                cancel.cancel();
            }
        },
    };
    let images = bands(config.shape, 60, Seed(1));
    let held_out = bands(config.shape, 30, Seed(2));
    train(config, settings, &images, &held_out, &Device::flex(), run)
}

fn trained() -> TrainedClassifier<ResNet18> {
    run(&tiny(), &settings(), None, usize::MAX)
        .unwrap()
        .unwrap()
}

#[test]
fn two_epochs_tell_the_classes_apart() {
    tells_apart(&trained());
    let odd = run::<ResNet18>(&odd(), &settings(), None, usize::MAX);
    let odd = odd.unwrap().unwrap();
    tells_apart(&odd);
    assert_eq!(odd.config.shape, shape(3, 20, 32));
    assert_eq!(odd.config.pixel_mean.len(), 3);
}

#[test]
fn a_network_without_shortcuts_learns_them_too() {
    for config in [tiny(), odd()] {
        let trained = run::<ConvNet>(&config, &settings(), None, usize::MAX);
        tells_apart(&trained.unwrap().unwrap());
    }
}

fn tells_apart<N: Classifier>(trained: &TrainedClassifier<N>) {
    let [first, second] = &trained.history[..] else {
        panic!("{:?}", trained.history);
    };
    let names: Vec<&str> = second.metrics.keys().map(String::as_str).collect();
    let expected = [
        "held_out_accuracy",
        "held_out_loss",
        "learning_rate",
        "train_loss",
    ];
    assert_eq!(names, expected);
    assert!(second.metrics["train_loss"] < first.metrics["train_loss"]);
    // Guessing would be right in a third.
    assert!(
        second.metrics["held_out_accuracy"] >= 0.9,
        "{:?}",
        second.metrics
    );
    assert!(trained.temperature.is_finite() && trained.temperature > 0.0);
    assert!(!trained.classifier.device().is_autodiff());
}

/// The accuracy in the history is that of the weights that were kept.
#[test]
fn the_history_measures_what_is_returned() {
    let trained = trained();
    let held_out = bands(tiny().shape, 30, Seed(2));
    let rows = classify(&trained.classifier, &held_out).unwrap();
    let right = |(i, row): (usize, &Vec<f32>)| {
        let best = (0..3).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
        Some(best) == held_out.label(i).map(datasets::ClassId::index)
    };
    let accuracy = rows.iter().enumerate().filter(|&row| right(row)).count() as f64 / 30.0;
    assert_eq!(trained.history[1].metrics["held_out_accuracy"], accuracy);
}

/// 60 images, half of them of 51 and half of 204: in [0, 1] the mean is 0.5 and each pixel is 0.3 from it.
#[test]
fn the_normalisation_is_that_of_the_training_images() {
    const TOLERANCE: f32 = 1e-6;
    let trained = trained_briefly(&tiny(), |channel, label| {
        assert_eq!(channel, 0);
        51 + 153 * label
    });
    crate::assert_close(&trained.config.pixel_mean, &[0.5], TOLERANCE);
    crate::assert_close(&trained.config.pixel_std, &[0.3], TOLERANCE);
    assert_eq!(trained.classifier.pixel_mean, trained.config.pixel_mean);
    assert_eq!(trained.classifier.pixel_std, trained.config.pixel_std);
    // What else was configured stays.
    assert_eq!(trained.config.width, 2);
    assert_eq!(trained.config.classes, 3);
}

/// Red as above; green 102 everywhere, which is 0.4, with the least deviation that is divided by, the root of 1e-6; blue 0
/// and 255, 0.5 from its mean of 0.5.
#[test]
fn each_channel_has_a_normalisation_of_its_own() {
    const TOLERANCE: f32 = 1e-6;
    let trained = trained_briefly(&odd(), |channel, label| match channel {
        0 => 51 + 153 * label,
        1 => 102,
        _ => 255 * label,
    });
    crate::assert_close(&trained.config.pixel_mean, &[0.5, 0.4, 0.5], TOLERANCE);
    crate::assert_close(&trained.config.pixel_std, &[0.3, 1e-3, 0.5], TOLERANCE);
    assert_eq!(trained.classifier.pixel_mean, trained.config.pixel_mean);
    assert_eq!(trained.classifier.pixel_std, trained.config.pixel_std);
}

/// One epoch on images of one value a channel, given by the channel and the label, 0 or 1.
fn trained_briefly(
    config: &ClassifierConfig,
    value: impl Fn(usize, u8) -> u8,
) -> TrainedClassifier<ResNet18> {
    let shape = config.shape;
    let flat = |count: usize| {
        let pixels = (0..count * shape.values()).map(|i| {
            let channel = i / shape.pixels() % shape.channels();
            value(channel, (i / shape.values() % 2) as u8)
        });
        let labels = (0..count).map(|image| (image % 2) as u16).collect();
        LabelledImages::new(shape, pixels.collect(), labels, 2).unwrap()
    };
    let settings = TrainConfig {
        epochs: 1,
        batch_size: 30,
        ..settings()
    };
    let run = Fit {
        checkpoints: None,
        resume: false,
        cancel: &CancelToken::new(),
        steering: None,
        look: None,
        watch: &mut |_| (),
    };
    let (images, held_out) = (flat(60), flat(4));
    let trained = train(config, &settings, &images, &held_out, &Device::flex(), run);
    trained.unwrap().unwrap()
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_weights() {
    let whole = trained();
    let dir = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(dir.path());
    let resume = |settings: &TrainConfig, after| {
        run::<ResNet18>(&tiny(), settings, Some(&checkpoints), after)
    };
    // Cut in the middle of the second epoch of 15 steps, with augmentation and running statistics on the way.
    assert!(resume(&settings(), 20).unwrap().is_none());
    let other = TrainConfig {
        augmentation: Augmentation::none(),
        ..settings()
    };
    let error = resume(&other, usize::MAX).unwrap_err();
    let is_other = matches!(
        error,
        ClassifierError::Training(TrainingError::OtherRun { .. })
    );
    assert!(is_other, "{error:?}");

    let rest = resume(&settings(), usize::MAX).unwrap().unwrap();
    assert_eq!(weights(&rest.classifier), weights(&whole.classifier));
    assert_eq!(rest.temperature, whole.temperature);
}

/// 251 images are one more than are classified at a time.
#[test]
fn classifying_keeps_the_order_of_the_images() {
    /// Larger batches may sum in another order.
    const TOLERANCE: f32 = 1e-5;
    let network = network(1);
    let images = bands(tiny().shape, 251, Seed(4));
    let rows = classify(&network, &images).unwrap();
    assert_eq!(rows.len(), 251);
    for index in [0, 1, 249, 250] {
        let alone = network.forward(image_tensor(&images, &[index], &Device::flex()).unwrap());
        crate::assert_close(&rows[index], &floats(alone), TOLERANCE);
    }
    assert!(classify(&network, &images.subset(&[])).unwrap().is_empty());
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let refused = |config: &ClassifierConfig, settings: &TrainConfig, name: &str| {
        let error = run::<ResNet18>(config, settings, None, usize::MAX).unwrap_err();
        let ClassifierError::Config { field, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*field, name);
    };
    let few = ClassifierConfig {
        classes: 2,
        ..tiny()
    };
    refused(&few, &settings(), "classes");
    let narrow = ClassifierConfig { width: 0, ..tiny() };
    refused(&narrow, &settings(), "width");
    for label_smoothing in [f32::NAN, -0.1, 1.5] {
        let settings = TrainConfig {
            label_smoothing,
            ..settings()
        };
        refused(&tiny(), &settings, "label_smoothing");
    }
    for weight_decay in [f32::NAN, f32::INFINITY, -0.1] {
        let settings = TrainConfig {
            weight_decay,
            ..settings()
        };
        refused(&tiny(), &settings, "weight_decay");
    }
    let no_batch = TrainConfig {
        batch_size: 0,
        ..settings()
    };
    let error = run::<ResNet18>(&tiny(), &no_batch, None, usize::MAX).unwrap_err();
    let is_plan = matches!(error, ClassifierError::Training(TrainingError::Plan(_)));
    assert!(is_plan, "{error:?}");
}

#[test]
fn images_that_do_not_fit_are_refused() {
    let attempt = |images: &LabelledImages, held_out: &LabelledImages| {
        let run = Fit {
            checkpoints: None,
            resume: false,
            cancel: &CancelToken::new(),
            steering: None,
            look: None,
            watch: &mut |_| panic!("nothing may start"),
        };
        train::<ResNet18>(&odd(), &settings(), images, held_out, &Device::flex(), run).unwrap_err()
    };
    let good = bands(odd().shape, 6, Seed(1));
    let plain = good.clone().without_labels();
    for (error, part) in [
        (attempt(&plain, &good), "training"),
        (attempt(&good, &plain), "held-out"),
    ] {
        assert!(matches!(error, ClassifierError::Unlabelled { part: found } if found == part));
        assert!(
            error
                .to_string()
                .starts_with(&format!("the {part} images have no classes"))
        );
    }
    let turned = bands(shape(3, 32, 20), 6, Seed(1));
    let error = attempt(&good, &turned);
    assert!(matches!(
        error,
        ClassifierError::Shape {
            part: "held-out",
            ..
        }
    ));
    let message = error.to_string();
    assert!(
        message.contains("3x32x20") && message.contains("3x20x32"),
        "{message}"
    );
}
