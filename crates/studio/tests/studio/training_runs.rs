//! Training runs that end in a bundle.

use burn::module::Module as _;
use burn::tensor::Device;
use datasets::{LabelledImages, Seed};
use studio::{
    Bundle, Family, FileRole, ModelSource, StudioError, TrainingRun, fit_regions, train_classifier,
    train_vae,
};
use tempfile::TempDir;
use training::{CancelToken, Event, Outcome};
use vae_core::{RegionConfig, Typical};

use crate::support::{bundle, conditional_config, images, info, vae_config};

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

fn open(dir: &TempDir) -> Bundle {
    let source = ModelSource::Folder(dir.path().to_owned());
    Bundle::open(&source, &Device::flex()).expect("a sound bundle")
}

/// A run in `dir`, during which somebody saves `other` there.
fn train(
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
        device: &device,
        device_name: "Flex",
        cancel: &CancelToken::new(),
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
    let vae = both.manifest.vae.clone().expect("it was trained");
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
    assert!(both.vae.is_some(), "it was saved during the run");
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
    let part = first.vae.expect("it was trained");
    assert!(part.labels_used);
    // One region over all images; classes are not in the latents.
    let regions = &part.latent.regions;
    assert_eq!((regions.classes(), regions.0[0].images), (1, 30));
    let vae = open(&dir).vae.expect("it was trained");
    assert_eq!(part.training.parameters, vae.num_params());

    let source = ModelSource::Folder(dir.path().to_owned());
    let second = tempfile::tempdir().expect("a folder");
    train(&second, None, |run| {
        train_vae(&config, Some(&source), &settings, run)
    });
    let part = open(&second).manifest.vae.expect("it was trained");
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
    let latent = &new.vae.as_ref().expect("it is there").latent;
    assert_eq!(latent.statistics.n, 30);
}
