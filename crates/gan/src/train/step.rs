//! One step of training: what it learns from, and how it moves both networks.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{LabelledImages, Seed, image_data, label_data};
use latent_space::sample_prior;
use rand::RngExt as _;
use training::{Learner, Losses, Step};

use crate::{Discriminator, Gan, loss};

/// The share of the pairs of a training step whose class is left out, so that both networks also learn what images look like
/// without one (as Ho and Salimans 2021, "Classifier-Free Diffusion Guidance", section 3.2, train one network for both).
pub const LABEL_DROP: f32 = 0.1;

/// The slope is measured in every so many steps, and weighs so many times as much there ("lazy regularization", Karras et al.
/// 2020, "Analyzing and Improving the Image Quality of `StyleGAN`", section 3.1).
const SLOPE_EVERY: usize = 4;

/// How far a pixel is moved to measure the slope: 1/100 of its range, about two grey levels.
const DISTANCE: f64 = 0.01;

/// The discriminator's input is from -1 to 1: a slope by that is half of a slope by pixels from 0 to 1.
const SLOPE_OF_INPUT: f64 = 0.25;

/// Beyond this score of a real image over a drawn one, in nats, the generator's gradient grows no more: `e^60` is still a number.
const LARGEST_MARGIN: f32 = 60.0;

/// The streams of a step's seed; its own draws the latents.
const DROP_STREAM: u64 = 1;
const MOVE_STREAM: u64 = 2;

/// What a step learns from.
pub struct Batch {
    /// `[batch, channels, height, width]`
    images: TensorData,
    /// `[batch]`, if there are classes; the class of a real image is that of the drawn one beside it.
    classes: Option<TensorData>,
    /// Standard normal, `[batch, latent_dim]`
    latents: TensorData,
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
    ) -> Self {
        let (n, shape) = (step.indices.len(), images.shape());
        let labels = || label_data(images, step.indices);
        let kept = || drop_labels(labels(), classes, step.seed.derive(DROP_STREAM));
        let measured = step.number.is_multiple_of(SLOPE_EVERY);
        let moves = || signs(2 * n * shape.values(), step.seed.derive(MOVE_STREAM));
        Self {
            images: image_data(images, step.indices),
            classes: (classes > 0).then(kept),
            latents: TensorData::new(
                sample_prior(latent_dim, n, step.seed).concat(),
                [n, latent_dim],
            ),
            moves: measured.then(|| TensorData::new(moves(), shape.batch(2 * n))),
        }
    }
}

/// Replaces each class by `no_class` with the probability [`LABEL_DROP`].
fn drop_labels(labels: TensorData, no_class: usize, seed: Seed) -> TensorData {
    let mut rng = seed.rng();
    let shape = labels.shape().clone();
    let labels = labels.try_into_vec::<i32>().expect("labels as i32");
    let kept = labels.into_iter().map(|label| {
        if rng.random::<f32>() < LABEL_DROP {
            no_class as i32
        } else {
            label
        }
    });
    TensorData::new(kept.collect(), shape)
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

/// Moves both networks at once, each by its own loss from the same pairs of a real and a drawn image.
///
/// One pass through the discriminator serves both. With the margin `m = D(x) - D(G(z))` of a pair, the gradient by `D(G(z))` of the
/// discriminator's loss is `sigmoid(-m)`, and that of the generator's loss is `-sigmoid(m)`, which is `-e^m` times as much. The
/// discriminator does not look across the batch, so the gradients by a drawn image differ by the same factor.
pub fn take(learner: &mut Learner<Gan>, batch: Batch, weight: f64, device: &Device) -> Losses {
    let gan = learner.model();
    let real = Tensor::<4>::from_data(batch.images, device);
    let classes = batch.classes.map(|data| Tensor::from_data(data, device));
    let latents = Tensor::from_data(batch.latents, device);
    let n = real.dims()[0];

    let images = gan.generator.draw(latents, classes.clone());
    let drawn = Tensor::from_inner(images.clone().inner()).require_grad();
    let both = Tensor::cat(vec![real.clone(), drawn.clone()], 0);
    let scores = gan.discriminator.forward(both, twice(classes.clone()));
    let (of_real, of_drawn) = (scores.clone().narrow(0, 0, n), scores.narrow(0, n, n));
    let margin = (of_real.clone() - of_drawn.clone()).inner();
    let own = loss::discriminator(of_real.clone(), of_drawn);
    let slope = batch.moves.map(|moves| {
        let points = [real, Tensor::from_inner(images.clone().inner())];
        let moves = Tensor::from_data(moves, device);
        squared_slope(&gan.discriminator, points, of_real, classes, moves)
    });
    let total = match &slope {
        Some(slope) => own.clone() + slope.clone() * (weight * SLOPE_EVERY as f64),
        None => own.clone(),
    };
    let mut losses = Losses {
        loss: value(loss::discriminator(-margin.clone(), margin.zeros_like())),
        others: vec![
            ("discriminator_loss", value(own)),
            (
                "squared_slope",
                slope.map_or(0.0, |slope| value(slope) * SLOPE_EVERY as f64),
            ),
        ],
    };
    if !value(total.clone()).is_finite() {
        losses.loss = f64::NAN;
        return losses;
    }

    let mut gradients = total.backward();
    let of_discriminator = GradientsParams::from_module(&mut gradients, &gan.discriminator);
    let Some(of_images) = drawn.grad(&gradients) else {
        return losses;
    };
    let factor = -margin.clamp_max(LARGEST_MARGIN).exp().reshape([n, 1, 1, 1]);
    // A sum whose gradient by the images is the one wanted.
    let images = (images * Tensor::from_inner(of_images * factor)).sum();
    let of_generator = GradientsParams::from_grads(images.backward(), &gan.generator);
    learner.apply(of_discriminator);
    learner.apply(of_generator);
    losses
}

/// The discriminator's squared slope at real and at drawn images, by pixels from -1 to 1. The scores of the real images are known.
fn squared_slope(
    discriminator: &Discriminator,
    [real, drawn]: [Tensor<4>; 2],
    of_real: Tensor<1>,
    classes: Option<Tensor<1, Int>>,
    moves: Tensor<4>,
) -> Tensor<1> {
    let n = real.dims()[0];
    let moved = Tensor::cat(vec![real, drawn.clone()], 0) + moves * DISTANCE;
    let thrice = twice(classes.clone())
        .zip(classes)
        .map(|(twice, once)| Tensor::cat(vec![twice, once], 0));
    let scores = discriminator.forward(Tensor::cat(vec![moved, drawn], 0), thrice);
    let part = |first| scores.clone().narrow(0, first, n);
    let at_real = loss::squared_slope(of_real, part(0), DISTANCE);
    let at_drawn = loss::squared_slope(part(2 * n), part(n), DISTANCE);
    (at_real + at_drawn) * SLOPE_OF_INPUT
}

fn twice(classes: Option<Tensor<1, Int>>) -> Option<Tensor<1, Int>> {
    classes.map(|classes| Tensor::cat(vec![classes.clone(), classes], 0))
}

fn value(scalar: Tensor<1>) -> f64 {
    f64::from(scalar.into_scalar::<f32>())
}
