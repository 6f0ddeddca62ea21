//! Training into a folder that is not as it should be, and two trainings into one folder.

use std::fs;
use std::path::Path;
use std::thread;

use burn::tensor::Device;
use datasets::LabelledImages;
use studio::{
    Bundle, ModelSource, StudioError, TrainingRun, train_classifier, train_vae, write_merged_report,
};
use training::{CancelToken, Event, Outcome};
use vae_core::{RegionConfig, Typical};

use crate::bundles::file;
use crate::support::{bundle, images, info, saved, vae_config};

fn few() -> LabelledImages {
    let indices: Vec<usize> = (0..300).step_by(10).collect();
    images().subset(&indices)
}

fn vae_settings() -> vae_core::TrainConfig {
    vae_core::TrainConfig {
        epochs: 1,
        batch_size: 15,
        regions: RegionConfig {
            components: 1,
            typical: Typical::AtLeast(0.0),
        },
        ..vae_core::TrainConfig::default()
    }
}

fn classifier_settings() -> classifier::TrainConfig {
    classifier::TrainConfig {
        epochs: 1,
        batch_size: 15,
        ..classifier::TrainConfig::default()
    }
}

/// A run in `dir`.
fn run(
    dir: &Path,
    replace_damaged: bool,
    watch: &mut dyn FnMut(Event<'_>),
    start: impl FnOnce(&mut TrainingRun<'_>) -> Result<Outcome, StudioError>,
) -> Result<Outcome, StudioError> {
    let (images, dataset, device) = (few(), info(), Device::flex());
    start(&mut TrainingRun {
        dataset: &dataset,
        train: &images,
        held_out: &images,
        sample: None,
        command: "a run of this test",
        out: dir,
        resume: false,
        replace_damaged,
        device: &device,
        device_name: "Flex",
        cancel: &CancelToken::new(),
        steering: None,
        snapshots: None,
        watch,
    })
}

fn train_vae_in(dir: &Path, replace_damaged: bool) -> Result<Outcome, StudioError> {
    run(dir, replace_damaged, &mut |_| (), |run| {
        train_vae(&vae_config(), None, &vae_settings(), run)
    })
}

fn train_classifier_in(dir: &Path, replace_damaged: bool) -> Result<Outcome, StudioError> {
    let config = bundle().manifest.classifier.expect("it has one").config;
    run(dir, replace_damaged, &mut |_| (), |run| {
        train_classifier(&config, &classifier_settings(), run)
    })
}

fn open(dir: &Path) -> Bundle {
    let source = ModelSource::Folder(dir.to_owned());
    Bundle::open(&source, &Device::flex()).expect("a sound bundle")
}

#[test]
fn two_networks_that_are_trained_at_once_are_both_kept() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().expect("a folder");
        thread::scope(|scope| {
            let vae = scope.spawn(|| train_vae_in(dir.path(), false));
            let classifier = scope.spawn(|| train_classifier_in(dir.path(), false));
            for run in [vae, classifier] {
                run.join().expect("no panic").expect("it trains");
            }
        });
        let both = open(dir.path());
        assert!(both.generator.is_some() && both.classifier.is_some());
    }
}

#[test]
fn the_same_network_is_not_trained_twice_into_one_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut second = None;
    let mut watch = |_: Event<'_>| {
        second.get_or_insert_with(|| train_vae_in(dir.path(), true).expect_err("one is at work"));
    };
    let first = run(dir.path(), false, &mut watch, |run| {
        train_vae(&vae_config(), None, &vae_settings(), run)
    });
    assert_eq!(first.expect("it trains"), Outcome::Finished);
    let error = second.expect("it was tried");
    assert!(matches!(error, StudioError::Busy { .. }), "{error:?}");
    assert!(error.to_string().contains("checkpoint-vae"), "{error}");
    // It is free again.
    train_vae_in(dir.path(), false).expect("it trains");
    assert!(open(dir.path()).generator.is_some());
}

/// What the folder's files are called and what is in them.
fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(&path).expect("a file"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn weights_without_a_manifest_are_not_taken_for_an_empty_folder() {
    let (dir, _) = saved();
    fs::remove_file(dir.path().join("manifest.ron")).expect("it is there");
    let before = contents(dir.path());
    let error = train_vae_in(dir.path(), false).expect_err("weights of something are there");
    assert!(error.to_string().contains("the file is missing"), "{error}");
    assert_eq!(contents(dir.path()), before);
    train_vae_in(dir.path(), true).expect("they may be replaced");
    assert!(open(dir.path()).generator.is_some());
}

#[cfg(unix)]
#[test]
fn a_manifest_that_is_a_link_to_nothing_is_damaged_and_not_missing() {
    let (dir, _) = saved();
    let manifest = dir.path().join("manifest.ron");
    fs::remove_file(&manifest).expect("it is there");
    std::os::unix::fs::symlink("manifest.ron", &manifest).expect("a link to itself");
    let error = train_vae_in(dir.path(), false).expect_err("it is damaged");
    assert!(error.to_string().contains("manifest.ron"), "{error}");
    assert!(manifest.is_symlink());
    train_vae_in(dir.path(), true).expect("it may be replaced");
    assert!(open(dir.path()).generator.is_some());
}

#[test]
fn what_is_damaged_can_be_replaced_and_what_is_sound_stays() {
    for (damaged, kept) in [
        ("vae-", true),
        ("latent-space-", true),
        ("sample-", true),
        ("classifier-", false),
    ] {
        let (dir, _) = saved();
        fs::write(file(dir.path(), damaged), "damaged").expect("it can be written");
        train_vae_in(dir.path(), false).expect_err("the bundle is damaged");
        train_vae_in(dir.path(), true).expect("it may be replaced");
        let after = open(dir.path());
        let vae = after.manifest.generator.as_ref().expect("it was trained");
        assert_eq!(vae.training.command, "a run of this test");
        assert_eq!(after.classifier.is_some(), kept, "{damaged}");
        assert_eq!(after.manifest.classifier.is_some(), kept);
    }
    // The VAE is kept as well, when the classifier is what is replaced.
    let (dir, _) = saved();
    let before = open(dir.path()).manifest.generator;
    fs::write(file(dir.path(), "classifier-"), "damaged").expect("it can be written");
    train_classifier_in(dir.path(), true).expect("it may be replaced");
    assert_eq!(open(dir.path()).manifest.generator, before);
}

#[test]
fn a_manifest_that_cannot_be_read_is_kept_beside_the_one_that_replaces_it() {
    let (dir, _) = saved();
    fs::write(dir.path().join("manifest.ron"), "damaged").expect("it can be written");
    train_vae_in(dir.path(), true).expect("it may be replaced");
    assert!(open(dir.path()).generator.is_some());
    let aside = fs::read_to_string(dir.path().join("manifest-damaged.ron"));
    assert_eq!(aside.expect("it is kept"), "damaged");
}

#[test]
fn a_bundle_of_a_newer_version_is_not_damaged() {
    let (dir, _) = saved();
    crate::bundles::rewrite(dir.path(), "format_version: 2", "format_version: 3");
    let before = contents(dir.path());
    let error = train_vae_in(dir.path(), true).expect_err("it is of a newer version");
    assert!(error.to_string().contains("newer version"), "{error}");
    assert_eq!(contents(dir.path()), before);
}

/// A measurement takes minutes: what it is about may have been described anew, and somebody else may have stored figures.
#[test]
fn a_report_takes_up_what_was_stored_meanwhile_and_knows_its_latent_space() {
    use crate::reports::figure;
    use studio::{Detail, Report};
    let (dir, source) = saved();
    let measured = studio::Manifest::read(&source).expect("a sound bundle");
    let of = |figures| Report {
        model: "m".to_owned(),
        model_sha256: measured.model_sha256(),
        dataset: "flags".to_owned(),
        device: "Flex".to_owned(),
        figures,
    };
    let both = |mut new: Report, there: Option<Report>| {
        new.figures
            .extend(there.into_iter().flat_map(|report| report.figures));
        new
    };
    for name in ["elbo_nats", "recall"] {
        let report = of(vec![figure(name, Detail::None)]);
        write_merged_report(dir.path(), &measured, report, both).expect("it can be stored");
    }
    let names = |source| {
        let report = studio::Manifest::read(source).expect("sound").report;
        let figures = report.into_iter().flat_map(|report| report.figures);
        figures.map(|figure| figure.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&source), ["recall", "elbo_nats"]);

    let images = few();
    let regions = vae_settings().regions;
    let seed = datasets::Seed(5);
    studio::fit_regions(dir.path(), [&images; 2], regions, seed, &Device::flex()).expect("a fit");
    let report = of(vec![figure("elbo_nats", Detail::None)]);
    let error = write_merged_report(dir.path(), &measured, report, both)
        .expect_err("the regions are others now");
    assert!(
        matches!(error, StudioError::WeightsReplaced { .. }),
        "{error:?}"
    );
    assert_eq!(names(&source), [""; 0]);
}
