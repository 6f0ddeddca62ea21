//! Training by the evidence lower bound.

mod checks;
mod objective;

use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, ModuleOptimizer};
use burn::tensor::Device;
use datasets::{ImageShape, LabelledImages, Seed};
use serde::{Deserialize, Serialize};
use training::{EpochRecord, Fit, Outcome, Plan, Step, adam_w, fit, seeded};

use crate::{LatentFit, Prior, RegionConfig, Vae, VaeConfig, VaeError, fit_latent};
use objective::{Batch, loss, measure};

/// Gradients are scaled down to this norm for each value of an image: the loss is a sum over all of them, and single batches
/// of it are steep. It makes 200 for a digit of MNIST, for which it was chosen; the more values an image has, the steeper its
/// loss.
const LARGEST_GRADIENT_NORM_PER_VALUE: f64 = 25.0 / 98.0;

/// How to train a VAE.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Peak of the one-cycle schedule.
    pub learning_rate: f64,
    /// Epochs over which the weight of the KL term rises from 0 to 1 (Bowman et al. 2015). It is 1 for the rest of the
    /// run, so the objective that is reached is the unweighted ELBO.
    pub kl_warmup_epochs: f64,
    /// Weight of `-ln p(class | z)` under the class centres, in addition to the bound (Kingma et al. 2014,
    /// "Semi-supervised Learning with Deep Generative Models", equation 9): it keeps what tells the classes apart in the
    /// latents, although it is worth few of the bound's nats. 0 leaves the bound alone.
    pub class_weight: f64,
    /// Whether the network learns binary images, a pixel 1 with its grey level as the probability, drawn anew each time an
    /// image is seen: the task whose likelihoods papers compare.
    pub binarise: bool,
    /// Decay per step of the averaged weights, which are the ones that are kept.
    pub average_decay: f64,
    /// How the class regions are fitted when the weights are there.
    pub regions: RegionConfig,
    /// Seed of the weights, the batches and the noise.
    pub seed: Seed,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            epochs: 20,
            batch_size: 128,
            learning_rate: 2e-3,
            kl_warmup_epochs: 3.0,
            class_weight: 0.0,
            binarise: false,
            average_decay: 0.998,
            regions: RegionConfig::default(),
            seed: Seed(0),
        }
    }
}

/// What a training begins with.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'a> {
    /// The architecture.
    pub config: &'a VaeConfig,
    /// Weights of that architecture to go on from, in place of fresh ones.
    pub weights: Option<&'a Vae>,
}

impl<'a> From<&'a VaeConfig> for Beginning<'a> {
    fn from(config: &'a VaeConfig) -> Self {
        let weights = None;
        Self { config, weights }
    }
}

/// A VAE with all that was learned about it.
#[derive(Debug)]
pub struct TrainedVae {
    /// The averaged weights, on the plain device.
    pub vae: Vae,
    /// One record an epoch: `train_loss`, and `held_out_reconstruction_nats`, `held_out_kl_nats`, `held_out_mse`.
    pub history: Vec<EpochRecord>,
    /// What its latent space looks like.
    pub latent: LatentFit,
}

/// Trains a VAE by the ELBO and describes its latent space; `None` if the run was cancelled (its checkpoint remains).
///
/// The network takes the shape of `images`. With 0 `classes` no label is looked at; images without labels need that, and a
/// network that needs no class. A conditional network is given each image's class in training, but for those that
/// [`drop_labels`](crate::drop_labels) leaves out.
///
/// `device` is the plain device; gradients are switched on here. A checkpoint that is resumed takes the place of
/// [`Beginning::weights`].
///
/// # Errors
/// [`VaeError`] for settings that cannot work, a loss that is not finite, and checkpoints that cannot be used.
pub fn train(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    images: &LabelledImages,
    held_out: &LabelledImages,
    classes: usize,
    device: &Device,
    run: Fit<'_>,
) -> Result<Option<TrainedVae>, VaeError> {
    let config = beginning.config;
    checks::check(beginning, settings, [images, held_out], classes)?;
    let training_device = device.clone().autodiff();
    let vae = first_weights(
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
        fingerprint: checks::fingerprint(config, settings, images, classes),
    };
    let with_labels = config.prior == Prior::ClassCentres;
    let fitted = fit(
        vae,
        optimizer(images.shape()),
        &plan,
        run,
        |step| Batch::new(images, step, config, settings, classes),
        |vae: &Vae, batch, step: &Step<'_>| {
            let warm_up = (step.epochs_done / settings.kl_warmup_epochs.max(1e-9)).min(1.0);
            let weights = [warm_up, settings.class_weight];
            loss(vae, batch, config.likelihood, weights, &training_device)
        },
        |vae| measure(vae, config.likelihood, settings, held_out, with_labels),
    )?;
    if fitted.outcome == Outcome::Cancelled {
        return Ok(None);
    }
    let (vae, seed) = (fitted.model, settings.seed);
    Ok(Some(TrainedVae {
        latent: fit_latent(&vae, [images, held_out], classes, settings.regions, seed)?,
        vae,
        history: fitted.history,
    }))
}

/// The network that a run begins with, on the device that keeps gradients.
fn first_weights(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    shape: ImageShape,
    classes: usize,
    device: &Device,
) -> Result<Vae, VaeError> {
    let init = || beginning.config.init(shape, classes, device);
    let vae = seeded(device, settings.seed, init)?;
    Ok(match beginning.weights {
        Some(weights) => vae.load_record(weights.clone().into_record()),
        None => vae,
    })
}

fn optimizer(shape: ImageShape) -> ModuleOptimizer {
    let largest_norm = shape.values() as f64 * LARGEST_GRADIENT_NORM_PER_VALUE;
    adam_w(
        &AdamWConfig::new()
            .with_epsilon(1e-8)
            .with_weight_decay(1e-4),
        Some(GradientClippingConfig::Norm(largest_norm as f32)),
    )
}
