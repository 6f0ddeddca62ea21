//! One step of training: how it moves both networks.

use burn::module::Module as _;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor};
use training::{Learner, Losses};

use super::batch::{Batch, BatchTensors, SLOPE_EVERY};
use crate::{Gan, loss};

/// How far a pixel is moved to measure the slope: 1/100 of its range, about two grey levels.
const DISTANCE: f64 = 0.01;

/// The discriminator's input is from -1 to 1. By that, a squared slope is a quarter of the one by pixels from 0 to 1.
const SLOPE_OF_INPUT: f64 = 0.25;

/// Moves the discriminator, and then the generator by what the discriminator has become: each by its own loss, the generator's
/// over images of latents that the discriminator has not seen. Both moved at once, from one set of images, came to draw a single
/// image of each class. The discriminator's squared slope counts `weight` times. Nothing moves any more once a loss is not
/// finite.
pub fn take(learner: &mut Learner<Gan>, batch: Batch, weight: f64, device: &Device) -> Losses {
    let batch = batch.on(device);
    let mut losses = move_discriminator(learner, &batch, weight);
    if losses.not_finite().is_none() {
        losses.loss = move_generator(learner, &batch);
    }
    losses
}

/// Its losses. That of the generator is not measured here.
fn move_discriminator(learner: &mut Learner<Gan>, batch: &BatchTensors, weight: f64) -> Losses {
    let Gan {
        generator,
        discriminator,
    } = learner.model();
    let drawn = generator.draw(batch.latents.clone(), batch.classes.clone());
    let pairs = Tensor::cat(vec![batch.images.clone(), drawn.detach()], 0);
    let classes = twice(batch.classes.clone());
    let scores = discriminator.forward(pairs.clone(), classes.clone());
    let n = batch.images.dims()[0];
    let (of_real, of_drawn) = (
        scores.clone().narrow(0, 0, n),
        scores.clone().narrow(0, n, n),
    );
    let own = loss::discriminator(of_real, of_drawn);
    let slope = match &batch.moves {
        Some(moves) => {
            let moved = discriminator.forward(pairs + moves.clone() * DISTANCE, classes);
            // The mean is over real and drawn images together, and the penalty is the sum of both means.
            let of_both = 2.0 * SLOPE_OF_INPUT * SLOPE_EVERY as f64;
            loss::squared_slope(scores, moved, DISTANCE) * of_both
        }
        None => own.zeros_like(),
    };
    let losses = Losses {
        loss: 0.0,
        others: vec![
            ("discriminator_loss", value(own.clone())),
            ("squared_slope", value(slope.clone())),
        ],
    };
    if losses.not_finite().is_none() {
        let gradients = (own + slope * weight).backward();
        learner.apply(GradientsParams::from_grads(
            gradients,
            &learner.model().discriminator,
        ));
    }
    losses
}

/// The generator's loss. Its images are paired with the real ones that the discriminator has just learned from.
fn move_generator(learner: &mut Learner<Gan>, batch: &BatchTensors) -> f64 {
    let generator = &learner.model().generator;
    let discriminator = learner.model().discriminator.clone().no_grad();
    let classes = || batch.classes.clone();
    let images = generator.draw(batch.fresh_latents.clone(), classes());
    let of_drawn = discriminator.forward(images, classes());
    let of_real = discriminator.forward(batch.images.clone(), classes());
    let loss = loss::generator(of_real.detach(), of_drawn);
    let found = value(loss.clone());
    if found.is_finite() {
        let gradients = GradientsParams::from_grads(loss.backward(), generator);
        learner.apply(gradients);
    }
    found
}

fn twice(classes: Option<Tensor<1, Int>>) -> Option<Tensor<1, Int>> {
    classes.map(|classes| Tensor::cat(vec![classes.clone(), classes], 0))
}

fn value(scalar: Tensor<1>) -> f64 {
    f64::from(scalar.into_scalar::<f32>())
}
