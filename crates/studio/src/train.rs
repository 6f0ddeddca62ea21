use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use classifier::ResNetConfig;
use datasets::{LabelledImages, Seed};
use training::{CancelToken, Checkpoints, Event, Fit, Outcome};
use vae_core::{Beginning, Likelihood, RegionConfig, Vae, VaeConfig, fit_latent};

use crate::{Bundle, ClassifierPart, ModelSource, StudioError, TrainingRecord, VaePart};

/// What a training run is given besides its settings.
pub struct TrainingRun<'a> {
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
    let mut bundle = Bundle::open_or_empty(run.out, run.dataset, run.class_names, run.device)?;
    let checkpoints = Checkpoints::new(run.out.join("checkpoint-vae"));
    let fit = Fit {
        checkpoints: Some(&checkpoints),
        resume: run.resume,
        cancel: run.cancel,
        watch: &mut *run.watch,
    };
    let classes = run.class_names.len();
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
        config: config.clone(),
        training: match before {
            Some((_, before)) => before.followed_by(training),
            None => training,
        },
        sigma: (config.likelihood == Likelihood::Gaussian).then_some(trained.latent.pixel_sigma),
        latent: trained.latent.space.statistics,
        regions: trained.latent.space.regions,
        realism: trained.latent.space.realism,
    };
    bundle.set_vae(trained.vae, part);
    finish(bundle, run.out, &checkpoints)
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
    if part.config != *config || bundle.manifest.class_names != run.class_names {
        return Err(StudioError::Training(format!(
            "{source} has another architecture or other classes, so its weights do not fit: leave out the options that change it"
        )));
    }
    Ok((vae, part.training))
}

/// Trains a classifier and saves it in the bundle's folder, beside a VAE that may be there already.
///
/// Checkpoints live in `checkpoint-classifier` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_classifier(
    config: &ResNetConfig,
    settings: &classifier::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let mut bundle = Bundle::open_or_empty(run.out, run.dataset, run.class_names, run.device)?;
    let checkpoints = Checkpoints::new(run.out.join("checkpoint-classifier"));
    let fit = Fit {
        checkpoints: Some(&checkpoints),
        resume: run.resume,
        cancel: run.cancel,
        watch: &mut *run.watch,
    };
    let trained = classifier::train(config, settings, run.train, run.held_out, run.device, fit)?;
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
    bundle.set_classifier(trained.classifier, part);
    finish(bundle, run.out, &checkpoints)
}

/// Describes the latent space of a trained VAE anew: its statistics and class regions are fitted again, and the bundle in
/// `dir` saved with them. The weights stay; a report about the old regions
/// is dropped.
///
/// # Errors
/// [`StudioError`] if the bundle is damaged, has no VAE or cannot be written, or the images do not fit it.
pub fn fit_regions(
    dir: &Path,
    images: &LabelledImages,
    config: RegionConfig,
    seed: Seed,
    device: &Device,
) -> Result<(), StudioError> {
    let source = ModelSource::Folder(dir.to_owned());
    let mut bundle = Bundle::open(&source, device)?;
    let (Some(vae), Some(part)) = (bundle.vae.take(), bundle.manifest.vae.take()) else {
        return Err(StudioError::MissingPart {
            model: source.to_string(),
            part: "vae",
        });
    };
    let classes = bundle.manifest.class_names.len();
    let latent = fit_latent(&vae, images, classes, config, seed)?;
    let part = VaePart {
        sigma: part.sigma.map(|_| latent.pixel_sigma),
        latent: latent.space.statistics,
        regions: latent.space.regions,
        realism: latent.space.realism,
        ..part
    };
    bundle.set_vae(vae, part);
    bundle.save(dir)
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
