//! A bundle with small, untrained networks: quick to make, and wrong about everything.

use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use classifier::ResNetConfig;
use datasets::{KnownDataset, Seed, sample};
use studio::{Bundle, ClassifierPart, ModelSource, Studio, TrainingRecord, VaePart};
use tempfile::TempDir;
use training::seeded;
use vae_core::{RegionConfig, VaeConfig, fit_latent};

pub const LATENT_DIM: usize = 4;

pub fn vae_config() -> VaeConfig {
    VaeConfig {
        latent_dim: LATENT_DIM,
        channels: [4, 4, 8],
        ..VaeConfig::default()
    }
}

fn record(parameters: usize) -> TrainingRecord {
    TrainingRecord {
        command: "latent-lens train".to_owned(),
        settings: "fresh weights".to_owned(),
        seed: Seed(7),
        epochs: 0,
        images: 0,
        parameters,
        device: "Flex".to_owned(),
        history: Vec::new(),
    }
}

pub fn bundle() -> Bundle {
    bundle_with(vae_config())
}

fn bundle_with(config: VaeConfig) -> Bundle {
    let device = Device::flex();
    let dataset = KnownDataset::Mnist;
    let names: Vec<String> = dataset
        .class_names()
        .iter()
        .map(|&n| n.to_owned())
        .collect();
    let mut bundle = Bundle::open_or_empty(Path::new("/nowhere"), dataset.slug(), &names, &device)
        .expect("an empty bundle");
    let vae = seeded(&device, Seed(7), || config.init(names.len(), &device))
        .expect("sound settings")
        .valid();
    let one = RegionConfig {
        components: 1,
        ..RegionConfig::default()
    };
    let latent = fit_latent(&vae, &sample(dataset), 10, one, Seed(1)).expect("a fit");
    let part = VaePart {
        training: record(vae.num_params()),
        config,
        latent: latent.space.statistics,
        regions: latent.space.regions,
        realism: latent.space.realism,
        sigma: None,
    };
    bundle.set_vae(vae, part);
    let config = ResNetConfig {
        width: 2,
        pixel_mean: 0.13,
        pixel_std: 0.31,
        ..ResNetConfig::default()
    };
    let network = seeded(&device, Seed(7), || config.init(&device))
        .expect("sound settings")
        .valid();
    let part = ClassifierPart {
        training: record(network.num_params()),
        config,
        temperature: 1.5,
    };
    bundle.set_classifier(network, part);
    bundle
}

/// The bundle saved in a fresh folder.
pub fn saved() -> (TempDir, ModelSource) {
    saved_with(vae_config())
}

/// The same with another VAE.
pub fn saved_with(config: VaeConfig) -> (TempDir, ModelSource) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    bundle_with(config).save(dir.path()).expect("saving");
    let source = ModelSource::Folder(dir.path().to_owned());
    (dir, source)
}

pub fn studio() -> Studio {
    let (_dir, source) = saved();
    Studio::open(&source, &Device::flex()).expect("a sound bundle")
}
