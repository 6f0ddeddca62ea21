//! Training as a whole, on a few images in three colours.

use burn::tensor::Device;
use datasets::{ClassId, LabelledImages, Seed};
use gan::{Beginning, GanConfig, GanError, InferenceGenerator, TrainConfig, TrainedGan, train};
use latent_space::sample_prior;
use training::{CancelToken, Checkpoints, Event, Fit, TrainingError};

use crate::{CLASSES, digit, gan, odd, odd_images, tiny, weights};

fn settings() -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 6,
        learning_rate: 3e-3,
        average_decay: 0.9,
        seed: Seed(3),
        ..TrainConfig::default()
    }
}

/// 24 images for training and 6 held out.
fn images() -> (LabelledImages, LabelledImages) {
    let all = odd_images(30);
    let part = |range: std::ops::Range<usize>| all.subset(&range.collect::<Vec<_>>());
    (part(0..24), part(24..30))
}

/// Trains, from a checkpoint if there is one, and stops after so many steps.
fn run(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    images: &(LabelledImages, LabelledImages),
    classes: usize,
    checkpoints: Option<&Checkpoints>,
    cancel_after: usize,
) -> Result<Option<TrainedGan>, GanError> {
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
    let (images, held_out) = images;
    let device = Device::flex();
    train(beginning, settings, images, held_out, classes, &device, run)
}

fn trained(settings: &TrainConfig, classes: usize) -> TrainedGan {
    let config = tiny();
    let beginning = Beginning::from(&config);
    let trained = run(beginning, settings, &images(), classes, None, usize::MAX);
    trained.unwrap().unwrap()
}

/// The mean of each channel over some images of a class.
fn colour(generator: &InferenceGenerator, class: usize) -> [f32; 3] {
    const IMAGES: usize = 16;
    let latents = sample_prior(generator.latent_dim(), IMAGES, Seed(1)).concat();
    let images = generator.decode_all_as(&latents, &[Some(ClassId(class as u16)); IMAGES]);
    let mut sums = [0.0; 3];
    for (plane, values) in images.chunks(odd().pixels()).enumerate() {
        sums[plane % 3] += values.iter().sum::<f32>();
    }
    sums.map(|sum| sum / (IMAGES * odd().pixels()) as f32)
}

/// A class is a colour: its channel is 200 of 255 and the others are 20, but for a gradient.
#[test]
fn classes_form() {
    let settings = TrainConfig {
        epochs: 200,
        batch_size: 12,
        ..settings()
    };
    let config = GanConfig {
        latent_dim: 16,
        channels: vec![8, 12, 16],
        blocks: 1,
    };
    let trained = run(
        (&config).into(),
        &settings,
        &images(),
        CLASSES,
        None,
        usize::MAX,
    );
    let trained = trained.unwrap().unwrap();
    let generator = InferenceGenerator::new(&trained.generator);
    let colours = [0, 1, 2].map(|class| colour(&generator, class));
    for (class, colour) in colours.iter().enumerate() {
        let brightest = (0..3).max_by(|&a, &b| colour[a].total_cmp(&colour[b]));
        assert_eq!(brightest, Some(class), "{colours:?}");
    }
    let last = &trained.history.last().unwrap().metrics;
    // Neither network has won: ln 2 = 0.69 is a draw, and a discriminator that always knows has a loss of 0.
    for loss in [
        "train_loss",
        "train_discriminator_loss",
        "held_out_generator_loss",
    ] {
        assert!((0.1..3.0).contains(&last[loss]), "{loss}: {}", last[loss]);
    }
}

#[test]
fn a_trained_gan_comes_with_its_history_and_its_axes() {
    let trained = trained(&settings(), CLASSES);
    let names: Vec<&str> = trained.history[1]
        .metrics
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "held_out_discriminator_loss",
        "held_out_generator_loss",
        "held_out_overfitting",
        "learning_rate",
        "train_discriminator_loss",
        "train_loss",
        "train_squared_slope",
    ];
    assert_eq!(names, expected);
    assert!(trained.history[1].metrics["train_squared_slope"] > 0.0);
    assert_eq!((trained.history.len(), trained.shares.len()), (2, 4));
    assert_eq!(
        (trained.generator.shape, trained.generator.classes()),
        (odd(), CLASSES)
    );
    assert!(!trained.generator.project.weight.val().is_autodiff());
    assert!(trained.shares.is_sorted_by(|a, b| a >= b));
    assert!((trained.shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_weights() {
    let whole = trained(&settings(), CLASSES);
    let dir = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(dir.path());
    let config = tiny();
    let resume = |settings: &TrainConfig, after: usize| {
        let beginning = Beginning::from(&config);
        run(
            beginning,
            settings,
            &images(),
            CLASSES,
            Some(&checkpoints),
            after,
        )
    };
    // An epoch has four steps: cut in the first, and again in the second.
    assert!(resume(&settings(), 3).unwrap().is_none());
    let other = TrainConfig {
        gradient_penalty: 1.0,
        ..settings()
    };
    let error = resume(&other, usize::MAX).unwrap_err();
    let is_other = matches!(error, GanError::Training(TrainingError::OtherRun { .. }));
    assert!(is_other, "{error:?}");
    assert!(resume(&settings(), 2).unwrap().is_none());
    let rest = resume(&settings(), usize::MAX).unwrap().unwrap();
    assert_eq!(weights(&rest.generator), weights(&whole.generator));
    assert_eq!(weights(&rest.discriminator), weights(&whole.discriminator));
    let metrics = |trained: &TrainedGan| -> Vec<_> {
        let records = trained.history.iter();
        records.map(|record| record.metrics.clone()).collect()
    };
    assert_eq!(metrics(&rest), metrics(&whole));
}

#[test]
fn without_classes_no_label_is_looked_at() {
    let (images, held_out) = images();
    let unlabelled = (images.without_labels(), held_out.without_labels());
    let config = tiny();
    let of_none = run(
        (&config).into(),
        &settings(),
        &unlabelled,
        0,
        None,
        usize::MAX,
    );
    let of_none = of_none.unwrap().unwrap();
    assert_eq!(of_none.generator.classes(), 0);
    let with_labels = trained(&settings(), 0);
    assert_eq!(weights(&of_none.generator), weights(&with_labels.generator));
}

#[test]
fn training_goes_on_from_weights() {
    let config = tiny();
    let weights_before = gan(&config, odd(), CLASSES, 8);
    let beginning = Beginning {
        config: &config,
        weights: Some(&weights_before),
    };
    let slow = TrainConfig {
        epochs: 1,
        learning_rate: 1e-9,
        ..settings()
    };
    let after = run(beginning, &slow, &images(), CLASSES, None, usize::MAX);
    let after = after.unwrap().unwrap().discriminator;
    crate::assert_close(
        &weights(&after),
        &weights(&weights_before.discriminator),
        1e-5,
    );
}

#[test]
fn what_cannot_be_trained_is_refused() {
    let refused = |settings: &TrainConfig,
                   images: &(LabelledImages, LabelledImages),
                   classes,
                   words: &str| {
        let config = tiny();
        let error = run(
            (&config).into(),
            settings,
            images,
            classes,
            None,
            usize::MAX,
        );
        let error = error.unwrap_err();
        assert!(matches!(error, GanError::Config { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    };
    let (train_images, held_out) = images();
    let negative = TrainConfig {
        gradient_penalty: -1.0,
        ..settings()
    };
    refused(&negative, &images(), CLASSES, "gradient_penalty is -1");
    let nothing = (train_images.clone(), held_out.subset(&[]));
    refused(&settings(), &nothing, CLASSES, "held-out images is 0");
    let other_shape = (
        train_images.clone(),
        datasets::sample(datasets::KnownDataset::Mnist),
    );
    refused(&settings(), &other_shape, CLASSES, "1x28x28");
    refused(&settings(), &images(), 2, "larger than every label");
    let unlabelled = (train_images.without_labels(), held_out);
    refused(&settings(), &unlabelled, CLASSES, "no labels");
    let config = tiny();
    let digits = gan(&config, digit(), 0, 0);
    let beginning = Beginning {
        config: &config,
        weights: Some(&digits),
    };
    let error = run(beginning, &settings(), &images(), CLASSES, None, usize::MAX);
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("to go on from is 1x28x28")
    );
    let no_latents = GanConfig {
        latent_dim: 0,
        ..tiny()
    };
    let error = run(
        (&no_latents).into(),
        &settings(),
        &images(),
        CLASSES,
        None,
        usize::MAX,
    );
    assert!(matches!(error.unwrap_err(), GanError::Config { .. }));
}
