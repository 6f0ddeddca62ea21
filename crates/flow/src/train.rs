//! Training: the network learns the velocity of points on straight paths to the images.

mod checks;
mod objective;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::{Device, TensorData};
use datasets::{DatasetError, ImageShape, LabelledImages, Seed};
use serde::{Deserialize, Serialize};
use training::{AdamW, EpochRecord, Fit, Outcome, Plan, RunIdentity, Step, fit, seeded};

use crate::{FlowConfig, FlowError, VelocityNet};
use objective::{Batch, Source, loss, measure};

/// Gradients of each weight tensor are scaled down to this norm: single batches are steep in the first steps.
const LARGEST_GRADIENT_NORM: f32 = 1.0;

/// The pictures that a refiner begins with, for the images at some indices; what is random about them follows from the seed. They
/// are made on the thread that prepares batches, a step ahead.
///
/// Their shape is `[indices.len(), channels, height, width]`, pixels in `[0, 1]`.
pub type Pictures<'a> =
    dyn Fn(&LabelledImages, &[usize], Seed) -> Result<TensorData, DatasetError> + Sync + 'a;

/// How to train a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// Passes over the training images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Peak of the one-cycle schedule.
    pub learning_rate: f64,
    /// Decay per step of the averaged weights, which are the ones that are kept.
    pub average_decay: f64,
    /// The share of images whose class is left out in a step, from 0 to 1, so that a conditional network also learns what images
    /// look like without one (Ho and Salimans 2021, section 3.2).
    pub label_drop: f64,
    /// Seed of the weights, the batches and the noise.
    pub seed: Seed,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            epochs: 20,
            batch_size: 128,
            learning_rate: 2e-3,
            average_decay: 0.999,
            label_drop: 0.1,
            seed: Seed(0),
        }
    }
}

/// What a training begins with.
#[derive(Debug, Clone, Copy)]
pub struct Beginning<'a> {
    /// The architecture.
    pub config: &'a FlowConfig,
    /// Weights of that architecture to go on from, in place of fresh ones.
    pub weights: Option<&'a VelocityNet>,
}

impl<'a> From<&'a FlowConfig> for Beginning<'a> {
    fn from(config: &'a FlowConfig) -> Self {
        let weights = None;
        Self { config, weights }
    }
}

/// A flow with the history of its training.
#[derive(Debug)]
pub struct TrainedFlow {
    /// The averaged weights, on the plain device.
    pub net: VelocityNet,
    /// One record an epoch: `train_loss` and `held_out_loss`, the mean squared errors of the velocity's values.
    pub history: Vec<EpochRecord>,
}

/// Trains a flow; `None` if the run was cancelled (its checkpoint remains).
///
/// The network takes the shape of `images`. With 0 `classes` no label is looked at, nor by a network that is not conditional. A
/// refiner needs `pictures`, for the training and for the held-out images; a checkpoint knows them only
/// by what [`Checkpoints::depending_on`](training::Checkpoints::depending_on) says of them.
///
/// `device` is the plain device; gradients are switched on here. A checkpoint that is resumed takes the place of
/// [`Beginning::weights`].
///
/// # Errors
/// [`FlowError`] for settings that cannot work, a loss that is not finite, and checkpoints that cannot be used.
#[allow(clippy::too_many_arguments, reason = "all of it is what a training is")]
pub fn train(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    images: &LabelledImages,
    held_out: &LabelledImages,
    classes: usize,
    pictures: Option<&Pictures<'_>>,
    device: &Device,
    run: Fit<'_, VelocityNet>,
) -> Result<Option<TrainedFlow>, FlowError> {
    let shape = images.shape();
    checks::check(
        beginning,
        settings,
        [images, held_out],
        classes,
        pictures.is_some(),
    )?;
    let training_device = device.clone().autodiff();
    let net = first_weights(beginning, settings, shape, classes, &training_device)?;
    let plan = Plan {
        images: images.len(),
        batch_size: settings.batch_size,
        epochs: settings.epochs,
        peak_learning_rate: settings.learning_rate,
        average_decay: settings.average_decay,
        seed: settings.seed,
        identity: RunIdentity::of(beginning.config, settings, [images, held_out], classes)?,
    };
    let source = Source {
        config: beginning.config,
        classes,
        pictures,
    };
    let fitted = fit(
        net,
        optimizer(),
        &plan,
        run,
        |step| {
            Batch::new(
                &source,
                images,
                step.indices,
                settings.label_drop,
                step.seed,
            )
        },
        |net: &VelocityNet, batch, _: &Step<'_>| loss(net, batch, &training_device),
        |net| measure(net, &source, held_out, settings.seed, device),
    )?;
    Ok(
        (fitted.outcome == Outcome::Finished).then_some(TrainedFlow {
            net: fitted.model,
            history: fitted.history,
        }),
    )
}

/// The network that a run begins with, on the device that keeps gradients.
fn first_weights(
    beginning: Beginning<'_>,
    settings: &TrainConfig,
    shape: ImageShape,
    classes: usize,
    device: &Device,
) -> Result<VelocityNet, FlowError> {
    let init = || beginning.config.init(shape, classes, device);
    let net = seeded(device, settings.seed, init)?;
    Ok(match beginning.weights {
        Some(weights) => net.load_record(weights.clone().into_record()),
        None => net,
    })
}

fn optimizer() -> ModuleOptimizer {
    let optimizer = AdamW {
        beta2: 0.99,
        weight_decay: 1e-2,
        largest_norm: Some(LARGEST_GRADIENT_NORM),
        ..AdamW::default()
    };
    optimizer.into()
}
