use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use classifier::ResNetConfig;
use datasets::LabelledImages;
use training::{CancelToken, Checkpoints, Event, Fit, Outcome};
use vae_core::{Likelihood, VaeConfig};

use crate::{Bundle, ClassifierPart, StudioError, TrainingRecord, VaePart};

/// What a training run is given besides its settings.
pub struct TrainingData<'a> {
    /// Name of the data set.
    pub dataset: &'a str,
    /// Class names in class order.
    pub class_names: &'a [String],
    /// Images to train on.
    pub train: &'a LabelledImages,
    /// Images to measure on after each epoch.
    pub held_out: &'a LabelledImages,
    /// The command that does this run again, for the record.
    pub command: &'a str,
    /// The device, in words.
    pub device_name: &'a str,
}

/// Trains a VAE and saves it in the bundle folder `out`, beside a classifier that may be there already.
///
/// Checkpoints live in `out/checkpoint-vae` until the run has finished; `resume` takes the newest up.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_vae(
    config: &VaeConfig,
    settings: &vae_core::TrainConfig,
    data: &TrainingData<'_>,
    out: &Path,
    resume: bool,
    device: &Device,
    cancel: &CancelToken,
    watch: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, StudioError> {
    let mut bundle = Bundle::open_or_empty(out, data.dataset, data.class_names, device)?;
    let checkpoints = Checkpoints::new(out.join("checkpoint-vae"));
    let run = Fit {
        checkpoints: Some(&checkpoints),
        resume,
        cancel,
        watch,
    };
    let classes = data.class_names.len();
    let trained = vae_core::train(
        config, settings, data.train, data.held_out, classes, device, run,
    )?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let part = VaePart {
        config: config.clone(),
        training: TrainingRecord {
            command: data.command.to_owned(),
            settings: format!("{settings:?}"),
            seed: settings.seed,
            epochs: settings.epochs,
            images: data.train.len(),
            parameters: trained.vae.num_params(),
            device: data.device_name.to_owned(),
            history: trained.history,
        },
        latent: trained.latent.stats,
        regions: trained.latent.regions,
        sigma: (config.likelihood == Likelihood::Gaussian).then_some(trained.latent.pixel_sigma),
    };
    bundle.set_vae(trained.vae, part);
    finish(bundle, out, &checkpoints)
}

/// Trains a classifier and saves it in the bundle folder `out`, beside a VAE that may be there already.
///
/// Checkpoints live in `out/checkpoint-classifier` until the run has finished; `resume` takes the newest up.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_classifier(
    config: &ResNetConfig,
    settings: &classifier::TrainConfig,
    data: &TrainingData<'_>,
    out: &Path,
    resume: bool,
    device: &Device,
    cancel: &CancelToken,
    watch: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, StudioError> {
    let mut bundle = Bundle::open_or_empty(out, data.dataset, data.class_names, device)?;
    let checkpoints = Checkpoints::new(out.join("checkpoint-classifier"));
    let run = Fit {
        checkpoints: Some(&checkpoints),
        resume,
        cancel,
        watch,
    };
    let trained = classifier::train(config, settings, data.train, data.held_out, device, run)?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let part = ClassifierPart {
        config: trained.config,
        training: TrainingRecord {
            command: data.command.to_owned(),
            settings: format!("{settings:?}"),
            seed: settings.seed,
            epochs: settings.epochs,
            images: data.train.len(),
            parameters: trained.classifier.num_params(),
            device: data.device_name.to_owned(),
            history: trained.history,
        },
        temperature: trained.temperature,
    };
    bundle.set_classifier(trained.classifier, part);
    finish(bundle, out, &checkpoints)
}

fn finish(
    mut bundle: Bundle,
    out: &Path,
    checkpoints: &Checkpoints,
) -> Result<Outcome, StudioError> {
    bundle.save(out)?;
    checkpoints
        .remove()
        .map_err(|e| StudioError::Training(e.to_string()))?;
    Ok(Outcome::Finished)
}
