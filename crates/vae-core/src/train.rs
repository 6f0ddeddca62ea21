//! Training by the evidence lower bound.

mod checks;
mod joint;
mod labelled;
mod objective;
mod swap;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Device;
use datasets::{ImageShape, LabelledImages, Seed};
use serde::{Deserialize, Serialize};
use training::{AdamW, EpochRecord, Fit, Outcome, Plan, Step, fit, seeded};

use crate::{LatentFit, Prior, RegionConfig, Vae, VaeConfig, VaeError, fit_latent};
pub use joint::JointConfig;
pub use labelled::draw_labelled;
pub use objective::LABEL_DROP;
use objective::{Batch, Objective, measure};
use swap::{Reader, WithReader};

/// The stream of the seed that a reader's fresh weights follow from, see `swap`.
const READER_STREAM: u64 = 1;

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
    /// Epochs over which the weight of the KL term goes from [`kl_start`](Self::kl_start) to [`kl_weight`](Self::kl_weight), which it
    /// keeps for the rest of the run.
    pub kl_warmup_epochs: f64,
    /// The weight of the KL term after the warm-up. With 1 the bound that is reached is the unweighted ELBO; with more the latents tell less
    /// and lie closer to the prior, with less they tell more (Higgins et al. 2017, "beta-VAE").
    pub kl_weight: f64,
    /// The weight of the KL term at the start: 0 lets the latents tell all they can at first (Bowman et al. 2015); one above 1
    /// keeps them nearly silent, so that a conditional network learns first what the class tells.
    pub kl_start: f64,
    /// Weight of `-ln p(class | z)` under the class centres, in addition to the bound (Kingma et al. 2014,
    /// "Semi-supervised Learning with Deep Generative Models", equation 9): it keeps what tells the classes apart in the
    /// latents, although it is worth few of the bound's nats. 0 leaves the bound alone.
    pub class_weight: f64,
    /// Of a conditional network: how many nats of the bound it is worth that latents, decoded as other classes, are taken for them by
    /// a small network that learns to tell real images apart in the same run. 0 leaves the bound alone.
    pub swap_weight: f64,
    /// Whether the network learns binary images, a pixel 1 with its grey level as the probability, drawn anew each time an
    /// image is seen: the task whose likelihoods papers compare.
    pub binarise: bool,
    /// How the head of a joint model learns; not looked at without one.
    pub joint: JointConfig,
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
            kl_weight: 1.0,
            kl_start: 0.0,
            class_weight: 0.0,
            swap_weight: 0.0,
            binarise: false,
            joint: JointConfig::default(),
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
    /// One record an epoch: `train_loss`, and `held_out_reconstruction_nats`, `held_out_kl_nats`, `held_out_mse`; of a joint model
    /// `held_out_head_error`, too.
    pub history: Vec<EpochRecord>,
    /// What its latent space looks like.
    pub latent: LatentFit,
}

/// The weights of a VAE, before anything is known about its latent space.
#[derive(Debug)]
pub struct TrainedWeights {
    /// The averaged weights, on the plain device.
    pub vae: Vae,
    /// As [`TrainedVae::history`].
    pub history: Vec<EpochRecord>,
}

/// Trains a VAE by the ELBO and describes its latent space; `None` if the run was cancelled (its checkpoint remains).
///
/// The network takes the shape of `images`. With 0 `classes` no label is looked at; images without labels need that, and a
/// network that needs no class. A conditional network is given each image's class in training, but for those that
/// [`LABEL_DROP`] leaves out.
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
    run: Fit<'_, Vae>,
) -> Result<Option<TrainedVae>, VaeError> {
    checks::check(beginning, settings, [images, held_out], classes)?;
    checks::check_regions(beginning.config, settings, images, classes)?;
    let trained = train_weights(beginning, settings, images, held_out, classes, device, run)?;
    let Some(TrainedWeights { vae, history }) = trained else {
        return Ok(None);
    };
    Ok(Some(TrainedVae {
        latent: fit_latent(
            &vae,
            [images, held_out],
            classes,
            settings.regions,
            settings.seed,
        )?,
        vae,
        history,
    }))
}

/// As [`train`], without a look at the latent space afterwards.
///
/// # Errors
/// As [`train`].
pub fn train_weights(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    images: &LabelledImages,
    held_out: &LabelledImages,
    classes: usize,
    device: &Device,
    run: Fit<'_, Vae>,
) -> Result<Option<TrainedWeights>, VaeError> {
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
        identity: checks::identity(config, settings, [images, held_out], classes)?,
    };
    let with_labels = config.prior == Prior::ClassCentres;
    let (few, seed) = (settings.joint.labels, settings.joint.labels_seed);
    let few = few.filter(|_| config.head.is_some());
    let draw = |count| draw_labelled(images, classes, count, seed);
    let labelled = few.map(draw).transpose()?;
    let batch =
        |step: &Step<'_>| Batch::new(images, labelled.as_deref(), step, config, settings, classes);
    let kl_weight = |step: &Step<'_>| {
        let progress = (step.epochs_done / settings.kl_warmup_epochs.max(1e-9)).min(1.0);
        settings.kl_start + (settings.kl_weight - settings.kl_start) * progress
    };
    let objective = Objective {
        likelihood: config.likelihood,
        settings,
        device: &training_device,
    };
    let measure = |vae: &Vae| measure(vae, config.likelihood, settings, held_out, with_labels);
    let optimizer = optimizer(images.shape());
    let (vae, history, outcome) = if config.conditional && settings.swap_weight > 0.0 {
        let reader = || Ok::<_, VaeError>(Reader::new(images.shape(), classes, &training_device));
        let network = WithReader {
            reader: seeded(
                &training_device,
                settings.seed.derive(READER_STREAM),
                reader,
            )?,
            vae,
        };
        let loss = |network: &WithReader, batch, step: &Step<'_>| {
            objective.with_swaps(network, batch, kl_weight(step))
        };
        let measure = |network: &WithReader| measure(&network.vae);
        let run = run.within(|network: &WithReader| &network.vae);
        let fitted = fit(network, optimizer, &plan, run, batch, loss, measure)?;
        (fitted.model.vae, fitted.history, fitted.outcome)
    } else {
        let loss = |vae: &Vae, batch, step: &Step<'_>| objective.loss(vae, batch, kl_weight(step));
        let fitted = fit(vae, optimizer, &plan, run, batch, loss, measure)?;
        (fitted.model, fitted.history, fitted.outcome)
    };
    Ok((outcome == Outcome::Finished).then_some(TrainedWeights { vae, history }))
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
    let optimizer = AdamW {
        weight_decay: 1e-4,
        largest_norm: Some(largest_norm as f32),
        ..AdamW::default()
    };
    optimizer.into()
}
