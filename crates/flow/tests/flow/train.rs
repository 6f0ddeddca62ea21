//! Training as a whole.

use burn::tensor::{Device, TensorData};
use datasets::{DatasetError, LabelledImages, Seed, image_data};
use flow::{Beginning, FlowConfig, FlowError, Pictures, TrainConfig, TrainedFlow, train};
use training::{CancelToken, Checkpoints, Event, Fit, TrainingError};

use crate::{CLASSES, digit, fresh, odd, odd_images, tiny, tiny_refiner, weights};

fn settings() -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 4,
        learning_rate: 1e-2,
        average_decay: 0.5,
        label_drop: 0.1,
        seed: Seed(3),
    }
}

/// Pictures of middle grey and the image, half of each, a little brighter or darker by the seed.
fn blurred(
    images: &LabelledImages,
    indices: &[usize],
    seed: Seed,
) -> Result<TensorData, DatasetError> {
    let data = image_data(images, indices)?;
    let shape = data.shape().clone();
    let more = (seed.0 % 16) as f32 / 256.0;
    let pixels: Vec<f32> = data.iter::<f32>().map(|x| 0.2 + 0.5 * x + more).collect();
    Ok(TensorData::new(pixels, shape))
}

/// Trains on 48 images of the odd shape and measures on 6, from a checkpoint if there is one, and stops after so many steps.
fn run(
    config: &FlowConfig,
    settings: &TrainConfig,
    images: &LabelledImages,
    checkpoints: Option<&Checkpoints>,
    cancel_after: usize,
) -> Result<Option<TrainedFlow>, FlowError> {
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
    let part = |range: std::ops::Range<usize>| images.subset(&range.collect::<Vec<_>>());
    let (training, held_out) = (part(0..48), part(48..54));
    let pictures: Option<&Pictures<'_>> = config.from_picture.then_some(&blurred);
    let (classes, device) = (images.classes(), Device::flex());
    train(
        config.into(),
        settings,
        &training,
        &held_out,
        classes,
        pictures,
        &device,
        run,
    )
}

fn trained(config: &FlowConfig, images: &LabelledImages) -> TrainedFlow {
    run(config, &settings(), images, None, usize::MAX)
        .unwrap()
        .unwrap()
}

/// At a rate of almost nothing the velocity stays 0, and the loss is the mean square of the way from noise or picture to image.
#[test]
fn two_epochs_lower_the_loss() {
    let images = odd_images(54);
    for config in [tiny(), tiny_refiner()] {
        let still = TrainConfig {
            epochs: 1,
            learning_rate: 1e-9,
            ..settings()
        };
        let still = run(&config, &still, &images, None, usize::MAX);
        let untrained = still.unwrap().unwrap().history[0].metrics["held_out_loss"];
        let trained = trained(&config, &images);
        let [first, second] = &trained.history[..] else {
            panic!("{:?}", trained.history);
        };
        let names: Vec<&str> = second.metrics.keys().map(String::as_str).collect();
        assert_eq!(names, ["held_out_loss", "learning_rate", "train_loss"]);
        for name in ["train_loss", "held_out_loss"] {
            let (before, after) = (first.metrics[name], second.metrics[name]);
            assert!(after < before, "{config:?} {name}: {before} to {after}");
        }
        let after = second.metrics["held_out_loss"];
        assert!(
            after < 0.8 * untrained,
            "{config:?}: {untrained} to {after}"
        );
        assert!(!trained.net.leave.weight.val().is_autodiff());
    }
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_weights() {
    for config in [tiny(), tiny_refiner()] {
        let images = odd_images(54);
        let whole = trained(&config, &images);
        let dir = tempfile::tempdir().unwrap();
        let checkpoints = Checkpoints::new(dir.path());
        let resume = |settings: &TrainConfig, after| {
            run(&config, settings, &images, Some(&checkpoints), after)
        };
        // Cut in the middle of the first epoch of 12 steps.
        assert!(resume(&settings(), 5).unwrap().is_none());
        let other = TrainConfig {
            label_drop: 0.2,
            ..settings()
        };
        let error = resume(&other, usize::MAX).unwrap_err();
        let is_other = matches!(error, FlowError::Training(TrainingError::OtherRun { .. }));
        assert!(is_other, "{error:?}");
        let rest = resume(&settings(), usize::MAX).unwrap().unwrap();
        assert_eq!(weights(&rest.net), weights(&whole.net));
        let losses = |trained: &TrainedFlow| trained.history[1].metrics["held_out_loss"];
        assert_eq!(losses(&rest), losses(&whole));
    }
}

/// Labels that are all others give other weights only if the network is given classes that are not left out.
#[test]
fn labels_have_a_part_only_where_they_are_given() {
    let images = odd_images(54);
    let labels = images
        .labels()
        .iter()
        .map(|label| (label + 1) % 3)
        .collect();
    let pixels = images.pixels().unwrap().to_vec();
    let others = LabelledImages::new(odd(), pixels.clone(), labels, CLASSES).unwrap();
    let one_epoch = |config: &FlowConfig, label_drop, images: &LabelledImages| {
        let settings = TrainConfig {
            epochs: 1,
            label_drop,
            ..settings()
        };
        weights(
            &run(config, &settings, images, None, usize::MAX)
                .unwrap()
                .unwrap()
                .net,
        )
    };
    let plain = FlowConfig {
        conditional: false,
        ..tiny()
    };
    let unlabelled = LabelledImages::unlabelled(odd(), pixels).unwrap();
    assert_eq!(
        one_epoch(&plain, 0.0, &images),
        one_epoch(&plain, 0.0, &unlabelled)
    );
    assert_ne!(
        one_epoch(&tiny(), 0.0, &images),
        one_epoch(&tiny(), 0.0, &others)
    );
    assert_eq!(
        one_epoch(&tiny(), 1.0, &images),
        one_epoch(&tiny(), 1.0, &others)
    );
}

#[test]
fn a_training_goes_on_from_weights() {
    let begin = fresh(&tiny(), odd(), 9);
    let images = odd_images(8);
    let settings = TrainConfig {
        epochs: 1,
        batch_size: 8,
        learning_rate: 1e-9,
        ..settings()
    };
    let (config, device) = (tiny(), Device::flex());
    let beginning = Beginning {
        config: &config,
        weights: Some(&begin),
    };
    let cancel = CancelToken::new();
    let run = Fit {
        checkpoints: None,
        resume: false,
        cancel: &cancel,
        steering: None,
        look: None,
        watch: &mut |_| (),
    };
    let trained = train(
        beginning, &settings, &images, &images, CLASSES, None, &device, run,
    );
    // One step at a rate of almost nothing.
    crate::assert_close(
        &weights(&trained.unwrap().unwrap().net),
        &weights(&begin),
        1e-6,
    );
}

#[test]
fn what_cannot_be_trained_is_refused() {
    let images = odd_images(54);
    let refused = |config: &FlowConfig, settings: &TrainConfig, images: &LabelledImages, words| {
        let error = run(config, settings, images, None, usize::MAX)
            .unwrap_err()
            .to_string();
        assert!(error.contains(words), "{error}");
    };
    let unlabelled = LabelledImages::unlabelled(odd(), images.pixels().unwrap().to_vec()).unwrap();
    refused(
        &tiny(),
        &settings(),
        &unlabelled,
        "the images have 0 classes",
    );
    let drop = TrainConfig {
        label_drop: 1.5,
        ..settings()
    };
    refused(&tiny(), &drop, &images, "label_drop is 1.5");
    let epochs = TrainConfig {
        epochs: 0,
        ..settings()
    };
    refused(&tiny(), &epochs, &images, "epochs must be at least 1");

    let direct =
        |beginning: Beginning<'_>, classes, pictures: Option<&Pictures<'_>>, words: &str| {
            let cancel = CancelToken::new();
            let run = Fit {
                checkpoints: None,
                resume: false,
                cancel: &cancel,
                steering: None,
                look: None,
                watch: &mut |_| (),
            };
            let (settings, device) = (settings(), Device::flex());
            let result = train(
                beginning, &settings, &images, &images, classes, pictures, &device, run,
            );
            let error = result.unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
    direct(
        (&tiny_refiner()).into(),
        CLASSES,
        None,
        "a refiner needs pictures",
    );
    direct(
        (&tiny()).into(),
        CLASSES,
        Some(&blurred),
        "only a refiner looks at",
    );
    direct((&tiny()).into(), 2, None, "larger than every label");
    let (config, digits) = (tiny(), fresh(&tiny(), digit(), 0));
    let beginning = Beginning {
        config: &config,
        weights: Some(&digits),
    };
    direct(beginning, CLASSES, None, "the training images are 3x20x32");
}
