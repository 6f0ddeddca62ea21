//! Models as they are named, opened and saved.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use dashboard::state::model::OpenModel;
use datasets::{KnownDataset, LabelledImages};
use studio::{Bundle, Generator, Manifest, ModelSource, Opened};

/// The title of a data set whose model came without a sample.
pub const WITHOUT_SAMPLE: &str = "Letters";

/// The model that opens first.
pub fn model() -> ModelSource {
    shipped("mnist-plain")
}

/// A model that is part of the program.
pub fn shipped(name: &str) -> ModelSource {
    ModelSource::shipped(name).expect("it is part of the program")
}

/// A whole bundle in `dir`, with small networks that were never trained.
pub fn save_untrained_bundle(dir: &Path, manifest: Manifest) {
    let device = burn::tensor::Device::flex();
    let Manifest {
        dataset,
        generator,
        classifier,
        ..
    } = manifest;
    let mut bundle = Bundle::open_or_empty(dir, &dataset, &device).expect("the folder is empty");
    let part = generator.expect("there is one");
    let config = &part.vae().expect("it is a VAE").config;
    let network = config.init(dataset.shape, dataset.classes(), &device);
    bundle.set_generator(Generator::Vae(network.expect("it is sound")), part);
    if let Some(part) = classifier {
        let network = part.config.init(&device).expect("it is sound");
        bundle.set_classifier(network, part);
    }
    bundle.save(dir).expect("the folder can be written to");
}

/// A model as the session has it.
pub fn open(manifest: &Manifest) -> OpenModel {
    OpenModel::new(opened(manifest)).expect("there is a VAE")
}

/// A model as the worker opens it. A judge without classes to share with the images says colours.
pub fn opened(manifest: &Manifest) -> Opened {
    let names = &manifest.dataset.class_names;
    let judge_names = match &manifest.classifier {
        None => Vec::new(),
        Some(part) if part.config.classes == names.len() => names.clone(),
        Some(_) => ["red", "green", "blue"].map(str::to_owned).to_vec(),
    };
    Opened {
        manifest: manifest.clone(),
        judge_names,
        sample: sample(manifest),
    }
}

/// What comes with the model: the shipped sample of a known data set, or two images a class.
fn sample(manifest: &Manifest) -> Option<Arc<LabelledImages>> {
    static MNIST: OnceLock<Arc<LabelledImages>> = OnceLock::new();
    let info = &manifest.dataset;
    if info.title == WITHOUT_SAMPLE {
        return None;
    }
    if info.known == Some(KnownDataset::Mnist) {
        let unpack = || Arc::new(datasets::sample(KnownDataset::Mnist));
        return Some(Arc::clone(MNIST.get_or_init(unpack)));
    }
    let count = 2 * info.classes().max(3);
    let pixels = (0..count * info.shape.values()).map(|index| (index % 251) as u8);
    let pixels: Vec<u8> = pixels.collect();
    let images = if info.has_classes() {
        let last = info.classes() - 1;
        let label = |index: usize| (index / 2).min(last) as u16;
        let labels = (0..count).map(label).collect();
        LabelledImages::new(info.shape, pixels, labels, info.classes())
    } else {
        LabelledImages::unlabelled(info.shape, pixels)
    };
    Some(Arc::new(images.expect("they are sound")))
}
