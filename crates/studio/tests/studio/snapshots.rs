//! What is seen of a network while it is trained: of each family, and without changing what is trained.

use std::path::PathBuf;
use std::time::Duration;

use burn::tensor::Device;
use studio::{
    Family, FileRole, Manifest, ModelSource, SNAPSHOT_ORIGINALS, SNAPSHOT_SAMPLES, Snapshot,
    Snapshots, Studio, StudioError, TrainingRun, train_classifier, train_diffusion, train_gan,
    train_vae,
};
use tempfile::TempDir;
use training::Outcome;

use crate::support::{
    LATENT_DIM, bundle, conditional_config, diffusion_architecture, gan_config, vae_config,
};
use crate::training_runs::{open, train};

/// Trains, looks after every step, and has the weights saved as a model in a folder beside.
fn watched(
    start: impl FnOnce(&mut TrainingRun<'_>) -> Result<Outcome, StudioError>,
) -> (TempDir, Vec<Snapshot>, PathBuf) {
    let dir = tempfile::tempdir().expect("a folder");
    let live = dir.path().join("live");
    let mut seen = Vec::new();
    train(&dir, None, |run| {
        let mut see = |snapshot| seen.push(snapshot);
        let live = || Some(live.clone());
        let mut watched = TrainingRun {
            dataset: run.dataset,
            train: run.train,
            held_out: run.held_out,
            sample: run.sample,
            command: run.command,
            out: run.out,
            resume: run.resume,
            replace_damaged: run.replace_damaged,
            device: run.device,
            device_name: run.device_name,
            cancel: run.cancel,
            steering: None,
            snapshots: Some(Snapshots {
                every: Duration::ZERO,
                live: &live,
                see: &mut see,
            }),
            watch: &mut *run.watch,
        };
        start(&mut watched)
    });
    (dir, seen, live)
}

fn sha256_of(dir: &TempDir, role: FileRole) -> String {
    open(dir).manifest.files[&role].sha256.clone()
}

fn settings() -> vae_core::TrainConfig {
    vae_core::TrainConfig {
        epochs: 2,
        batch_size: 10,
        regions: vae_core::RegionConfig {
            components: 1,
            typical: vae_core::Typical::AtLeast(0.0),
        },
        ..vae_core::TrainConfig::default()
    }
}

#[test]
fn a_vae_is_seen_and_ends_with_the_weights_of_one_that_is_not() {
    for config in [vae_config(), conditional_config()] {
        let (dir, seen, live) = watched(|run| train_vae(&config, None, &settings(), run));
        let unseen = tempfile::tempdir().expect("a folder");
        train(&unseen, None, |run| {
            train_vae(&config, None, &settings(), run)
        });
        let role = FileRole::Vae;
        assert_eq!(sha256_of(&dir, role), sha256_of(&unseen, role));

        let first = &seen[0];
        assert_eq!(first.step, 1);
        assert_eq!(first.reconstructions.len(), SNAPSHOT_ORIGINALS);
        assert_eq!(first.samples.len(), SNAPSHOT_SAMPLES);
        // All thirty images that are held out in this run.
        assert_eq!(first.means.len(), 30);
        assert!(first.means.iter().all(|mean| mean.len() == LATENT_DIM));
        let last = seen.last().expect("there are more");
        assert!(last.step > 1 && last.samples != first.samples);
        assert_eq!(last.live, Some(Ok(live.clone())));

        // Weights that are still trained open as any model.
        let source = ModelSource::Folder(live);
        let studio = Studio::open(&source, &Device::flex()).expect("a sound bundle");
        let manifest = Manifest::read(&source).expect("a manifest");
        assert_eq!(manifest.family(), open(&dir).manifest.family());
        assert_eq!(studio.generator().latent_dim(), LATENT_DIM);
    }
}

#[test]
fn a_gan_and_a_diffusion_are_seen_without_an_encoder() {
    let gan_settings = gan::TrainConfig {
        epochs: 1,
        batch_size: 15,
        ..gan::TrainConfig::default()
    };
    let flow_settings = flow::TrainConfig {
        epochs: 1,
        batch_size: 15,
        ..flow::TrainConfig::default()
    };
    let of_gan = watched(|run| train_gan(&gan_config(), &gan_settings, run));
    let architecture = diffusion_architecture();
    let of_diffusion = watched(|run| train_diffusion(&architecture, None, &flow_settings, run));
    for ((_dir, seen, live), family) in [(of_gan, Family::Gan), (of_diffusion, Family::Diffusion)] {
        let last = seen.last().expect("it was looked at");
        assert_eq!(last.samples.len(), SNAPSHOT_SAMPLES);
        assert!(last.reconstructions.is_empty() && last.means.is_empty());
        assert_eq!(last.live, Some(Ok(live.clone())), "{family}");
        let manifest = Manifest::read(&ModelSource::Folder(live)).expect("a manifest");
        assert_eq!(manifest.family(), Some(family));
    }
}

#[test]
fn a_judge_draws_nothing() {
    let config = bundle().manifest.classifier.expect("it has one").config;
    let settings = classifier::TrainConfig {
        epochs: 1,
        batch_size: 15,
        ..classifier::TrainConfig::default()
    };
    let (_dir, seen, _) = watched(|run| train_classifier(&config, &settings, run));
    let nothing =
        |snapshot: &Snapshot| snapshot.samples.is_empty() && snapshot.reconstructions.is_empty();
    assert!(!seen.is_empty() && seen.iter().all(nothing));
}
