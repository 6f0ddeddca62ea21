//! Training by the evidence lower bound.

use std::collections::BTreeMap;

use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::AdamWConfig;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ImageShape, LabelledImages, Seed, binarised, image_data, label_data, label_tensor};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};
use training::{EpochRecord, Fit, Outcome, Plan, Step, adam_w, fit, seeded};

use crate::latent_fit::floats;
use crate::{LatentFit, Likelihood, RegionConfig, Vae, VaeConfig, VaeError, elbo, fit_latent};

/// Gradients are scaled down to this norm for each value of an image: the loss is a sum over all of them, and single batches
/// of it are steep. It makes 200 for a digit of MNIST, for which it was chosen; the more values an image has, the
/// steeper its loss.
const LARGEST_GRADIENT_NORM_PER_VALUE: f64 = 25.0 / 98.0;
/// The stream of a step's seed that draws binary images; its own draws the noise of the posteriors.
const BINARY_STREAM: u64 = 1;
/// Held-out images measured at a time.
const CHUNK: usize = 250;

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
/// prior without class centres.
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
    check_binarise(config, settings)?;
    let shape = images.shape();
    check_shape("the shape of the held-out images", held_out.shape(), shape)?;
    if let Some(weights) = beginning.weights {
        check_shape(
            "the shape of the network to go on from",
            weights.shape,
            shape,
        )?;
    }
    check_labels(images, classes)?;
    check_labels(held_out, classes)?;
    let training_device = device.clone().autodiff();
    let vae = seeded(&training_device, settings.seed, || {
        config.init(shape, classes, &training_device)
    })?;
    let vae = match beginning.weights {
        Some(weights) => vae.load_record(weights.clone().into_record()),
        None => vae,
    };
    let optimizer = adam_w(
        &AdamWConfig::new()
            .with_epsilon(1e-8)
            .with_weight_decay(1e-4),
        Some(GradientClippingConfig::Norm(largest_gradient_norm(shape))),
    );
    let plan = Plan {
        images: images.len(),
        batch_size: settings.batch_size,
        epochs: settings.epochs,
        peak_learning_rate: settings.learning_rate,
        average_decay: settings.average_decay,
        seed: settings.seed,
        fingerprint: fingerprint(config, settings, images, classes),
    };
    let fitted = fit(
        vae,
        optimizer,
        &plan,
        run,
        |step| Batch {
            images: seen(
                image_data(images, step.indices),
                settings.binarise,
                step.seed,
            ),
            labels: (classes > 0).then(|| label_data(images, step.indices)),
            noise: standard_normal([step.indices.len(), config.latent_dim], step.seed),
        },
        |vae: &Vae, batch, step: &Step<'_>| {
            let warm_up = (step.epochs_done / settings.kl_warmup_epochs.max(1e-9)).min(1.0);
            let weights = [warm_up, settings.class_weight];
            loss(vae, batch, config.likelihood, weights, &training_device)
        },
        |vae| measure(vae, config.likelihood, settings, held_out, classes > 0),
    )?;
    if fitted.outcome == Outcome::Cancelled {
        return Ok(None);
    }
    let latent = fit_latent(
        &fitted.model,
        images,
        classes,
        settings.regions,
        settings.seed,
    )?;
    Ok(Some(TrainedVae {
        vae: fitted.model,
        history: fitted.history,
        latent,
    }))
}

fn check_binarise(config: &VaeConfig, settings: &TrainConfig) -> Result<(), VaeError> {
    if !settings.binarise || config.likelihood == Likelihood::Bernoulli {
        return Ok(());
    }
    Err(VaeError::Config {
        field: "likelihood",
        value: config.likelihood.to_string(),
        rule: format!("binary images need {}", Likelihood::Bernoulli),
    })
}

fn check_shape(
    field: &'static str,
    found: ImageShape,
    expected: ImageShape,
) -> Result<(), VaeError> {
    if found == expected {
        return Ok(());
    }
    Err(VaeError::Config {
        field,
        value: found.to_string(),
        rule: format!("the training images are {expected}"),
    })
}

fn check_labels(images: &LabelledImages, classes: usize) -> Result<(), VaeError> {
    let fits = |i| images.label(i).is_some_and(|label| label.index() < classes);
    if classes == 0 || (0..images.len()).all(fits) {
        return Ok(());
    }
    Err(VaeError::Config {
        field: "classes",
        value: classes.to_string(),
        rule: if images.is_labelled() {
            "it must be larger than every label of the images".to_owned()
        } else {
            "the images have no labels".to_owned()
        },
    })
}

fn largest_gradient_norm(shape: ImageShape) -> f32 {
    (shape.values() as f64 * LARGEST_GRADIENT_NORM_PER_VALUE) as f32
}

/// Everything that shapes the weights; the class regions are fitted afterwards and can be changed on resuming.
fn fingerprint(
    config: &VaeConfig,
    settings: &TrainConfig,
    images: &LabelledImages,
    classes: usize,
) -> String {
    let weights = TrainConfig {
        regions: RegionConfig::default(),
        ..settings.clone()
    };
    let (count, shape) = (images.len(), images.shape());
    let config = config.resolved(shape);
    format!("{config:?} {weights:?} on {count} images of {shape} in {classes} classes")
}

/// What a step learns from.
struct Batch {
    /// `[batch, channels, height, width]`
    images: TensorData,
    /// `[batch]`, if labels are looked at
    labels: Option<TensorData>,
    /// Standard normal, `[batch, latent_dim]`
    noise: TensorData,
}

/// Images as the network sees them. Their noise has a stream of its own.
fn seen(images: TensorData, binarise: bool, seed: Seed) -> TensorData {
    if binarise {
        binarised(images, seed.derive(BINARY_STREAM))
    } else {
        images
    }
}

/// The negative ELBO of a batch in nats an image, its KL term weighted by the warm-up, and the weighted class term.
fn loss(
    vae: &Vae,
    batch: Batch,
    likelihood: Likelihood,
    [kl_weight, class_weight]: [f64; 2],
    device: &Device,
) -> Tensor<1> {
    let images = Tensor::<4>::from_data(batch.images, device);
    let labels = batch.labels.map(|labels| Tensor::from_data(labels, device));
    let posterior = vae.encode(images.clone());
    let latents = posterior.sample(Tensor::from_data(batch.noise, device));
    let class = labels.clone().map(|labels| {
        let of_image = vae.class_log_probability(latents.clone(), labels);
        of_image.mean() * class_weight
    });
    let reconstruction = match likelihood {
        Likelihood::Bernoulli => elbo::bernoulli(vae.decode_logits(latents), images).mean(),
        Likelihood::Gaussian => {
            let values = vae.shape.values();
            let error = elbo::squared_error(vae.decode(latents), images).mean() / values as f64;
            elbo::gaussian_optimal_sigma(error, values)
        }
    };
    let kl = vae.kl_per_dimension(&posterior, labels).sum_dim(1).mean();
    let bound = reconstruction + kl * kl_weight;
    match class {
        Some(class) => bound - class,
        None => bound,
    }
}

/// The terms of the ELBO on held-out images, with one posterior sample an image, and the error of the posterior mean.
fn measure(
    vae: &Vae,
    likelihood: Likelihood,
    settings: &TrainConfig,
    held_out: &LabelledImages,
    with_labels: bool,
) -> BTreeMap<String, f64> {
    let (seed, values) = (settings.seed, vae.shape.values());
    let device = vae.encoder.mean.weight.device();
    let n = held_out.len().max(1) as f64;
    let (mut bernoulli, mut kl, mut sampled_error, mut mean_error) = (0.0, 0.0, 0.0, 0.0);
    let all: Vec<usize> = (0..held_out.len()).collect();
    for (i, chunk) in all.chunks(CHUNK).enumerate() {
        let images = image_data(held_out, chunk);
        let images = seen(images, settings.binarise, seed.derive(i as u64));
        let batch = Tensor::from_data(images, &device);
        let posterior = vae.encode(batch.clone());
        let labels = with_labels.then(|| label_tensor(held_out, chunk, &device));
        kl += total(vae.kl_per_dimension(&posterior, labels));
        let noise = standard_normal(posterior.mean.dims(), seed.derive(i as u64));
        let logits = vae.decode_logits(posterior.sample(Tensor::from_data(noise, &device)));
        let decoded = burn::tensor::activation::sigmoid(logits.clone());
        sampled_error += total(elbo::squared_error(decoded, batch.clone()));
        bernoulli += total(elbo::bernoulli(logits, batch.clone()));
        mean_error += total(elbo::squared_error(vae.decode(posterior.mean), batch));
    }
    let reconstruction = match likelihood {
        Likelihood::Bernoulli => bernoulli / n,
        Likelihood::Gaussian => {
            let variance = sampled_error / n / values as f64;
            elbo::gaussian(sampled_error / n, variance.sqrt(), values)
        }
    };
    BTreeMap::from([
        ("held_out_reconstruction_nats".to_owned(), reconstruction),
        ("held_out_kl_nats".to_owned(), kl / n),
        ("held_out_mse".to_owned(), mean_error / n / values as f64),
    ])
}

fn standard_normal(shape: [usize; 2], seed: Seed) -> TensorData {
    let mut rng = seed.rng();
    let values: Vec<f32> = (0..shape[0] * shape[1])
        .map(|_| StandardNormal.sample(&mut rng))
        .collect();
    TensorData::new(values, shape)
}

fn total<const D: usize>(tensor: Tensor<D>) -> f64 {
    floats(tensor).into_iter().map(f64::from).sum()
}
