//! A VAE and a judge are trained on a folder of pictures, and the model is opened.
//!
//! `cargo run --release --example train_on_folder -- OUT [PICTURES]`, where each sub-folder of `PICTURES` is a class. Without one, the
//! program draws two hundred small discs and crosses, which takes some seconds. Those who train for a purpose want more epochs, and
//! images to test on besides; `latent-lens train` does all that.

use std::{env, error::Error, fs, path::Path};

use image::{GrayImage, Luma};
use studio::burn::tensor::Device;
use studio::classifier::{self, ClassifierConfig};
use studio::datasets::{
    Augmentation, DatasetInfo, FolderOptions, SPLIT_SEED, load_folder, split_indices,
};
use studio::training::{CancelToken, Event};
use studio::vae_core::{self, VaeConfig};
use studio::{ModelSource, Studio, TrainingRun, train_classifier, train_vae};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let out = arguments.next().ok_or("the folder to write is missing")?;
    let out = Path::new(&out);
    let pictures = match arguments.next() {
        Some(folder) => folder.into(),
        None => drawn(&out.join("pictures"))?,
    };
    let model = out.join("model");

    let folder = load_folder(&pictures, &FolderOptions::default())?;
    let dataset = DatasetInfo {
        name: "pictures".to_owned(),
        title: "Pictures".to_owned(),
        shape: folder.images.shape(),
        class_names: folder.class_names,
        preparation: folder.preparation,
        augmentation: Augmentation::none(),
        origin: None,
        known: None,
        source: None,
    };
    let images = folder.images;
    let (train, held_out) = split_indices(images.len(), images.len() / 10, SPLIT_SEED);
    let (train, held_out) = (images.subset(&train), images.subset(&held_out));

    let mut tell = |event: Event<'_>| {
        if let Event::Epoch(record) = event {
            println!("epoch {}: {:.3?}", record.epoch, record.metrics);
        }
    };
    let mut run = TrainingRun {
        dataset: &dataset,
        train: &train,
        held_out: &held_out,
        sample: Some(&held_out),
        command: "train_on_folder",
        out: &model,
        resume: false,
        replace_damaged: false,
        device: &Device::flex(),
        device_name: "Flex",
        cancel: &CancelToken::new(),
        // Nobody pauses it, and nobody looks on.
        steering: None,
        snapshots: None,
        watch: &mut tell,
    };
    let vae = VaeConfig {
        latent_dim: 8,
        channels: VaeConfig::channels_of_width(dataset.shape, 8),
        ..VaeConfig::default()
    };
    let settings = vae_core::TrainConfig {
        epochs: 40,
        batch_size: 16,
        // The latents may tell all they can at first, and the average of the weights follows so few steps.
        kl_warmup_epochs: 30.0,
        average_decay: 0.98,
        ..vae_core::TrainConfig::default()
    };
    train_vae(&vae, None, &settings, &mut run)?;
    if dataset.classes() >= 2 {
        let config = ClassifierConfig {
            shape: dataset.shape,
            classes: dataset.classes(),
            width: 8,
            ..ClassifierConfig::default()
        };
        let settings = classifier::TrainConfig {
            epochs: 2,
            batch_size: 16,
            ..classifier::TrainConfig::default()
        };
        train_classifier(&config, &settings, &mut run)?;
    }

    let studio = Studio::open(&ModelSource::Folder(model.clone()), &Device::flex())?;
    println!(
        "{} opens: {} in {} dimensions",
        model.display(),
        studio.shape(),
        studio.generator_part().latent.dims()
    );
    Ok(())
}

/// Draws discs and crosses of 16x16 pixels, in a sub-folder for each kind.
fn drawn(folder: &Path) -> Result<std::path::PathBuf, Box<dyn Error>> {
    for kind in ["discs", "crosses"] {
        fs::create_dir_all(folder.join(kind))?;
        for number in 0..100_i64 {
            let (x, y, size) = (6 + number % 5, 6 + number / 5 % 5, 2 + number / 25);
            let picture = GrayImage::from_fn(16, 16, |column, row| {
                let (dx, dy) = (i64::from(column) - x, i64::from(row) - y);
                let is_ink = if kind == "discs" {
                    dx * dx + dy * dy <= size * size
                } else {
                    dx.abs().max(dy.abs()) <= size && dx.abs() == dy.abs()
                };
                Luma([if is_ink { 255 } else { 0 }])
            });
            picture.save(folder.join(kind).join(format!("{number}.png")))?;
        }
    }
    Ok(folder.to_owned())
}
