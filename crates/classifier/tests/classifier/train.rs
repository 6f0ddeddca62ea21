//! Training as a whole, on images that are easy to tell apart.

use burn::tensor::Device;
use classifier::{
    Augmentation, ClassifierError, ResNetConfig, TrainConfig, TrainedClassifier, classify, train,
};
use datasets::{LabelledImages, PIXELS, SIDE, Seed, image_tensor};
use rand::RngExt;
use training::{CancelToken, Checkpoints, Event, Fit, TrainingError};

use crate::{floats, network, tiny, weights};

/// Noise with a bright band: across the top in class 0, across the bottom in class 1, down the middle in class 2.
fn bands(count: usize, seed: Seed) -> LabelledImages {
    let mut rng = seed.rng();
    let label = |image: usize| (image % 3) as u8;
    let mut pixel = |i: usize| {
        let (x, y) = (i % SIDE, i % PIXELS / SIDE);
        let bright = match label(i / PIXELS) {
            0 => (4..10).contains(&y),
            1 => (18..24).contains(&y),
            _ => (11..17).contains(&x),
        };
        rng.random_range(0..60) + if bright { 150 } else { 0 }
    };
    let pixels = (0..count * PIXELS).map(&mut pixel).collect();
    LabelledImages::new(pixels, (0..count).map(label).collect(), 3).unwrap()
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
fn run(
    config: &ResNetConfig,
    settings: &TrainConfig,
    checkpoints: Option<&Checkpoints>,
    cancel_after: usize,
) -> Result<Option<TrainedClassifier>, ClassifierError> {
    let cancel = CancelToken::new();
    let mut taken = 0;
    let run = Fit {
        checkpoints,
        resume: true,
        cancel: &cancel,
        watch: &mut |event| {
            taken += usize::from(matches!(event, Event::Step(_)));
            if taken >= cancel_after {
                cancel.cancel();
            }
        },
    };
    let (images, held_out) = (bands(60, Seed(1)), bands(30, Seed(2)));
    train(config, settings, &images, &held_out, &Device::flex(), run)
}

fn trained() -> TrainedClassifier {
    run(&tiny(), &settings(), None, usize::MAX)
        .unwrap()
        .unwrap()
}

#[test]
fn two_epochs_tell_the_classes_apart() {
    let trained = trained();
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
    assert!(!trained.classifier.fc.weight.val().is_autodiff());
}

/// The accuracy in the history is that of the weights that were kept.
#[test]
fn the_history_measures_what_is_returned() {
    let trained = trained();
    let held_out = bands(30, Seed(2));
    let rows = classify(&trained.classifier, &held_out);
    let right = |(i, row): (usize, &Vec<f32>)| {
        let best = (0..3).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
        best == held_out.label(i).index()
    };
    let accuracy = rows.iter().enumerate().filter(|&row| right(row)).count() as f64 / 30.0;
    assert_eq!(trained.history[1].metrics["held_out_accuracy"], accuracy);
}

/// 60 images, half of them of 51 and half of 204: in [0, 1] the mean is 0.5 and each pixel is 0.3 from it.
#[test]
fn the_normalisation_is_that_of_the_training_images() {
    const TOLERANCE: f32 = 1e-6;
    let two_greys = |count: usize| {
        let label = |image: usize| (image % 2) as u8;
        let pixels = (0..count * PIXELS)
            .map(|i| 51 + 153 * label(i / PIXELS))
            .collect();
        LabelledImages::new(pixels, (0..count).map(label).collect(), 2).unwrap()
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
        watch: &mut |_| (),
    };
    let (images, held_out) = (two_greys(60), two_greys(4));
    let trained = train(&tiny(), &settings, &images, &held_out, &Device::flex(), run);
    let trained = trained.unwrap().unwrap();
    assert!((trained.config.pixel_mean - 0.5).abs() < TOLERANCE);
    assert!((trained.config.pixel_std - 0.3).abs() < TOLERANCE);
    assert_eq!(trained.classifier.pixel_mean, trained.config.pixel_mean);
    assert_eq!(trained.classifier.pixel_std, trained.config.pixel_std);
    // What else was configured stays.
    assert_eq!(trained.config.width, 2);
    assert_eq!(trained.config.classes, 3);
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_weights() {
    let whole = trained();
    let dir = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(dir.path());
    let resume = |settings: &TrainConfig, after| run(&tiny(), settings, Some(&checkpoints), after);
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
    let images = bands(251, Seed(4));
    let rows = classify(&network, &images);
    assert_eq!(rows.len(), 251);
    for index in [0, 1, 249, 250] {
        let alone = network.forward(image_tensor(&images, &[index], &Device::flex()));
        crate::assert_close(&rows[index], &floats(alone), TOLERANCE);
    }
    assert!(classify(&network, &images.subset(&[])).is_empty());
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let refused = |config: &ResNetConfig, settings: &TrainConfig, name: &str| {
        let error = run(config, settings, None, usize::MAX).unwrap_err();
        let ClassifierError::Config { field, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(*field, name);
    };
    let few = ResNetConfig {
        classes: 2,
        ..tiny()
    };
    refused(&few, &settings(), "classes");
    let narrow = ResNetConfig { width: 0, ..tiny() };
    refused(&narrow, &settings(), "width");
    for label_smoothing in [f32::NAN, -0.1, 1.5] {
        let settings = TrainConfig {
            label_smoothing,
            ..settings()
        };
        refused(&tiny(), &settings, "label_smoothing");
    }
    let no_batch = TrainConfig {
        batch_size: 0,
        ..settings()
    };
    let error = run(&tiny(), &no_batch, None, usize::MAX).unwrap_err();
    let is_plan = matches!(error, ClassifierError::Training(TrainingError::Plan(_)));
    assert!(is_plan, "{error:?}");
}
