//! Training runs that end in a bundle.

use burn::tensor::Device;
use datasets::{LabelledImages, Seed};
use studio::{
    Bundle, Family, FileRole, Generator, Manifest, ModelSource, StudioError, TrainingRun,
    fit_regions, train_classifier, train_refiner, train_vae,
};
use tempfile::TempDir;
use training::{CancelToken, Event, Outcome};
use vae_core::{JointConfig, RegionConfig, Typical, Vae};

use crate::support::{
    bundle, conditional_bundle, conditional_config, images, info, joint_config, refiner_config,
    saved, saved_bundle, vae_config,
};

/// Thirty images, ten of each class.
fn few() -> LabelledImages {
    let indices: Vec<usize> = (0..300).step_by(10).collect();
    images().subset(&indices)
}

/// The network is hardly trained and tells no class from another, so all images count as typical.
fn regions() -> RegionConfig {
    RegionConfig {
        components: 1,
        typical: Typical::AtLeast(0.0),
    }
}

pub fn open(dir: &TempDir) -> Bundle {
    let source = ModelSource::Folder(dir.path().to_owned());
    Bundle::open(&source, &Device::flex()).expect("a sound bundle")
}

/// A run in `dir`, during which somebody saves `other` there.
pub fn train(
    dir: &TempDir,
    other: Option<Bundle>,
    start: impl FnOnce(&mut TrainingRun<'_>) -> Result<Outcome, StudioError>,
) {
    let outcome = try_train(dir, other, start).expect("it trains");
    assert_eq!(outcome, Outcome::Finished);
}

fn try_train(
    dir: &TempDir,
    mut other: Option<Bundle>,
    start: impl FnOnce(&mut TrainingRun<'_>) -> Result<Outcome, StudioError>,
) -> Result<Outcome, StudioError> {
    let (images, dataset, device) = (few(), info(), Device::flex());
    let mut watch = |_: Event<'_>| {
        if let Some(mut other) = other.take() {
            other.save(dir.path()).expect("it can be written");
        }
    };
    let mut run = TrainingRun {
        dataset: &dataset,
        train: &images,
        held_out: &images,
        sample: None,
        command: "a run of this test",
        out: dir.path(),
        resume: false,
        replace_damaged: false,
        device: &device,
        device_name: "Flex",
        cancel: &CancelToken::new(),
        steering: None,
        snapshots: None,
        watch: &mut watch,
    };
    start(&mut run)
}

#[test]
fn a_network_that_was_saved_while_the_other_one_trained_is_kept() {
    let dir = tempfile::tempdir().expect("a folder");
    let settings = vae_core::TrainConfig {
        epochs: 1,
        batch_size: 15,
        regions: regions(),
        ..vae_core::TrainConfig::default()
    };
    train(&dir, Some(bundle()), |run| {
        train_vae(&vae_config(), None, &settings, run)
    });
    let both = open(&dir);
    let vae = both.manifest.generator.clone().expect("it was trained");
    assert_eq!(vae.training.command, "a run of this test");
    assert!(both.classifier.is_some(), "it was saved during the run");

    let dir = tempfile::tempdir().expect("a folder");
    let settings = classifier::TrainConfig {
        epochs: 1,
        batch_size: 15,
        ..classifier::TrainConfig::default()
    };
    let config = bundle().manifest.classifier.expect("it has one").config;
    train(&dir, Some(bundle()), |run| {
        train_classifier(&config, &settings, run)
    });
    let both = open(&dir);
    let part = both.manifest.classifier.clone().expect("it was trained");
    assert_eq!(part.training.command, "a run of this test");
    assert!(both.generator.is_some(), "it was saved during the run");
}

#[test]
fn a_conditional_vae_is_trained_and_trained_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let settings = vae_core::TrainConfig {
        epochs: 1,
        batch_size: 15,
        regions: regions(),
        ..vae_core::TrainConfig::default()
    };
    let config = conditional_config();
    train(&dir, None, |run| train_vae(&config, None, &settings, run));
    let first = open(&dir).manifest;
    assert_eq!(first.family(), Some(Family::Conditional));
    let part = first.generator.expect("it was trained");
    assert!(part.labels_used);
    // One region over all images; classes are not in the latents.
    let regions = &part.latent.regions;
    assert_eq!((regions.classes(), regions.0[0].images), (1, 30));
    let trained = open(&dir).generator.expect("it was trained");
    assert_eq!(part.training.parameters, trained.parameters());

    let source = ModelSource::Folder(dir.path().to_owned());
    let second = tempfile::tempdir().expect("a folder");
    train(&second, None, |run| {
        train_vae(&config, Some(&source), &settings, run)
    });
    let part = open(&second).manifest.generator.expect("it was trained");
    assert_eq!((part.training.epochs, part.training.history.len()), (2, 2));
    // Its regions can be fitted again.
    let images = few();
    let nats = fit_regions(
        second.path(),
        [&images; 2],
        settings.regions,
        Seed(5),
        &Device::flex(),
    );
    assert!(nats.expect("a fit").is_finite());
    // A plain VAE cannot go on as a conditional one.
    let plain = tempfile::tempdir().expect("a folder");
    bundle().save(plain.path()).expect("it can be written");
    let source = ModelSource::Folder(plain.path().to_owned());
    let other = tempfile::tempdir().expect("a folder");
    let refused = try_train(&other, None, |run| {
        train_vae(&config, Some(&source), &settings, run)
    });
    assert!(matches!(refused, Err(StudioError::OtherArchitecture(_))));
}

#[test]
fn a_joint_model_is_trained_with_a_few_labels() {
    let dir = tempfile::tempdir().expect("a folder");
    let settings = vae_core::TrainConfig {
        epochs: 1,
        batch_size: 15,
        regions: regions(),
        joint: JointConfig {
            labels: Some(6),
            ..JointConfig::default()
        },
        ..vae_core::TrainConfig::default()
    };
    let config = joint_config();
    train(&dir, None, |run| train_vae(&config, None, &settings, run));
    let manifest = open(&dir).manifest;
    assert_eq!(manifest.family(), Some(Family::Joint));
    let part = manifest.generator.expect("it was trained");
    assert!(part.labels_used);
    assert!(part.training.settings.contains("labels: Some(6)"));
    let metrics = &part.training.history[0].metrics;
    assert!(metrics.contains_key("held_out_head_error"), "{metrics:?}");
    let regions = part.latent.regions.0.iter();
    assert_eq!(
        regions.map(|region| region.images).collect::<Vec<_>>(),
        [10; 3]
    );
}

#[test]
fn regions_are_fitted_again_beside_what_is_there() {
    let dir = tempfile::tempdir().expect("a folder");
    bundle().save(dir.path()).expect("it can be written");
    let before = open(&dir);
    let images = few();
    let nats = fit_regions(
        dir.path(),
        [&images; 2],
        regions(),
        Seed(5),
        &Device::flex(),
    );
    assert!(nats.expect("a fit").is_finite());
    let after = open(&dir);
    let [old, new] = [&before, &after].map(|bundle| &bundle.manifest);
    assert_eq!(old.files[&FileRole::Vae], new.files[&FileRole::Vae]);
    assert_eq!(old.classifier, new.classifier);
    let latent = &new.generator.as_ref().expect("it is there").latent;
    assert_eq!(latent.statistics.n, 30);
}

/// A run of two steps.
fn refiner_settings() -> flow::TrainConfig {
    flow::TrainConfig {
        epochs: 1,
        batch_size: 15,
        ..flow::TrainConfig::default()
    }
}

#[test]
fn a_refiner_goes_into_a_model_of_its_own_beside_a_copy_of_its_vae() {
    let (_of_vae, source) = saved();
    let dir = tempfile::tempdir().expect("a folder");
    let (config, settings) = (refiner_config(), refiner_settings());
    train(&dir, None, |run| {
        train_refiner(&config, Some(&source), &settings, 2, run)
    });
    let trained = open(&dir);
    let (before, after) = (Manifest::read(&source).expect("sound"), &trained.manifest);
    assert_eq!(after.family(), Some(Family::Refined));
    assert_eq!(after.usual_sampler().steps, 2);
    assert_eq!(after.generator, before.generator);
    assert_eq!(after.files[&FileRole::Vae], before.files[&FileRole::Vae]);
    assert_eq!(
        after.files[&FileRole::Classifier],
        before.files[&FileRole::Classifier]
    );
    assert!(trained.sample.is_some());
    let record = &after.refiner.as_ref().expect("it was trained").training;
    assert_eq!(record.command, "a run of this test");
    assert!(record.history[0].metrics.contains_key("held_out_loss"));
    assert!(!dir.path().join("checkpoint-refiner").exists());

    // Again, now beside the VAE that is there.
    train(&dir, None, |run| {
        train_refiner(&config, None, &settings, 4, run)
    });
    assert_eq!(open(&dir).manifest.usual_sampler().steps, 4);
}

#[test]
fn a_refiner_needs_a_vae_and_the_one_that_it_was_trained_for() {
    let dir = tempfile::tempdir().expect("a folder");
    let (config, settings) = (refiner_config(), refiner_settings());
    let run = |other, run_dir: &TempDir| {
        try_train(run_dir, other, |run| {
            train_refiner(&config, None, &settings, 2, run)
        })
    };
    let error = run(None, &dir).expect_err("there is no VAE");
    assert!(
        matches!(error, StudioError::MissingPart { part: "vae", .. }),
        "{error}"
    );

    let (dir, _) = saved();
    let mut other = bundle();
    let part = other.manifest.generator.clone().expect("it has one");
    let Some(Generator::Vae(changed)) = other.generator.take() else {
        panic!("it is a VAE");
    };
    other.set_generator(Generator::Vae(with_other_bias(changed)), part);
    let error = run(Some(other), &dir).expect_err("its VAE was replaced");
    assert!(
        matches!(error, StudioError::WeightsReplaced { .. }),
        "{error}"
    );
}

#[test]
fn a_refiner_does_not_take_the_place_of_another_model() {
    let (_of_vae, source) = saved();
    let (config, settings) = (refiner_config(), refiner_settings());
    let (dir, _) = saved_bundle(conditional_bundle());
    let refused = try_train(&dir, None, |run| {
        train_refiner(&config, Some(&source), &settings, 2, run)
    });
    let error = refused.expect_err("it holds another VAE").to_string();
    assert!(error.contains("is not made from"), "{error}");
    let stays = open(&dir).manifest;
    assert_eq!(stays.family(), Some(Family::Conditional));
}

fn with_other_bias(mut vae: Vae) -> Vae {
    vae.decoder.out.bias = vae.decoder.out.bias.map(|bias| bias.map(|bias| bias + 1.0));
    vae
}
