//! Formats of bundles: the first one still opens, a newer one is refused, and a save is committed by one rename.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module as _;
use burn::tensor::Device;
use classifier::{ClassifierConfig, ConvNet};
use datasets::{DatasetInfo, KnownDataset, LabelledImages, Preparation, Seed, sample};
use studio::{
    Bundle, ClassifierPart, FORMAT_VERSION, Family, FrameRequest, Manifest, ModelSource, Report,
    ShippedModel, Studio, fit_regions, sample_of, write_report,
};
use vae_core::RegionConfig;

use crate::support::{bundle, images, info, saved, shape, unlabelled_info};

/// A copy of a bundle of the first format: a VAE of binary images, without a classifier.
fn format_1() -> (tempfile::TempDir, ModelSource) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/models/mnist-binary");
    let dir = tempfile::tempdir().expect("a folder");
    for name in ["manifest.ron", "vae.safetensors"] {
        fs::copy(from.join(name), dir.path().join(name)).expect("a shipped model");
    }
    let source = ModelSource::Folder(dir.path().to_owned());
    (dir, source)
}

fn names(dir: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("a file").file_name();
    entries
        .map(|e| name(e).to_string_lossy().into_owned())
        .collect()
}

/// Writes a manifest with a valid checksum line but other content.
fn rewrite(dir: &Path, change: impl Fn(&str) -> String) {
    let path = dir.join("manifest.ron");
    let text = fs::read_to_string(&path).unwrap();
    let (_, body) = text.split_once('\n').unwrap();
    let body = change(body);
    let digest = files::sha256_hex(body.as_bytes());
    fs::write(path, format!("// sha256 of what follows: {digest}\n{body}")).unwrap();
}

#[test]
fn the_first_format_opens_as_what_it_was() {
    let (_dir, source) = format_1();
    let studio = Studio::open(&source, &Device::flex()).expect("it opens");
    let manifest = studio.manifest();
    assert_eq!(manifest.format_version, 1);
    assert_eq!(manifest.dataset, KnownDataset::Mnist.info());
    assert!(
        studio.generator_part().labels_used,
        "it has a centre for each class"
    );
    assert_eq!(studio.sample(), Some(&sample(KnownDataset::Mnist)));
    // A report names the weights that it is about, those of the judge that was chosen included.
    let judge = ModelSource::shipped("mnist").expect("it is shipped");
    let judged = Studio::open_judged(&source, Some(&judge), &Device::flex()).expect("it fits");
    let report = manifest.report.as_ref().expect("it is measured");
    assert_eq!(report.model_sha256, judged.model_sha256());
}

#[test]
fn a_bundle_of_the_first_format_is_saved_in_the_second_and_is_the_same_model() {
    let (_dir, source) = format_1();
    let device = Device::flex();
    let to = tempfile::tempdir().expect("a folder");
    let mut bundle = Bundle::open(&source, &device).expect("it opens");
    bundle.save(to.path()).expect("it can be written");
    let before = Studio::open(&source, &device).expect("it opens");
    let again = ModelSource::Folder(to.path().to_owned());
    let after = Studio::open(&again, &device).expect("it opens");
    assert_eq!(after.manifest().format_version, FORMAT_VERSION);
    assert_eq!(after.manifest().dataset, before.manifest().dataset);
    assert_eq!(after.generator_part(), before.generator_part());
    assert_eq!(after.sample(), before.sample());
    let request = FrameRequest::new(before.generator_part().latent.statistics.mean.clone());
    let (a, b) = (before.frame(&request), after.frame(&request));
    let (a, b) = (a.expect("it fits"), b.expect("it fits"));
    assert_eq!((a.image, a.verdict), (b.image, b.verdict));
    // 600 KB of text became a file of numbers.
    let length = fs::metadata(to.path().join("manifest.ron")).unwrap().len();
    assert!(length < 200_000, "{length}");
}

/// The network is the same, so the model is the same, but nothing that was measured with the old regions holds any more.
#[test]
fn regions_that_are_fitted_again_leave_the_weights_of_the_first_format() {
    let (dir, source) = format_1();
    let weights = || fs::read(dir.path().join("vae.safetensors")).expect("it is there");
    let (before, bytes) = (Manifest::read(&source).expect("it is sound"), weights());
    let images = sample(KnownDataset::Mnist);
    let config = RegionConfig {
        components: 1,
        ..RegionConfig::default()
    };
    fit_regions(dir.path(), [&images; 2], config, Seed(0), &Device::flex()).expect("a fit");
    let after = Manifest::read(&source).expect("it is sound");
    assert!(weights() == bytes, "the weights were written again");
    assert_eq!(after.model_sha256(), before.model_sha256());
    assert_eq!(after.report, None);
    let latent = after.generator.expect("it is there").latent;
    assert_eq!(latent.statistics.n, images.len());
}

/// Weights that nobody replaced stay as the earlier version wrote them, and with them the identity of the model and its report.
#[test]
fn a_second_judge_joins_a_bundle_of_the_first_format_and_leaves_its_weights() {
    let (dir, source) = format_1();
    let before = Manifest::read(&source).expect("it is sound");
    let weights = || fs::read(dir.path().join("vae.safetensors")).expect("it is there");
    let bytes = weights();
    let mut bundle = Bundle::open(&source, &Device::flex()).expect("it opens");
    let config = ClassifierConfig {
        width: 2,
        ..ClassifierConfig::default()
    };
    let network: ConvNet = config.init(&Device::flex()).expect("it is sound");
    let part = ClassifierPart {
        config,
        training: before
            .generator
            .as_ref()
            .expect("it has one")
            .training
            .clone(),
        temperature: 1.0,
    };
    bundle.set_second_judge(network.valid(), part);
    bundle.save(dir.path()).expect("it can be written");
    assert_eq!(weights(), bytes);
    let after = Manifest::read(&source).expect("it is sound");
    assert_eq!(after.format_version, FORMAT_VERSION);
    assert_eq!(after.model_sha256(), before.model_sha256());
    assert_eq!(after.report, before.report);
    Studio::open(&source, &Device::flex()).expect("it opens");
    // A VAE in place of the one before has a file of its own.
    let mut bundle = Bundle::open(&source, &Device::flex()).expect("it opens");
    let (vae, part) = (bundle.generator.take(), bundle.manifest.generator.clone());
    bundle.set_generator(vae.expect("it has one"), part.expect("it has one"));
    bundle.save(dir.path()).expect("it can be written");
    assert!(!dir.path().join("vae.safetensors").exists());
    assert_ne!(
        Manifest::read(&source).expect("it is sound").model_sha256(),
        before.model_sha256()
    );
}

#[test]
fn a_name_alone_makes_no_known_data_set() {
    let (dir, source) = format_1();
    rewrite(dir.path(), |body| {
        body.replacen("\"0\", \"1\"", "\"circle\", \"cross\"", 1)
    });
    let manifest = Manifest::read(&source).expect("it is sound");
    let info = manifest.dataset;
    assert_eq!((info.name.as_str(), info.known), ("mnist", None));
    assert_eq!(info.preparation, Preparation::Object);
    assert_eq!(info.class_names[1], "cross");
    assert_eq!(sample_of(&source).expect("it is sound"), None);
}

#[test]
fn a_report_is_added_to_the_first_format_without_touching_its_weights() {
    let (dir, source) = format_1();
    let before = Studio::open(&source, &Device::flex()).expect("it opens");
    let weights = |name: &str| fs::read(dir.path().join(name)).expect("it is there");
    let vae = weights("vae.safetensors");
    // The shipped one is about the judge that was chosen for it, too, and this one about the VAE alone.
    let report = Report {
        model_sha256: before.model_sha256().to_owned(),
        figures: Vec::new(),
        ..before.manifest().report.clone().expect("it is measured")
    };
    write_report(dir.path(), report.clone()).expect("it can be written");
    assert_eq!(weights("vae.safetensors"), vae);
    let after = Studio::open(&source, &Device::flex()).expect("it opens");
    assert_eq!(after.manifest().format_version, FORMAT_VERSION);
    assert_eq!(after.manifest().report, Some(report));
    assert_eq!(after.model_sha256(), before.model_sha256());
    assert_eq!(after.generator_part(), before.generator_part());
    assert_eq!(after.sample(), before.sample());
}

#[test]
fn a_save_leaves_only_the_files_that_it_names() {
    let (dir, source) = format_1();
    let mut bundle = Bundle::open(&source, &Device::flex()).expect("it opens");
    let (vae, part) = (bundle.generator.take(), bundle.manifest.generator.clone());
    bundle.set_generator(vae.expect("it has one"), part.expect("it has one"));
    bundle.save(dir.path()).expect("it can be written");
    let found = names(dir.path());
    // The manifest, the weights, the latent space and the sample.
    assert_eq!(found.len(), 4, "{found:?}");
    let manifest = Manifest::read(&source).expect("it is sound");
    for record in manifest.files.values() {
        assert!(found.contains(&record.name), "{found:?}");
        // The first 12 digits of the checksum are part of the name.
        assert!(record.name.contains(&record.sha256[..12]), "{record:?}");
    }
    assert!(!found.contains("vae.safetensors"));
}

/// Whatever a save has written before its last rename, the bundle is the old one; afterwards it is the new one.
#[test]
fn the_manifest_alone_commits_a_save() {
    let (dir, source) = saved();
    let old = Manifest::read(&source).expect("it is sound");
    let other = tempfile::tempdir().expect("a folder");
    let mut changed = bundle();
    changed
        .set_sample(&images().subset(&[0, 100, 200]))
        .unwrap();
    changed
        .manifest
        .classifier
        .as_mut()
        .expect("there is one")
        .temperature = 2.5;
    changed.save(other.path()).expect("it can be written");
    let new = names(other.path());
    for name in new.iter().filter(|name| *name != "manifest.ron") {
        fs::copy(other.path().join(name), dir.path().join(name)).unwrap();
        assert_eq!(Manifest::read(&source).expect("still the old one"), old);
        Studio::open(&source, &Device::flex()).expect("still the old one");
    }
    fs::copy(
        other.path().join("manifest.ron"),
        dir.path().join("manifest.ron"),
    )
    .unwrap();
    let studio = Studio::open(&source, &Device::flex()).expect("the new one");
    assert_eq!(studio.sample().map(LabelledImages::len), Some(3));
}

#[test]
fn a_newer_format_is_refused_with_a_remedy() {
    let (dir, source) = saved();
    rewrite(dir.path(), |body| {
        body.replacen("format_version: 2", "format_version: 3", 1)
    });
    let text = Manifest::read(&source)
        .expect_err("it is newer")
        .to_string();
    for words in [
        "format version 3",
        "up to 2",
        "newer version of Latent Lens",
    ] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_sample_that_contradicts_its_data_set_is_refused() {
    let small = datasets::ImageShape::new(3, 8, 8).expect("the smallest");
    let other_shape = LabelledImages::new(small, vec![0; small.values()], vec![0], 3);
    let more_classes = LabelledImages::new(shape(), vec![0; shape().values()], vec![3], 4);
    for (sample, reason) in [
        (other_shape.expect("sound"), "3x8x8"),
        (more_classes.expect("sound"), "label"),
        (images().without_labels(), "have no labels"),
        (images().subset(&[]), "no images"),
    ] {
        let mut bundle = bundle();
        bundle.sample = Some(sample);
        let dir = tempfile::tempdir().expect("a folder");
        // What would not open is not saved.
        let error = bundle.save(dir.path()).expect_err("it contradicts itself");
        let text = error.to_string();
        assert!(text.contains("sample-") && text.contains(reason), "{text}");
    }
}

#[test]
fn of_no_images_there_is_no_sample() {
    let mut bundle = bundle();
    bundle.set_sample(&images().subset(&[])).unwrap();
    assert_eq!(bundle.sample, None);
    let dir = tempfile::tempdir().expect("a folder");
    bundle.save(dir.path()).expect("it can be written");
    let source = ModelSource::Folder(dir.path().to_owned());
    assert_eq!(sample_of(&source).expect("it is sound"), None);
}

#[test]
fn too_many_classes_are_refused() {
    let many = |count: usize| DatasetInfo {
        class_names: (0..count).map(|class| format!("class {class}")).collect(),
        ..unlabelled_info()
    };
    let open = |info: &DatasetInfo| {
        Bundle::open_or_empty(&PathBuf::from("/nowhere"), info, &Device::flex())
    };
    open(&many(1_000)).expect("the most that there may be");
    let error = open(&many(1_001)).expect_err("one too many").to_string();
    assert!(error.contains("1001") && error.contains("1000"), "{error}");
    open(&info()).expect("three classes");
}

#[test]
fn shipped_models_are_listed_by_name() {
    let names: Vec<&str> = ShippedModel::all().map(ShippedModel::name).collect();
    assert_eq!(names[..3], ["mnist-plain", "mnist", "mnist-refined"]);
    // The first of a domain bears its name alone.
    let titles: Vec<String> = ShippedModel::all().map(ShippedModel::title).collect();
    assert_eq!(
        [&titles[1], &titles[3]],
        ["MNIST, VAE with class centres", "Fashion-MNIST"]
    );
    for model in ShippedModel::all() {
        let manifest = Manifest::read(&ModelSource::Shipped(model)).expect("a sound bundle");
        assert_eq!(manifest.dataset.title, model.domain());
        let kind = match manifest.family() {
            Some(Family::Vae) => "VAE",
            Some(Family::ClassCentres) => "VAE with class centres",
            Some(Family::Conditional) => "Conditional VAE",
            Some(Family::Refined) => "Refined VAE",
            Some(Family::Diffusion) => "Diffusion",
            other => panic!("{model} is {other:?}: what is that called on the screen?"),
        };
        assert_eq!(model.kind(), kind);
        let sample = sample_of(&ModelSource::Shipped(model)).expect("a sound bundle");
        let sample = sample.expect("a shipped model carries one");
        assert_eq!(sample.shape(), manifest.dataset.shape);
    }
}
