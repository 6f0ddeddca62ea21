//! What a step of training minimises, and what is measured after an epoch.

use std::collections::BTreeMap;

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{
    DatasetError, LabelledImages, Seed, binarised, drop_labels, image_data, label_data,
    label_tensor,
};
use rand_distr::{Distribution, StandardNormal};
use training::Step;

use super::TrainConfig;
use super::joint::{self, HeadBatch, Seen};
use super::swap::{self, Classes, WithReader};
use crate::latent_fit::floats;
use crate::{Likelihood, Prior, Vae, VaeConfig, elbo};

/// The share of the images of a training step whose class is left out, so that a conditional network also draws without one.
pub const LABEL_DROP: f32 = 0.1;

/// The streams of a step's seed that draw binary images, and the images whose class is left out; its own draws the noise of the
/// posteriors.
const BINARY_STREAM: u64 = 1;
const DROP_STREAM: u64 = 2;
/// That of the classes that latents are drawn as: those between belong to joint models.
const SWAP_STREAM: u64 = 7;
/// Held-out images that share a seed of their noise, and digits measured at a time, see
/// [`datasets::ImageShape::at_a_time`].
const BLOCK: usize = 250;

/// What a step learns from.
pub struct Batch {
    /// `[batch, channels, height, width]`
    images: TensorData,
    /// `[batch]`, if the prior has class centres
    labels: Option<TensorData>,
    /// The classes that a conditional network is given, `[batch]`
    condition: Option<TensorData>,
    /// What the head of a joint model learns from
    head: Option<HeadBatch>,
    /// The classes that a conditional network draws latents as, if it is asked to
    swaps: Option<Classes>,
    /// Standard normal, `[batch, latent_dim]`
    noise: TensorData,
}

impl Batch {
    /// The batch of a step, with its noise. Labels are looked at only if the network needs them: an unsupervised VAE learns
    /// without a single one. `labelled` are the images of which a joint model is told the class; all if it is `None`.
    pub fn new(
        images: &LabelledImages,
        labelled: Option<&[usize]>,
        step: &Step<'_>,
        config: &VaeConfig,
        settings: &TrainConfig,
        classes: usize,
    ) -> Result<Self, DatasetError> {
        let data = image_data(images, step.indices)?;
        let labels = || label_data(images, step.indices);
        let latent_dim = config.latent_dim;
        let head = || HeadBatch::new(images, labelled, step, settings, latent_dim);
        let head = config.head.is_some().then(head).transpose()?;
        let swaps = || Classes::new(labels(), classes, step.seed.derive(SWAP_STREAM));
        let dropped = || drop_labels(labels(), classes, LABEL_DROP, step.seed.derive(DROP_STREAM));
        Ok(Self {
            images: seen(data, settings.binarise, step.seed),
            labels: (config.prior == Prior::ClassCentres).then(labels),
            condition: config.conditional.then(dropped),
            head,
            swaps: (config.conditional && settings.swap_weight > 0.0).then(swaps),
            noise: standard_normal([step.indices.len(), latent_dim], step.seed),
        })
    }
}

/// Images as the network sees them. Their noise has a stream of its own.
fn seen(images: TensorData, binarise: bool, seed: Seed) -> TensorData {
    if binarise {
        binarised(images, seed.derive(BINARY_STREAM))
    } else {
        images
    }
}

/// What a step minimises.
pub struct Objective<'a> {
    pub likelihood: Likelihood,
    pub settings: &'a TrainConfig,
    /// The device that keeps gradients.
    pub device: &'a Device,
}

impl Objective<'_> {
    /// The negative ELBO of a batch in nats an image, its KL term weighted, and the weighted terms of the classes.
    pub fn loss(&self, vae: &Vae, batch: Batch, kl_weight: f64) -> Tensor<1> {
        let (loss, _) = self.loss_and_seen(vae, batch, kl_weight);
        loss
    }

    /// The same, and what makes a conditional network draw the class that it is given.
    pub fn with_swaps(&self, network: &WithReader, mut batch: Batch, kl_weight: f64) -> Tensor<1> {
        let swaps = batch.swaps.take();
        let (loss, seen) = self.loss_and_seen(&network.vae, batch, kl_weight);
        let weight = self.settings.swap_weight;
        let Seen {
            images, latents, ..
        } = seen;
        match swaps {
            Some(classes) => {
                loss + swap::loss(network, images, latents, classes, weight, self.device)
            }
            None => loss,
        }
    }

    /// The negative ELBO with the terms of the classes, and what was computed on the way.
    fn loss_and_seen(&self, vae: &Vae, batch: Batch, kl_weight: f64) -> (Tensor<1>, Seen) {
        let (settings, device) = (self.settings, self.device);
        let images = Tensor::<4>::from_data(batch.images, device);
        let labels = batch.labels.map(|labels| Tensor::from_data(labels, device));
        let condition = batch.condition;
        let condition = condition.map(|classes| Tensor::from_data(classes, device));
        let posterior = vae.encode_as(images.clone(), condition.clone());
        let latents = posterior.sample(Tensor::from_data(batch.noise, device));
        let class = labels.clone().map(|labels| {
            let of_image = vae.class_log_probability(latents.clone(), labels);
            of_image.mean() * settings.class_weight
        });
        let logits = vae.decode_logits_as(latents.clone(), condition);
        let kl = vae.kl_per_dimension(&posterior, labels).sum_dim(1).mean();
        let reconstruction = reconstruction(logits.clone(), images.clone(), self.likelihood);
        let mut loss = reconstruction + kl * kl_weight;
        if let Some(class) = class {
            loss = loss - class;
        }
        let seen = Seen {
            images,
            posterior,
            latents,
            decoded_logits: logits,
        };
        let head = batch.head;
        let joint = head.and_then(|batch| joint::loss(vae, &seen, batch, &settings.joint, device));
        if let Some(joint) = joint {
            loss = loss + joint;
        }
        (loss, seen)
    }
}

/// The reconstruction term of a batch in nats an image, from the logits of its values.
fn reconstruction(logits: Tensor<4>, images: Tensor<4>, likelihood: Likelihood) -> Tensor<1> {
    match likelihood {
        Likelihood::Bernoulli => elbo::bernoulli(logits, images).mean(),
        Likelihood::Gaussian => {
            let [_, channels, height, width] = images.dims();
            let values = channels * height * width;
            let error = elbo::squared_error(sigmoid(logits), images).mean() / values as f64;
            elbo::gaussian_optimal_sigma(error, values)
        }
    }
}

/// The terms of the ELBO on held-out images, with one posterior sample an image, the error of the posterior mean, and the share of
/// images that the head of a joint model takes for another class. A conditional network is given each image's class.
pub fn measure(
    vae: &Vae,
    likelihood: Likelihood,
    settings: &TrainConfig,
    held_out: &LabelledImages,
    with_labels: bool,
) -> Result<BTreeMap<String, f64>, DatasetError> {
    let (seed, values) = (settings.seed, vae.shape.values());
    let device = vae.encoder.mean.weight.device();
    let n = held_out.len().max(1) as f64;
    let (mut bernoulli, mut kl, mut sampled_error, mut mean_error) = (0.0, 0.0, 0.0, 0.0);
    let mut wrong: Option<f64> = None;
    let all: Vec<usize> = (0..held_out.len()).collect();
    let (dims, at_a_time) = (vae.latent_dim(), vae.shape.at_a_time(BLOCK));
    for (i, block) in all.chunks(BLOCK).enumerate() {
        // The noise is a block's, so that the figures do not depend on how many images fit into memory.
        let seed = seed.derive(i as u64);
        let images = seen(image_data(held_out, block)?, settings.binarise, seed);
        let noise = standard_normal([block.len(), dims], seed);
        let images = parts(images, at_a_time * values);
        let noise = parts(noise, at_a_time * dims);
        let chunks = block.chunks(at_a_time).zip(images.into_iter().zip(noise));
        for (chunk, (images, noise)) in chunks {
            let images = TensorData::new(images, vae.shape.batch(chunk.len()));
            let noise = TensorData::new(noise, [chunk.len(), dims]);
            let batch = Tensor::<4>::from_data(images, &device);
            let condition = vae.classes_of(held_out, chunk);
            let posterior = vae.encode_as(batch.clone(), condition.clone());
            let labels = with_labels.then(|| label_tensor(held_out, chunk, &device));
            kl += total(vae.kl_per_dimension(&posterior, labels));
            let sample = posterior.sample(Tensor::from_data(noise, &device));
            let logits = vae.decode_logits_as(sample, condition.clone());
            let decoded = sigmoid(logits.clone());
            sampled_error += total(elbo::squared_error(decoded, batch.clone()));
            bernoulli += total(elbo::bernoulli(logits, batch.clone()));
            if let Some(logits) = vae.class_logits(posterior.mean.clone()) {
                let here = count_wrong(logits, label_tensor(held_out, chunk, &device));
                wrong = Some(wrong.unwrap_or(0.0) + here);
            }
            let of_mean = vae.decode_as(posterior.mean, condition);
            mean_error += total(elbo::squared_error(of_mean, batch));
        }
    }
    let reconstruction = match likelihood {
        Likelihood::Bernoulli => bernoulli / n,
        Likelihood::Gaussian => {
            let variance = sampled_error / n / values as f64;
            elbo::gaussian(sampled_error / n, variance.sqrt(), values)
        }
    };
    let mut figures = BTreeMap::from([
        ("held_out_reconstruction_nats".to_owned(), reconstruction),
        ("held_out_kl_nats".to_owned(), kl / n),
        ("held_out_mse".to_owned(), mean_error / n / values as f64),
    ]);
    if let Some(wrong) = wrong {
        figures.insert("held_out_head_error".to_owned(), wrong / n);
    }
    Ok(figures)
}

/// How many rows of logits, `[n, classes]`, are largest at another class than `[n]` labels say.
fn count_wrong(logits: Tensor<2>, labels: Tensor<1, Int>) -> f64 {
    let found: Tensor<1, Int> = logits.argmax(1).squeeze_dim(1);
    total(found.not_equal(labels).float())
}

pub fn standard_normal(shape: [usize; 2], seed: Seed) -> TensorData {
    let mut rng = seed.rng();
    let values: Vec<f32> = (0..shape[0] * shape[1])
        .map(|_| StandardNormal.sample(&mut rng))
        .collect();
    TensorData::new(values, shape)
}

/// The values of a block, `size` at a time.
fn parts(block: TensorData, size: usize) -> Vec<Vec<f32>> {
    let values = block.try_into_vec::<f32>().expect("values as f32");
    values.chunks(size).map(<[f32]>::to_vec).collect()
}

fn total<const D: usize>(tensor: Tensor<D>) -> f64 {
    floats(tensor).into_iter().map(f64::from).sum()
}
