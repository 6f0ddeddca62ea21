//! What a step learns from.

use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{DatasetError, LabelledImages, Seed, drop_labels, image_data, label_data};
use latent_space::sample_prior;
use rand::RngExt as _;
use training::Step;

/// The share of the pairs of a training step whose class is left out, so that both networks also learn what images look like
/// without one (as Ho and Salimans 2021, "Classifier-Free Diffusion Guidance", section 3.2, train one network for both).
pub const LABEL_DROP: f32 = 0.1;

/// The discriminator's slope is measured in every so many steps, and weighs so many times as much there ("lazy regularization",
/// Karras et al. 2020, "Analyzing and Improving the Image Quality of `StyleGAN`", section 3.1).
pub const SLOPE_EVERY: usize = 4;

/// The streams of a step's seed; its own draws the latents that the discriminator sees.
const DROP_STREAM: u64 = 1;
const MOVE_STREAM: u64 = 2;
const FRESH_STREAM: u64 = 3;

/// What a step learns from.
pub struct Batch {
    /// `[batch, channels, height, width]`
    images: TensorData,
    /// `[batch]`, if there are classes; the class of a real image is that of the drawn one beside it.
    classes: Option<TensorData>,
    /// Standard normal, of the images that the discriminator sees, and of those that the generator learns from:
    /// `[batch, latent_dim]` each.
    latents: [TensorData; 2],
    /// 1 or -1 for each value of the real and the drawn images, `[2 * batch, channels, height, width]`, where the slope is
    /// measured.
    moves: Option<TensorData>,
}

impl Batch {
    /// The batch of a step. Labels are looked at only if there are classes.
    pub fn new(
        images: &LabelledImages,
        step: &Step<'_>,
        latent_dim: usize,
        classes: usize,
    ) -> Result<Self, DatasetError> {
        let (n, shape) = (step.indices.len(), images.shape());
        let labels = || label_data(images, step.indices);
        let kept = || drop_labels(labels(), classes, LABEL_DROP, step.seed.derive(DROP_STREAM));
        let measured = step.number.is_multiple_of(SLOPE_EVERY);
        let moves = || signs(2 * n * shape.values(), step.seed.derive(MOVE_STREAM));
        Ok(Self {
            images: image_data(images, step.indices)?,
            classes: (classes > 0).then(kept),
            latents: [step.seed, step.seed.derive(FRESH_STREAM)].map(|seed| {
                let latents = sample_prior(latent_dim, n, seed).concat();
                TensorData::new(latents, [n, latent_dim])
            }),
            moves: measured.then(|| TensorData::new(moves(), shape.batch(2 * n))),
        })
    }
}

/// So many numbers that are 1 or -1, both equally likely.
fn signs(count: usize, seed: Seed) -> Vec<f32> {
    let mut rng = seed.rng();
    let words = std::iter::repeat_with(|| rng.random::<u64>());
    let bits = words.flat_map(|word| (0..u64::BITS).map(move |bit| word >> bit & 1));
    bits.map(|bit| if bit == 1 { 1.0 } else { -1.0 })
        .take(count)
        .collect()
}

/// A [`Batch`] on a device.
pub struct BatchTensors {
    pub images: Tensor<4>,
    pub classes: Option<Tensor<1, Int>>,
    pub latents: Tensor<2>,
    pub fresh_latents: Tensor<2>,
    pub moves: Option<Tensor<4>>,
}

impl Batch {
    pub fn on(self, device: &Device) -> BatchTensors {
        let [latents, fresh_latents] = self.latents.map(|data| Tensor::from_data(data, device));
        BatchTensors {
            images: Tensor::from_data(self.images, device),
            classes: self.classes.map(|data| Tensor::from_data(data, device)),
            latents,
            fresh_latents,
            moves: self.moves.map(|data| Tensor::from_data(data, device)),
        }
    }
}
