//! Training of both networks against each other.

mod batch;
mod checks;
mod measure;
mod step;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use datasets::{ImageShape, LabelledImages, Seed};
use serde::{Deserialize, Serialize};
use training::{AdamW, EpochRecord, Fit, Outcome, Plan, RunIdentity, fit_with, seeded};

use crate::{Discriminator, Gan, GanConfig, GanError, Generator, principal_axes};
use batch::Batch;

pub use batch::LABEL_DROP;

/// The stream of the run's seed that draws the latents of the principal axes.
const AXES_STREAM: u64 = u64::MAX;

/// How to train a GAN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Peak of the one-cycle schedule, for both networks.
    pub learning_rate: f64,
    /// Half the weight of the discriminator's squared slope, `gamma` of Huang et al. 2024, for pixels from -1 to 1: higher is
    /// steadier and blurrier.
    pub gradient_penalty: f64,
    /// Decay per step of the averaged weights, which are the ones that are kept.
    pub average_decay: f64,
    /// Seed of the weights, the batches and the latents.
    pub seed: Seed,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            epochs: 20,
            batch_size: 128,
            learning_rate: 6e-4,
            gradient_penalty: 0.5,
            average_decay: 0.999,
            seed: Seed(0),
        }
    }
}

/// What a training begins with.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'a> {
    /// The architecture.
    pub config: &'a GanConfig,
    /// Weights of that architecture to go on from, in place of fresh ones.
    pub weights: Option<&'a Gan>,
}

impl<'a> From<&'a GanConfig> for Beginning<'a> {
    fn from(config: &'a GanConfig) -> Self {
        let weights = None;
        Self { config, weights }
    }
}

/// A trained GAN.
#[derive(Debug)]
pub struct TrainedGan {
    /// The averaged weights, on the plain device. Its latent dimensions are the principal axes of the space that training
    /// found, the one with the largest share first.
    pub generator: Generator,
    /// The averaged weights, on the plain device: to train on with.
    pub discriminator: Discriminator,
    /// The share of each latent dimension, see [`PrincipalAxes`](crate::PrincipalAxes).
    pub shares: Vec<f32>,
    /// One record an epoch. `train_loss` is the generator's and `train_discriminator_loss` the discriminator's without its
    /// penalty; `train_squared_slope` is what the penalty weighs. `held_out_discriminator_loss` and `held_out_generator_loss`
    /// are the losses on held-out images, and `held_out_overfitting` is how much better training images score than held-out
    /// ones, in units of how much better they score than drawn ones: 0 if nothing was memorised (Karras et al. 2020, "Training
    /// Generative Adversarial Networks with Limited Data", equation 1).
    pub history: Vec<EpochRecord>,
}

/// Trains a GAN; `None` if the run was cancelled (its checkpoint remains).
///
/// The networks take the shape of `images`. With 0 `classes` no label is looked at. Else the networks are given each image's
/// class, but for [`LABEL_DROP`] of them.
///
/// `device` is the plain device; gradients are switched on here. A checkpoint that is resumed takes the place of
/// [`Beginning::weights`].
///
/// # Errors
/// [`GanError`] for settings that cannot work, a loss that is not finite, and checkpoints that cannot be used.
pub fn train(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    images: &LabelledImages,
    held_out: &LabelledImages,
    classes: usize,
    device: &Device,
    run: Fit<'_, Gan>,
) -> Result<Option<TrainedGan>, GanError> {
    let config = beginning.config;
    checks::check(beginning, settings, [images, held_out], classes)?;
    let training_device = device.clone().autodiff();
    let gan = first_weights(
        beginning,
        settings,
        images.shape(),
        classes,
        &training_device,
    )?;
    let plan = Plan {
        images: images.len(),
        batch_size: settings.batch_size,
        epochs: settings.epochs,
        peak_learning_rate: settings.learning_rate,
        average_decay: settings.average_decay,
        seed: settings.seed,
        identity: RunIdentity::of(config, settings, [images, held_out], classes)?,
    };
    let weight = settings.gradient_penalty / 2.0;
    let fitted = fit_with(
        gan,
        optimizer(),
        &plan,
        run,
        |step| Batch::new(images, step, config.latent_dim, classes),
        |learner, batch, _| step::take(learner, batch, weight, &training_device),
        |gan| measure::measure(gan, [images, held_out], settings.seed),
    )?;
    if fitted.outcome == Outcome::Cancelled {
        return Ok(None);
    }
    let Gan {
        generator,
        discriminator,
    } = fitted.model;
    let axes = principal_axes(&generator, settings.seed.derive(AXES_STREAM))?;
    Ok(Some(TrainedGan {
        generator: generator.turned(&axes),
        discriminator,
        shares: axes.shares,
        history: fitted.history,
    }))
}

/// The networks that a run begins with, on the device that keeps gradients.
fn first_weights(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    shape: ImageShape,
    classes: usize,
    device: &Device,
) -> Result<Gan, GanError> {
    let init = || beginning.config.init(shape, classes, device);
    let gan = seeded(device, settings.seed, init)?;
    Ok(match beginning.weights {
        Some(weights) => gan.load_record(weights.clone().into_record()),
        None => gan,
    })
}

/// Adam without momentum, as Huang et al. 2024 train with.
fn optimizer() -> ModuleOptimizer {
    let optimizer = AdamW {
        beta1: 0.0,
        beta2: 0.99,
        ..AdamW::default()
    };
    optimizer.into()
}
