//! What a step of training minimises, and what is measured after an epoch.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use datasets::{DatasetError, LabelledImages, Seed, drop_labels, image_data, label_data};
use rand::RngExt as _;
use rand_distr::{Distribution, StandardNormal};

use super::Pictures;
use crate::{FlowConfig, VelocityNet, from_pixels};

/// The streams of a step's seed, one for each thing that is drawn.
const NOISE_STREAM: u64 = 0;
const TIME_STREAM: u64 = 1;
const DROP_STREAM: u64 = 2;
const PICTURE_STREAM: u64 = 3;

/// Digits measured at a time, see [`datasets::ImageShape::at_a_time`].
const BLOCK: usize = 250;

/// What batches are made from besides images.
pub struct Source<'a> {
    pub config: &'a FlowConfig,
    pub classes: usize,
    pub pictures: Option<&'a Pictures<'a>>,
}

/// What a step learns from.
pub struct Batch {
    /// `[batch, channels, height, width]`, pixels in `[0, 1]`
    images: TensorData,
    /// As `images`: what a refiner begins with
    pictures: Option<TensorData>,
    /// Standard normal, as `images`
    noise: TensorData,
    /// How far each point is on its way, `[batch]`
    times: TensorData,
    /// The classes that a conditional network is given, `[batch]`
    classes: Option<TensorData>,
}

impl Batch {
    /// The batch of some images; a share of the classes is left out.
    pub fn new(
        source: &Source<'_>,
        images: &LabelledImages,
        indices: &[usize],
        label_drop: f64,
        seed: Seed,
    ) -> Result<Self, DatasetError> {
        let shape = images.shape().batch(indices.len());
        let pictures = source.pictures;
        let is_conditional = source.config.conditional;
        Ok(Self {
            images: image_data(images, indices)?,
            pictures: pictures
                .map(|pictures| pictures(images, indices, seed.derive(PICTURE_STREAM)))
                .transpose()?,
            noise: TensorData::new(
                standard_normal(shape.iter().product(), seed.derive(NOISE_STREAM)),
                shape,
            ),
            times: times(indices.len(), source.config.from_picture, seed),
            classes: is_conditional.then(|| {
                drop_labels(
                    label_data(images, indices),
                    source.classes,
                    label_drop as f32,
                    seed.derive(DROP_STREAM),
                )
            }),
        })
    }
}

/// The mean squared error of the velocity (Liu et al. 2022, equation 1): the point at time `t` is `(1 - t) x0 + t x1`, and its
/// velocity `x1 - x0`, from noise or a noisy picture `x0` to the image `x1`.
pub fn loss(net: &VelocityNet, batch: Batch, device: &Device) -> Tensor<1> {
    let images = from_pixels(Tensor::from_data(batch.images, device));
    let pictures = batch.pictures;
    let pictures = pictures.map(|data| from_pixels(Tensor::from_data(data, device)));
    let classes = batch.classes.map(|data| Tensor::from_data(data, device));
    let times = Tensor::<1>::from_data(batch.times, device);
    let noise = Tensor::<4>::from_data(batch.noise, device);
    let begin = match &pictures {
        Some(pictures) => pictures.clone() + noise * net.noise,
        None => noise,
    };
    let velocity = images - begin.clone();
    let x = begin + velocity.clone() * times.clone().reshape([-1, 1, 1, 1]);
    let found = net.forward(x, times, classes, pictures);
    (found - velocity).powi_scalar(2).mean()
}

/// The loss on held-out images, each of its class, with times and noise that are the same after every epoch.
pub fn measure(
    net: &VelocityNet,
    source: &Source<'_>,
    held_out: &LabelledImages,
    seed: Seed,
    device: &Device,
) -> Result<BTreeMap<String, f64>, DatasetError> {
    let all: Vec<usize> = (0..held_out.len()).collect();
    let mut sum = 0.0;
    for (i, chunk) in all.chunks(held_out.shape().at_a_time(BLOCK)).enumerate() {
        let batch = Batch::new(source, held_out, chunk, 0.0, seed.derive(i as u64))?;
        let mean = f64::from(loss(net, batch, device).into_scalar::<f32>());
        sum += mean * chunk.len() as f64;
    }
    let mean = sum / held_out.len().max(1) as f64;
    Ok(BTreeMap::from([("held_out_loss".to_owned(), mean)]))
}

fn standard_normal(count: usize, seed: Seed) -> Vec<f32> {
    let mut rng = seed.rng();
    (0..count)
        .map(|_| StandardNormal.sample(&mut rng))
        .collect()
}

/// Even over the whole way in a refiner, whose first and last steps are as hard as any. In diffusion the sigmoid of a standard
/// normal: the middle of the way is where images take shape (Esser et al. 2024, "Scaling Rectified Flow Transformers for
/// High-Resolution Image Synthesis", section 3.1).
fn times(count: usize, even: bool, seed: Seed) -> TensorData {
    let seed = seed.derive(TIME_STREAM);
    let times: Vec<f32> = if even {
        let mut rng = seed.rng();
        (0..count).map(|_| rng.random::<f32>()).collect()
    } else {
        let normal = standard_normal(count, seed).into_iter();
        normal.map(|x| 1.0 / (1.0 + (-x).exp())).collect()
    };
    TensorData::new(times, [count])
}
