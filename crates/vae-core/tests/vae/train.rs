//! Training as a whole, on a few real digits.

use datasets::{KnownDataset, LabelledImages, Seed, sample};
use training::{CancelToken, Checkpoints, Event, Fit, TrainingError};
use vae_core::{
    Beginning, JointConfig, Likelihood, Prior, RegionConfig, TrainConfig, TrainedVae, Typical, Vae,
    VaeConfig, VaeError, train,
};

use crate::{digit, gaussians, odd, odd_images, tiny, vae, weights};

/// 48 images for training and 16 held out, zeros and ones in equal parts.
pub fn digits() -> (LabelledImages, LabelledImages) {
    // The sample holds 100 images of each class in class order.
    let of_both = |range: std::ops::Range<usize>| {
        let indices: Vec<usize> = range.flat_map(|i| [i, 100 + i]).collect();
        sample(KnownDataset::Mnist).subset(&indices)
    };
    (of_both(0..24), of_both(24..32))
}

pub fn settings() -> TrainConfig {
    TrainConfig {
        epochs: 2,
        batch_size: 4,
        learning_rate: 1e-2,
        kl_warmup_epochs: 1.0,
        kl_weight: 1.0,
        kl_start: 0.0,
        class_weight: 1.0,
        swap_weight: 0.0,
        binarise: false,
        joint: JointConfig::default(),
        average_decay: 0.5,
        regions: gaussians(1),
        seed: Seed(3),
    }
}

/// Trains on some images, `[images, held_out]`.
pub fn train_as(
    config: &VaeConfig,
    settings: &TrainConfig,
    [images, held_out]: [&LabelledImages; 2],
    classes: usize,
) -> Result<Option<TrainedVae>, VaeError> {
    let run = Fit {
        checkpoints: None,
        resume: false,
        cancel: &CancelToken::new(),
        steering: None,
        look: None,
        watch: &mut |_| (),
    };
    let device = burn::tensor::Device::flex();
    let beginning = config.into();
    train(beginning, settings, images, held_out, classes, &device, run)
}

/// Trains on [`digits`], from a checkpoint if there is one, and stops after so many steps.
pub fn run(
    config: &VaeConfig,
    settings: &TrainConfig,
    checkpoints: Option<&Checkpoints>,
    cancel_after: usize,
) -> Result<Option<TrainedVae>, VaeError> {
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
    let (images, held_out) = digits();
    let device = burn::tensor::Device::flex();
    train(config.into(), settings, &images, &held_out, 2, &device, run)
}

pub fn trained(config: &VaeConfig) -> TrainedVae {
    run(config, &settings(), None, usize::MAX).unwrap().unwrap()
}

#[test]
fn two_epochs_lower_the_loss() {
    for likelihood in [Likelihood::Bernoulli, Likelihood::Gaussian] {
        // Residual blocks would need more than these 24 steps.
        let config = VaeConfig {
            likelihood,
            blocks: 0,
            ..tiny()
        };
        let trained = trained(&config);
        let [first, second] = &trained.history[..] else {
            panic!("{:?}", trained.history);
        };
        let names: Vec<&str> = second.metrics.keys().map(String::as_str).collect();
        let expected = [
            "held_out_kl_nats",
            "held_out_mse",
            "held_out_reconstruction_nats",
            "learning_rate",
            "train_loss",
        ];
        assert_eq!(names, expected);
        for name in ["train_loss", "held_out_reconstruction_nats", "held_out_mse"] {
            let (before, after) = (first.metrics[name], second.metrics[name]);
            assert!(after < before, "{likelihood} {name}: {before} to {after}");
        }
        assert!(second.metrics["held_out_kl_nats"] >= 0.0);
        // Undecided pixels would cost 784 ln 2 = 543 nats; with few of them inked, two epochs do far better.
        if likelihood == Likelihood::Bernoulli {
            assert!(second.metrics["held_out_reconstruction_nats"] < 400.0);
        }
    }
}

/// The more a nat of the KL term costs, the fewer of them the latents are worth.
#[test]
fn a_heavier_kl_term_has_latents_tell_less() {
    let kl = |kl_weight| {
        let config = VaeConfig {
            blocks: 0,
            ..tiny()
        };
        let settings = TrainConfig {
            kl_weight,
            epochs: 4,
            ..settings()
        };
        let trained = run(&config, &settings, None, usize::MAX).unwrap().unwrap();
        trained.history.last().unwrap().metrics["held_out_kl_nats"]
    };
    let [light, usual, heavy] = [0.1, 1.0, 20.0].map(kl);
    assert!(light > usual && usual > heavy, "{light} {usual} {heavy}");
}

#[test]
fn a_trained_vae_comes_with_its_latent_space() {
    let trained = trained(&tiny());
    assert_eq!(trained.vae.latent_dim(), 3);
    assert!(!trained.vae.encoder.mean.weight.val().is_autodiff());
    assert!(trained.latent.space.statistics.is_sound(3));
    assert_eq!(trained.latent.space.statistics.n, 48);
    assert!(trained.latent.space.regions.is_sound(2, 3));
    assert!((0.0..1.0).contains(&trained.latent.pixel_sigma));
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_weights() {
    let whole = trained(&tiny());
    let dir = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(dir.path());
    let resume = |settings: &TrainConfig, after| run(&tiny(), settings, Some(&checkpoints), after);
    // Cut in the middle of the first epoch of 12 steps.
    assert!(resume(&settings(), 5).unwrap().is_none());

    let other = TrainConfig {
        class_weight: 2.0,
        ..settings()
    };
    let error = resume(&other, usize::MAX).unwrap_err();
    let is_other = matches!(error, VaeError::Training(TrainingError::OtherRun { .. }));
    assert!(is_other, "{error:?}");

    // The regions are fitted afterwards: asking for other ones is no other run.
    let regions = TrainConfig {
        regions: gaussians(2),
        ..settings()
    };
    let rest = resume(&regions, usize::MAX).unwrap().unwrap();
    assert_eq!(weights(&rest.vae), weights(&whole.vae));
    assert_eq!(rest.latent.space.statistics, whole.latent.space.statistics);
    assert_ne!(rest.latent.space.regions, whole.latent.space.regions);
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let no_latents = VaeConfig {
        latent_dim: 0,
        ..tiny()
    };
    let error = run(&no_latents, &settings(), None, usize::MAX).unwrap_err();
    assert!(matches!(error, VaeError::Config { .. }), "{error:?}");
    let no_epochs = TrainConfig {
        epochs: 0,
        ..settings()
    };
    for (field, settings) in [
        (
            "kl_start",
            TrainConfig {
                kl_start: f64::NAN,
                ..settings()
            },
        ),
        (
            "kl_weight",
            TrainConfig {
                kl_weight: -0.5,
                ..settings()
            },
        ),
        (
            "swap_weight",
            TrainConfig {
                swap_weight: -1.0,
                ..settings()
            },
        ),
        (
            "kl_warmup_epochs",
            TrainConfig {
                kl_warmup_epochs: f64::NAN,
                ..settings()
            },
        ),
        (
            "class_weight",
            TrainConfig {
                class_weight: -1_000.0,
                ..settings()
            },
        ),
        (
            "components is 0",
            TrainConfig {
                regions: gaussians(0),
                ..settings()
            },
        ),
        (
            "typical is NaN",
            TrainConfig {
                regions: RegionConfig {
                    typical: Typical::AtLeast(f64::NAN),
                    ..gaussians(1)
                },
                ..settings()
            },
        ),
        (
            "typical is 2",
            TrainConfig {
                regions: RegionConfig {
                    typical: Typical::AtLeast(2.0),
                    ..gaussians(1)
                },
                ..settings()
            },
        ),
    ] {
        let error = run(&tiny(), &settings, None, usize::MAX).unwrap_err();
        assert!(error.to_string().contains(field), "{error}");
    }
    let error = run(&tiny(), &no_epochs, None, usize::MAX).unwrap_err();
    let is_plan = matches!(error, VaeError::Training(TrainingError::Plan(_)));
    assert!(is_plan, "{error:?}");
}

/// A class with one image has no region. That is said before the first step, not after the last.
#[test]
fn a_class_with_one_image_is_refused_before_the_first_step() {
    let (images, held_out) = digits();
    let of_class = |class: u16| {
        let labels = images.labels().iter().enumerate();
        labels
            .filter(move |(_, label)| **label == class)
            .map(|(i, _)| i)
    };
    let few: Vec<usize> = of_class(0).chain(of_class(1).take(1)).collect();
    let run = Fit {
        checkpoints: None,
        resume: false,
        cancel: &CancelToken::new(),
        steering: None,
        look: None,
        watch: &mut |_| panic!("a step was taken"),
    };
    let device = burn::tensor::Device::flex();
    let (config, few) = (tiny(), images.subset(&few));
    let result = train(
        (&config).into(),
        &settings(),
        &few,
        &held_out,
        2,
        &device,
        run,
    );
    let text = result.expect_err("class 1 has one image").to_string();
    assert!(text.contains("class 1 has 1 images"), "{text}");
}

/// The network of a run that was cut in the middle of its first epoch and went on from the checkpoint.
pub fn resumed(config: &VaeConfig) -> Vae {
    resumed_as(config, &settings())
}

/// As [`resumed`], by these settings.
pub fn resumed_as(config: &VaeConfig, settings: &TrainConfig) -> Vae {
    let dir = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::new(dir.path());
    let go = |after| run(config, settings, Some(&checkpoints), after).unwrap();
    assert!(go(5).is_none());
    go(usize::MAX).unwrap().vae
}

/// Trains on some images, of which the last six are held out.
pub fn train_on(
    images: &LabelledImages,
    config: &VaeConfig,
    classes: usize,
) -> Result<Option<TrainedVae>, VaeError> {
    let at = images.len() - 6;
    let part = |range: std::ops::Range<usize>| images.subset(&range.collect::<Vec<_>>());
    let parts = [&part(0..at), &part(at..images.len())];
    train_as(config, &settings(), parts, classes)
}

fn calibrated() -> VaeConfig {
    VaeConfig {
        likelihood: Likelihood::Gaussian,
        blocks: 0,
        ..tiny()
    }
}

/// Middle grey would be off by sqrt(0.131722) = 0.362936 in these images' 3 * 20 * 32 = 1,920 values:
/// 960 (ln(2 pi 0.131722) + 1) = 778 nats an image.
#[test]
fn colour_images_that_are_not_square_train() {
    let trained = train_on(&odd_images(54), &calibrated(), 3)
        .unwrap()
        .unwrap();
    let [first, second] = &trained.history[..] else {
        panic!("{:?}", trained.history);
    };
    for name in ["train_loss", "held_out_reconstruction_nats", "held_out_mse"] {
        let (before, after) = (first.metrics[name], second.metrics[name]);
        assert!(after < before, "{name}: {before} to {after}");
    }
    assert!(second.metrics["held_out_reconstruction_nats"] < 778.0);
    assert_eq!(trained.vae.shape, odd());
    trained.latent.space.check(3, 3).unwrap();
    assert!((0.0..0.362).contains(&trained.latent.pixel_sigma));
}

#[test]
fn images_without_labels_train_with_the_normal_prior() {
    let images = odd_images(54);
    let unlabelled = LabelledImages::unlabelled(odd(), images.pixels().unwrap().to_vec()).unwrap();
    let normal = VaeConfig {
        prior: Prior::Normal,
        ..calibrated()
    };
    let trained = train_on(&unlabelled, &normal, 0).unwrap().unwrap();
    assert!(trained.vae.class_centres.is_none());
    trained.latent.space.check(3, 0).unwrap();
    assert_eq!(trained.latent.space.regions.0[0].images, 48);
    // Labels that are there are not looked at when nobody asks for them.
    let without = train_on(&images, &normal, 0).unwrap().unwrap();
    assert_eq!(weights(&without.vae), weights(&trained.vae));
    assert_eq!(without.latent, trained.latent);
}

/// A VAE with a normal prior is unsupervised: only the regions, which are fitted afterwards, know the labels.
#[test]
fn no_label_has_a_part_in_the_weights_of_a_vae_with_a_normal_prior() {
    let (images, held_out) = digits();
    // Every label is the other one, in training and held out.
    let swapped = |images: &LabelledImages| {
        let labels = images.labels().iter().map(|label| 1 - label).collect();
        LabelledImages::new(images.shape(), images.pixels().unwrap().to_vec(), labels, 2).unwrap()
    };
    let train_with = |images: &LabelledImages, held_out: &LabelledImages, prior: Prior| {
        let config = VaeConfig { prior, ..tiny() };
        let (device, cancel) = (burn::tensor::Device::flex(), CancelToken::new());
        let run = Fit {
            checkpoints: None,
            resume: false,
            cancel: &cancel,
            steering: None,
            look: None,
            watch: &mut |_| {},
        };
        let trained = train(
            (&config).into(),
            &settings(),
            images,
            held_out,
            2,
            &device,
            run,
        );
        trained.unwrap().unwrap()
    };
    let with = |prior| {
        let labels = train_with(&images, &held_out, prior);
        let others = train_with(&swapped(&images), &swapped(&held_out), prior);
        (labels, others)
    };
    let (labels, others) = with(Prior::Normal);
    assert_eq!(weights(&labels.vae), weights(&others.vae));
    assert_eq!(
        labels
            .history
            .iter()
            .map(|epoch| &epoch.metrics)
            .collect::<Vec<_>>(),
        others
            .history
            .iter()
            .map(|epoch| &epoch.metrics)
            .collect::<Vec<_>>()
    );
    // The regions have changed places.
    let regions = |trained: &TrainedVae| trained.latent.space.regions.clone().0;
    let middles = |trained: &TrainedVae| {
        [0, 1].map(|class| regions(trained)[class].components[0].mean.clone())
    };
    let [zeros, ones] = middles(&labels);
    let [swapped_zeros, swapped_ones] = middles(&others);
    crate::assert_close(&zeros, &swapped_ones, 1e-4);
    crate::assert_close(&ones, &swapped_zeros, 1e-4);
    // One with class centres learns from them.
    let (labels, others) = with(Prior::ClassCentres);
    assert_ne!(weights(&labels.vae), weights(&others.vae));
}

#[test]
fn labels_that_are_missing_or_wrong_are_refused() {
    let images = odd_images(18);
    let unlabelled = LabelledImages::unlabelled(odd(), images.pixels().unwrap().to_vec()).unwrap();
    let refused = |images: &LabelledImages, classes, words: &str| {
        let error = train_on(images, &calibrated(), classes).unwrap_err();
        assert!(matches!(error, VaeError::Config { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    };
    refused(&unlabelled, 0, "images without labels need normal");
    refused(&unlabelled, 3, "no labels");
    refused(&images, 2, "larger than every label");
}

#[test]
fn images_of_different_shapes_are_refused() {
    let (images, held_out) = (odd_images(6), digits().1);
    let device = burn::tensor::Device::flex();
    let refused = |beginning: Beginning<'_>, held_out: &LabelledImages, words: &str| {
        let run = Fit {
            checkpoints: None,
            resume: false,
            cancel: &CancelToken::new(),
            steering: None,
            look: None,
            watch: &mut |_| (),
        };
        let result = train(beginning, &settings(), &images, held_out, 3, &device, run);
        let message = result.unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    };
    let config = tiny();
    refused(
        (&config).into(),
        &held_out,
        "the held-out images is 1x28x28",
    );
    let digits = vae(&config, 0);
    assert_eq!(digits.shape, digit());
    let beginning = Beginning {
        config: &config,
        weights: Some(&digits),
    };
    refused(
        beginning,
        &images,
        "1x28x28, but the training images are 3x20x32",
    );
}
