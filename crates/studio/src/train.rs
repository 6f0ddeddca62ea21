//! Training runs that end in a bundle.

mod refiner;

pub use refiner::train_refiner;

use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use classifier::{Classifier, ClassifierConfig};
use datasets::{DatasetInfo, LabelledImages, Seed};
use latent_space::RegionConfig;
use training::{CancelToken, Checkpoints, Event, Fit, Outcome};
use vae_core::{Beginning, Likelihood, Vae, VaeConfig, fit_latent, region_log_likelihood};

use crate::{Bundle, ClassifierPart, FileRole, ModelSource, StudioError, TrainingRecord, VaePart};

/// What a training run is given besides its settings.
pub struct TrainingRun<'a> {
    /// The data set.
    pub dataset: &'a DatasetInfo,
    /// Images to train on.
    pub train: &'a LabelledImages,
    /// Images to measure on after each epoch.
    pub held_out: &'a LabelledImages,
    /// Images of the data set of which the bundle carries a few, see [`Bundle::set_sample`]; best those that were held
    /// out for testing.
    pub sample: Option<&'a LabelledImages>,
    /// The command that does this run again, for the record.
    pub command: &'a str,
    /// The bundle's folder.
    pub out: &'a Path,
    /// Take the newest checkpoint up.
    pub resume: bool,
    /// Where to compute.
    pub device: &'a Device,
    /// The device in words, for the record.
    pub device_name: &'a str,
    /// Asks the run to stop after the step under way.
    pub cancel: &'a CancelToken,
    /// Called after every step and every epoch.
    pub watch: &'a mut dyn FnMut(Event<'_>),
}

/// Trains a VAE and saves it in the bundle's folder, beside a classifier that may be there already. With `from` it goes on
/// from that model's VAE, whose architecture `config` has to be.
///
/// Checkpoints live in `checkpoint-vae` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_vae(
    config: &VaeConfig,
    from: Option<&ModelSource>,
    settings: &vae_core::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let before = from.map(|source| vae_of(config, source, run)).transpose()?;
    refuse_early(run)?;
    let checkpoints = Checkpoints::new(run.out.join("checkpoint-vae"));
    let fit = Fit {
        checkpoints: Some(&checkpoints),
        resume: run.resume,
        cancel: run.cancel,
        watch: &mut *run.watch,
    };
    let classes = run.dataset.classes();
    let beginning = Beginning {
        config,
        weights: before.as_ref().map(|(vae, _)| vae),
    };
    let trained = vae_core::train(
        beginning,
        settings,
        run.train,
        run.held_out,
        classes,
        run.device,
        fit,
    )?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let training = TrainingRecord {
        command: run.command.to_owned(),
        settings: format!("{settings:?}"),
        seed: settings.seed,
        epochs: settings.epochs,
        images: run.train.len(),
        parameters: trained.vae.num_params(),
        device: run.device_name.to_owned(),
        history: trained.history,
    };
    let part = VaePart {
        config: config.resolved(run.dataset.shape),
        labels_used: config.uses_labels(),
        training: match before {
            Some((_, before)) => before.followed_by(training),
            None => training,
        },
        sigma: (config.likelihood == Likelihood::Gaussian).then_some(trained.latent.pixel_sigma),
        latent: trained.latent.space,
    };
    finish(run, &checkpoints, |bundle| {
        bundle.set_vae(trained.vae, part);
    })
}

/// The VAE of a model, to go on from, and how it was trained.
fn vae_of(
    config: &VaeConfig,
    source: &ModelSource,
    run: &TrainingRun<'_>,
) -> Result<(Vae, TrainingRecord), StudioError> {
    let bundle = Bundle::open(source, run.device)?;
    let (Some(vae), Some(part)) = (bundle.vae, bundle.manifest.vae) else {
        return Err(StudioError::MissingPart {
            model: source.to_string(),
            part: "vae",
        });
    };
    let (own, other) = (run.dataset, &bundle.manifest.dataset);
    let same_images = own.shape == other.shape && own.class_names == other.class_names;
    if !same_images || part.config.resolved(own.shape) != config.resolved(own.shape) {
        return Err(StudioError::OtherArchitecture(source.to_string()));
    }
    Ok((vae, part.training))
}

/// Trains a classifier and saves it in the bundle's folder, beside the other networks that may be there already.
///
/// Checkpoints live in `checkpoint-classifier` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_classifier(
    config: &ClassifierConfig,
    settings: &classifier::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let put = |bundle: &mut Bundle, network, part| bundle.set_classifier(network, part);
    train_judge("checkpoint-classifier", config, settings, run, put)
}

/// Trains a second judge, as [`train_classifier`] does the first. Its checkpoints live in `checkpoint-judge`.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_second_judge(
    config: &ClassifierConfig,
    settings: &classifier::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let put = |bundle: &mut Bundle, network, part| bundle.set_second_judge(network, part);
    train_judge("checkpoint-judge", config, settings, run, put)
}

/// Trains a network that judges, and puts it into the bundle.
fn train_judge<N: Classifier>(
    checkpoint: &str,
    config: &ClassifierConfig,
    settings: &classifier::TrainConfig,
    run: &mut TrainingRun<'_>,
    put: impl FnOnce(&mut Bundle, N, ClassifierPart),
) -> Result<Outcome, StudioError> {
    refuse_early(run)?;
    let checkpoints = Checkpoints::new(run.out.join(checkpoint));
    let fit = Fit {
        checkpoints: Some(&checkpoints),
        resume: run.resume,
        cancel: run.cancel,
        watch: &mut *run.watch,
    };
    let trained =
        classifier::train::<N>(config, settings, run.train, run.held_out, run.device, fit)?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let part = ClassifierPart {
        config: trained.config,
        training: TrainingRecord {
            command: run.command.to_owned(),
            settings: format!("{settings:?}"),
            seed: settings.seed,
            epochs: settings.epochs,
            images: run.train.len(),
            parameters: trained.classifier.num_params(),
            device: run.device_name.to_owned(),
            history: trained.history,
        },
        temperature: trained.temperature,
    };
    finish(run, &checkpoints, |bundle| {
        put(bundle, trained.classifier, part);
    })
}

/// Describes the latent space of a trained VAE anew: its statistics and class regions are fitted again, and the bundle in
/// `dir` saved with them. The weights stay, and so does what was saved there in the meantime; a report about the old
/// regions is dropped.
///
/// Gives how well the regions describe `held_out` images, in nats; see [`region_log_likelihood`].
///
/// # Errors
/// [`StudioError`] if the bundle is damaged, has no VAE or cannot be written, the images do not fit it, or its VAE was
/// replaced in the meantime.
pub fn fit_regions(
    dir: &Path,
    [images, held_out]: [&LabelledImages; 2],
    config: RegionConfig,
    seed: Seed,
    device: &Device,
) -> Result<f64, StudioError> {
    let source = ModelSource::Folder(dir.to_owned());
    let mut before = Bundle::open(&source, device)?;
    let (Some(vae), Some(part)) = (before.vae.take(), before.manifest.vae.take()) else {
        return Err(StudioError::MissingPart {
            model: source.to_string(),
            part: "vae",
        });
    };
    let classes = before.manifest.dataset.classes();
    let latent = fit_latent(&vae, [images, held_out], classes, config, seed)?;
    let regions = &latent.space.regions;
    let held_out_nats = region_log_likelihood(&vae, held_out, regions, classes, seed);
    // Fitting takes minutes, in which another run may have saved something here.
    let mut bundle = Bundle::open(&source, device)?;
    if vae_sha256(&bundle) != vae_sha256(&before) {
        return Err(StudioError::WeightsReplaced {
            model: source.to_string(),
            result: "the new description of the latent space",
            remedy: "Fit the regions again",
        });
    }
    let part = VaePart {
        sigma: part.sigma.map(|_| latent.pixel_sigma),
        latent: latent.space,
        ..part
    };
    bundle.describe_vae(part);
    bundle.save(dir)?;
    Ok(held_out_nats)
}

/// The checksum of the VAE's weights.
fn vae_sha256(bundle: &Bundle) -> Option<&str> {
    let record = bundle.manifest.files.get(&FileRole::Vae);
    record.map(|record| record.sha256.as_str())
}

/// A folder whose bundle is damaged or of another data set is refused before hours of training, not after them.
fn refuse_early(run: &TrainingRun<'_>) -> Result<(), StudioError> {
    Bundle::open_or_empty(run.out, run.dataset, run.device).map(drop)
}

/// Puts what was trained into the bundle as it is now, since another run may have saved the other network there while this
/// one trained, and saves it.
fn finish(
    run: &TrainingRun<'_>,
    checkpoints: &Checkpoints,
    put: impl FnOnce(&mut Bundle),
) -> Result<Outcome, StudioError> {
    let mut bundle = Bundle::open_or_empty(run.out, run.dataset, run.device)?;
    put(&mut bundle);
    if let Some(images) = run.sample {
        bundle.set_sample(images);
    }
    bundle.save(run.out)?;
    checkpoints.remove()?;
    Ok(Outcome::Finished)
}
