//! Models, and the recipes in pictures of them.
//!
//! Checksums are made right again: they find every change, and whoever forges a model writes them as well.

use std::fs;
use std::path::Path;

use acceptance_tests::{Seeds, fuzz, root};
use burn::module::Module as _;
use burn::tensor::Device;
use classifier::{ClassifierConfig, ResNet18};
use datasets::{KnownDataset, Seed};
use studio::{Bundle, ClassifierPart, FileRole, Manifest, ModelSource, TrainingRecord};

/// The folder of a model that is part of the program, and its manifest.
fn model() -> (tempfile::TempDir, String) {
    let source = root().join("assets/models/mnist");
    let dir = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(&source).expect("a model") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name");
        fs::copy(&path, dir.path().join(name)).expect("a file");
    }
    let text = fs::read_to_string(dir.path().join("manifest.ron")).expect("a manifest");
    (dir, text)
}

/// A file of a model, and how another is put in its place so that its manifest names that one.
fn forge(folder: &Path, manifest: &str, role: FileRole) -> (Vec<u8>, impl Fn(&[u8])) {
    let source = ModelSource::Folder(folder.to_owned());
    let sound = Manifest::read(&source).expect("it is sound");
    let record = sound.files.get(&role).expect("it has the file").clone();
    let file = folder.join(&record.name);
    let seed = fs::read(&file).expect("it is there");
    let (folder, body) = (
        folder.to_owned(),
        files::checked_body(manifest)
            .expect("it is sound")
            .to_owned(),
    );
    let write = move |bytes: &[u8]| {
        fs::write(&file, bytes).expect("a file");
        let body = body.replace(&record.sha256, &files::sha256_hex(bytes));
        fs::write(folder.join("manifest.ron"), files::checked_text(&body)).expect("a file");
    };
    (seed, write)
}

#[test]
fn manifests() {
    let (dir, text) = model();
    let body = files::checked_body(&text).expect("it is sound").to_owned();
    let source = ModelSource::Folder(dir.path().to_owned());
    let path = dir.path().join("manifest.ron");
    fuzz(&Seeds::text("manifest", &[body.into_bytes()]), |bytes| {
        let body = String::from_utf8_lossy(bytes);
        fs::write(&path, files::checked_text(&body)).expect("a file");
        if let Ok(manifest) = Manifest::read(&source) {
            let _ = manifest.model_sha256();
        }
    });
}

#[test]
fn latent_spaces() {
    let (dir, text) = model();
    let source = ModelSource::Folder(dir.path().to_owned());
    let (seed, write) = forge(dir.path(), &text, FileRole::LatentSpace);
    fuzz(&Seeds::bytes("latent-space", &[seed]), |bytes| {
        write(bytes);
        let _ = Manifest::read(&source);
    });
}

/// A classifier that is small enough to be opened again and again.
#[test]
fn weights() {
    let dir = tempfile::tempdir().expect("a folder");
    let device = Device::flex();
    let info = KnownDataset::Mnist.info();
    let config = ClassifierConfig {
        shape: info.shape,
        width: 1,
        classes: info.classes(),
        pixel_mean: vec![0.1],
        pixel_std: vec![0.3],
    };
    device.seed(Seed(1).0);
    let network: ResNet18 = config.init(&device).expect("a network");
    let part = ClassifierPart {
        training: TrainingRecord {
            command: "latent-lens train".to_owned(),
            settings: "fresh weights".to_owned(),
            seed: Seed(1),
            epochs: 0,
            images: 0,
            parameters: network.num_params(),
            device: "Flex".to_owned(),
            history: Vec::new(),
        },
        config,
        temperature: 1.0,
    };
    let mut bundle = Bundle::open_or_empty(dir.path(), &info, &device).expect("an empty bundle");
    bundle.set_classifier(network, part);
    bundle.save(dir.path()).expect("it can be saved");
    let text = fs::read_to_string(dir.path().join("manifest.ron")).expect("a manifest");
    let (seed, write) = forge(dir.path(), &text, FileRole::Classifier);
    fuzz(&Seeds::bytes("weights", &[seed]), |bytes| {
        write(bytes);
        let _ = Bundle::open_or_empty(dir.path(), &info, &device);
    });
}

#[test]
fn recipes() {
    let text = r#"{"recipe_version":1,"program":"p","model":"mnist","model_sha256":"ab","scale":3,
        "render":"anchors","latent":[0.5,1],"classes":[0,1],"noise":0.7,"count":4,"seed":3,
        "sharpening":{"steps":2,"seed":1},"anchor":1,"dims":[0,1],"sigmas":3.0,"steps":5,"layer":1}"#;
    let kinds = ["latent", "anchors", "traversal", "cam", "window", "show"];
    let seeds = kinds.map(|kind| text.replace("anchors", kind).into_bytes());
    fuzz(&Seeds::text("recipe", &seeds), |bytes| {
        let _ = recipe::Recipe::parse(&String::from_utf8_lossy(bytes));
        let _ = recipe::png_text(bytes, recipe::KEYWORD);
    });
}
