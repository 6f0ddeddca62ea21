//! Training a refiner on what a VAE makes of its own training images.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{DatasetError, Image, LabelledImages, Seed, image_tensor};
use flow::{FlowConfig, VelocityNet};
use latent_space::sample_prior;
use training::{Checkpoints, Outcome};
use vae_core::Vae;

use super::snapshot::{Fixed, images_of};
use super::vae::{missing_vae, vae_sha256};
use super::{Snapshot, TrainingRun, open_for};
use crate::bundle_files::{Files, MANIFEST};
use crate::cause::Fault;
use crate::folder::{lock_run, lock_saves};
use crate::{Bundle, Generator, Manifest, ModelSource, RefinerPart, StudioError};

/// Trains a refiner for the VAE of a model and saves it in the run's folder: with that VAE, its latent space and its judges if
/// `from` names the model, or beside the VAE that is there already.
///
/// It learns the way from an image that the VAE encoded and decoded again, by a sample of its posterior, to the image itself. No
/// label is looked at, but for a conditional VAE, which is given the class of each image. `steps` are those that images are drawn
/// with unless somebody asks for others.
///
/// Checkpoints live in `checkpoint-refiner` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it, or there is no VAE.
pub fn train_refiner(
    config: &FlowConfig,
    from: Option<&ModelSource>,
    settings: &flow::TrainConfig,
    steps: usize,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let _lock = lock_run(run.out, "checkpoint-refiner")?;
    let begun = {
        // As `refuse_early` does.
        let _saving = lock_saves(run.out)?;
        begun(from, run)?
    };
    let vae = begun.generator.as_ref().and_then(Generator::vae);
    let vae = vae.ok_or_else(|| missing(from, run))?;
    let checkpoints = Checkpoints::new(run.out.join("checkpoint-refiner"))
        .depending_on("its VAE", vae_sha256(&begun).unwrap_or_default());
    let classes = run.dataset.classes();
    let pictures = |images: &LabelledImages, indices: &[usize], seed: Seed| {
        decoded_again(vae, images, indices, seed)
    };
    let (images, device, fixed) = ([run.train, run.held_out], run.device, Fixed::of(run));
    let draw = |net: &VelocityNet, step, _| Snapshot {
        step,
        reconstructions: refined(net, vae, &fixed, steps, device).unwrap_or_default(),
        ..Snapshot::default()
    };
    let fit = run.fit(&checkpoints, draw);
    let trained = flow::train(
        config.into(),
        settings,
        images[0],
        images[1],
        classes,
        Some(&pictures),
        device,
        fit,
    )?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let part = RefinerPart {
        config: config.clone(),
        training: run.record(
            format!("{settings:?}"),
            (settings.seed, settings.epochs),
            trained.net.num_params(),
            trained.history,
        ),
        steps,
    };
    // Another run may have saved a judge there meanwhile.
    let _saving = lock_saves(run.out)?;
    let mut bundle = self::begun(from, run)?;
    if vae_sha256(&bundle) != vae_sha256(&begun) {
        return Err(StudioError::WeightsReplaced {
            model: run.out.display().to_string(),
            result: "the refiner",
            remedy: "Train the refiner again",
        });
    }
    bundle.set_refiner(trained.net, part);
    bundle.save_locked(run.out)?;
    checkpoints.remove()?;
    Ok(Outcome::Finished)
}

/// What the refiner is put into: the bundle in the run's folder, or else that of the model whose VAE it is for.
///
/// # Errors
/// [`StudioError`] if the folder holds another VAE than that one, or networks that would be lost.
fn begun(from: Option<&ModelSource>, run: &TrainingRun<'_>) -> Result<Bundle, StudioError> {
    let there = open_for(run)?;
    let Some(source) = from else {
        return Ok(there);
    };
    let bundle = Bundle::open(source, run.device)?;
    let (own, other) = (run.dataset, &bundle.manifest.dataset);
    if own.shape != other.shape || own.class_names != other.class_names {
        return Err(StudioError::OtherArchitecture(source.to_string()));
    }
    if there.manifest == Manifest::empty(run.dataset.clone()) {
        return Ok(bundle);
    }
    if vae_sha256(&there) == vae_sha256(&bundle) {
        return Ok(there);
    }
    let out = ModelSource::Folder(run.out.to_owned());
    let reason = format!("the bundle is not made from {source}");
    let remedy = "Choose another output folder";
    Err(Files::of(&out).damaged(MANIFEST, Fault::new(reason), remedy))
}

fn missing(from: Option<&ModelSource>, run: &TrainingRun<'_>) -> StudioError {
    let out = || run.out.display().to_string();
    missing_vae(from.map_or_else(out, ToString::to_string))
}

/// The first held-out images as the VAE decodes them and the refiner sharpens them.
fn refined(
    net: &VelocityNet,
    vae: &Vae,
    fixed: &Fixed,
    steps: usize,
    device: &Device,
) -> Result<Vec<Image>, DatasetError> {
    let (images, indices) = fixed.originals();
    let pictures = decoded_again(vae, images, &indices, Seed(0))?;
    let noise = sample_prior(vae.shape.values(), indices.len(), Seed(1)).concat();
    let noise = TensorData::new(noise, vae.shape.batch(indices.len()));
    let [pictures, noise] = [pictures, noise].map(|data| Tensor::<4>::from_data(data, device));
    Ok(images_of(net.refine(pictures, noise, steps), vae.shape))
}

/// Images as the VAE decodes a sample of their posteriors, `[indices.len(), channels, height, width]` in `[0, 1]`.
fn decoded_again(
    vae: &Vae,
    images: &LabelledImages,
    indices: &[usize],
    seed: Seed,
) -> Result<TensorData, DatasetError> {
    let device = vae.encoder.mean.weight.device();
    let classes = vae.classes_of(images, indices);
    let posterior = vae.encode_as(image_tensor(images, indices, &device)?, classes.clone());
    let (n, dims) = (indices.len(), vae.latent_dim());
    let noise = sample_prior(dims, n, seed).concat();
    let noise = Tensor::from_data(TensorData::new(noise, [n, dims]), &device);
    Ok(vae.decode_as(posterior.sample(noise), classes).into_data())
}
