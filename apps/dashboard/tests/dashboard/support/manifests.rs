//! A small model, described in plain data.

use std::collections::BTreeMap;

use classifier::ClassifierConfig;
use datasets::{Augmentation, DatasetInfo, Fit, ImageShape, KnownDataset, Preparation, Seed};
use flow::FlowConfig;
use gan::GanConfig;
use latent_space::{ClassRegion, ClassRegions, Component, LatentSpace, LatentStats};
use studio::{
    Architecture, ClassifierPart, DiffusionArchitecture, FORMAT_VERSION, FileRecord, FileRole,
    GanArchitecture, GeneratorPart, Manifest, RefinerPart, Report, TrainingRecord, VaeArchitecture,
};
use training::EpochRecord;
use vae_core::{HeadConfig, Prior, VaeConfig};

/// Latent dimensions of the model; the last one is quiet.
pub const DIMS: usize = 6;

/// The shape of digits.
pub fn digits() -> ImageShape {
    ImageShape::new(1, 28, 28).expect("it is in bounds")
}

/// Digits in ten classes; class `c` lies around `c` in the first coordinate.
pub fn manifest(report: Option<Report>) -> Manifest {
    Manifest {
        report,
        ..manifest_of(KnownDataset::Mnist.info())
    }
}

/// Colour images of 20 x 32 pixels, in so many classes with names of different lengths. There is a classifier.
pub fn odd(classes: usize) -> Manifest {
    let names = ["circle", "a very long name that has no room anywhere", "x"];
    let name = |class: usize| match names.get(class) {
        Some(name) if classes <= names.len() => (*name).to_owned(),
        _ => format!("{} {class}", names[class % names.len()]),
    };
    manifest_of(DatasetInfo {
        name: "mnist".to_owned(),
        title: "Odd shapes".to_owned(),
        shape: ImageShape::new(3, 20, 32).expect("it is in bounds"),
        class_names: (0..classes).map(name).collect(),
        preparation: Preparation::Picture { fit: Fit::Crop },
        augmentation: Augmentation::default(),
        origin: None,
        known: None,
        source: None,
    })
}

/// The same pictures without labels, and so without a classifier.
pub fn unlabelled() -> Manifest {
    Manifest {
        classifier: None,
        ..odd(0)
    }
}

/// Three classes, and no classifier that came with the model.
pub fn unjudged() -> Manifest {
    Manifest {
        classifier: None,
        ..odd(3)
    }
}

/// Three classes that a conditional model is given, so that its latent space is one region.
pub fn conditional() -> Manifest {
    conditional_of(3)
}

/// As [`conditional`], of so many classes.
pub fn conditional_of(classes: usize) -> Manifest {
    let mut manifest = odd(classes);
    let config = vae_config(&mut manifest);
    config.prior = Prior::Normal;
    config.conditional = true;
    let part = manifest.generator.as_mut().expect("it has one");
    part.latent.regions.0.truncate(1);
    manifest
}

/// Three classes, and a refiner that takes two steps unless somebody asks for others.
pub fn refined() -> Manifest {
    let manifest = odd(3);
    let refiner = RefinerPart {
        config: FlowConfig::refiner(manifest.dataset.shape),
        training: record(),
        steps: 2,
    };
    Manifest {
        refiner: Some(refiner),
        ..manifest
    }
}

/// Three classes, and a head of the model's own that tells them apart.
pub fn joint() -> Manifest {
    let mut manifest = odd(3);
    let config = vae_config(&mut manifest);
    config.prior = Prior::Normal;
    config.head = Some(HeadConfig::of_half(DIMS));
    manifest
}

/// The configuration of a manifest's VAE.
pub fn vae_config(manifest: &mut Manifest) -> &mut VaeConfig {
    let part = manifest.generator.as_mut().expect("it has one");
    match &mut part.architecture {
        Architecture::Vae(vae) => &mut vae.config,
        other => panic!("{other:?}"),
    }
}

/// Three classes that a GAN is given, which has no encoder.
pub fn gan() -> Manifest {
    let mut manifest = odd(3);
    let shape = manifest.dataset.shape;
    let part = manifest.generator.as_mut().expect("it has one");
    part.architecture = Architecture::Gan(GanArchitecture {
        config: GanConfig {
            latent_dim: DIMS,
            ..GanConfig::usual(shape)
        },
        conditional: true,
        shares: vec![0.1; DIMS],
    });
    part.latent = LatentSpace::standard_normal(DIMS);
    manifest
}

/// Three classes that a diffusion is given, which draws in ten steps unless somebody asks for others.
pub fn diffusion() -> Manifest {
    let mut manifest = odd(3);
    let shape = manifest.dataset.shape;
    let part = manifest.generator.as_mut().expect("it has one");
    part.architecture = Architecture::Diffusion(DiffusionArchitecture {
        config: FlowConfig {
            conditional: true,
            ..FlowConfig::diffusion(shape)
        },
        latent_dim: DIMS,
        steps: 10,
        guidance: 1.5,
    });
    part.latent = LatentSpace::standard_normal(DIMS);
    manifest
}

/// A model of any data set.
pub fn manifest_of(dataset: DatasetInfo) -> Manifest {
    let regions = dataset.classes().max(1);
    let prior = if dataset.has_classes() {
        Prior::ClassCentres
    } else {
        Prior::Normal
    };
    let latent = LatentSpace {
        statistics: LatentStats {
            mean: vec![0.0; DIMS],
            std: vec![2.0; DIMS],
            mean_variance: (0..DIMS)
                .map(|dim| if dim + 1 == DIMS { 0.001 } else { 1.0 })
                .collect(),
            kl_nats: vec![0.5, 3.0, 1.0, 2.0, 1.5, 0.0],
            n: 1_000,
        },
        regions: ClassRegions((0..regions).map(region).collect()),
        typical: Vec::new(),
        realism: None,
    };
    let config = ClassifierConfig {
        shape: dataset.shape,
        width: 4,
        classes: dataset.classes(),
        pixel_mean: vec![0.0; dataset.shape.channels()],
        pixel_std: vec![1.0; dataset.shape.channels()],
    };
    let vae_record = FileRecord {
        name: "vae.safetensors".to_owned(),
        sha256: "ab".repeat(32),
    };
    Manifest {
        format_version: FORMAT_VERSION,
        files: BTreeMap::from([(FileRole::Vae, vae_record)]),
        generator: Some(GeneratorPart {
            architecture: Architecture::Vae(VaeArchitecture {
                config: VaeConfig {
                    latent_dim: DIMS,
                    channels: vec![4, 8, 8],
                    prior,
                    ..VaeConfig::default()
                },
                sigma: None,
            }),
            training: record(),
            labels_used: dataset.has_classes(),
            latent,
        }),
        refiner: None,
        classifier: Some(ClassifierPart {
            config,
            training: record(),
            temperature: 1.2,
        }),
        second_judge: None,
        judge: None,
        report: None,
        dataset,
    }
}

/// The model trained again with so many dimensions, which are the first of those before.
pub fn with_dims(mut manifest: Manifest, dims: usize) -> Manifest {
    let record = manifest.files.get_mut(&FileRole::Vae);
    record.expect("it has a VAE").sha256 = "cd".repeat(32);
    vae_config(&mut manifest).latent_dim = dims;
    let vae = manifest.generator.as_mut().expect("it has a VAE");
    let statistics = &mut vae.latent.statistics;
    for list in [
        &mut statistics.mean,
        &mut statistics.std,
        &mut statistics.mean_variance,
        &mut statistics.kl_nats,
    ] {
        list.truncate(dims);
    }
    for region in &mut vae.latent.regions.0 {
        for component in &mut region.components {
            component.mean.truncate(dims);
            // Row after row, each up to the diagonal.
            component.cholesky.truncate(dims * (dims + 1) / 2);
        }
    }
    manifest
}

fn region(class: usize) -> ClassRegion {
    let mut mean = vec![0.0; DIMS];
    mean[0] = class as f32;
    let mut cholesky = Vec::new();
    for row in 0..DIMS {
        cholesky.extend((0..=row).map(|column| if row == column { 0.4 } else { 0.0 }));
    }
    ClassRegion {
        images: 1,
        components: vec![Component {
            weight: 1.0,
            mean,
            cholesky,
        }],
    }
}

fn record() -> TrainingRecord {
    let epoch = |epoch: usize| EpochRecord {
        epoch,
        seconds: 1.0,
        metrics: BTreeMap::from([
            ("train_loss".to_owned(), 100.0 / epoch as f64),
            ("held_out_loss".to_owned(), 110.0 / epoch as f64),
        ]),
        changes: Vec::new(),
    };
    TrainingRecord {
        command: "latent-lens train vae --dataset mnist".to_owned(),
        seed: Seed(0),
        epochs: 3,
        settings: "as the test says".to_owned(),
        images: 55_000,
        parameters: 1_234_567,
        device: "CPU".to_owned(),
        history: (1..=3).map(epoch).collect(),
    }
}
