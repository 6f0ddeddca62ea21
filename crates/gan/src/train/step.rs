//! One step of training: how it moves both networks.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor};
use training::{Learner, Losses};

use super::batch::{Batch, BatchTensors, SLOPE_EVERY};
use crate::{Discriminator, Gan, Generator, loss};

/// How far a pixel is moved to measure the slope: 1/100 of its range, about two grey levels.
const DISTANCE: f64 = 0.01;

/// The discriminator's input is from -1 to 1. By that, a squared slope is a quarter of the one by pixels from 0 to 1.
const SLOPE_OF_INPUT: f64 = 0.25;

/// Beyond this score of a real image over a drawn one, in nats, the generator's gradient grows no more: `e^60` is still a number.
const LARGEST_MARGIN: f32 = 60.0;

/// Moves both networks at once, each by its own loss from the same pairs of a real and a drawn image. The discriminator's squared
/// slope counts `weight` times. Nothing moves if a loss is not finite.
pub fn take(learner: &mut Learner<Gan>, batch: Batch, weight: f64, device: &Device) -> Losses {
    let Gan {
        generator,
        discriminator,
    } = learner.model();
    let batch = batch.on(device);
    let images = generator.draw(batch.latents.clone(), batch.classes.clone());
    let compared = Comparison::new(discriminator, batch, images.clone().inner());
    let losses = compared.losses();
    if losses.not_finite().is_some() {
        return losses;
    }
    let objective = compared.own + compared.slope * weight;
    let mut gradients = objective.backward();
    let of_discriminator = GradientsParams::from_module(&mut gradients, discriminator);
    let of_drawn = compared.drawn.grad(&gradients);
    let of_drawn = of_drawn.expect("scores follow from the images");
    let of_generator = generator_gradients(generator, images, of_drawn, compared.margin);
    learner.apply(of_discriminator);
    learner.apply(of_generator);
    losses
}

/// Real images and drawn ones, as the discriminator compares them.
struct Comparison {
    /// The drawn images as the discriminator's input: its gradients end there and do not reach the generator.
    drawn: Tensor<4>,
    /// How much higher each real image scores than the drawn one beside it, `[batch]`, without gradients.
    margin: Tensor<1>,
    /// The discriminator's loss.
    own: Tensor<1>,
    /// Its squared slope, times the steps from one measurement to the next; 0 in the steps between.
    slope: Tensor<1>,
}

impl Comparison {
    fn new(discriminator: &Discriminator, batch: BatchTensors, drawn: Tensor<4>) -> Self {
        let BatchTensors {
            images: real,
            classes,
            moves,
            ..
        } = batch;
        let points = [real.clone(), Tensor::from_inner(drawn.clone())];
        let drawn = Tensor::from_inner(drawn).require_grad();
        let n = real.dims()[0];
        let both = Tensor::cat(vec![real, drawn.clone()], 0);
        let scores = discriminator.forward(both, twice(classes.clone()));
        let (of_real, of_drawn) = (scores.clone().narrow(0, 0, n), scores.narrow(0, n, n));
        let own = loss::discriminator(of_real.clone(), of_drawn.clone());
        let margin = (of_real.clone() - of_drawn).inner();
        let slope = match moves {
            Some(moves) => {
                let slope = squared_slope(discriminator, points, of_real, classes, moves);
                slope * SLOPE_EVERY as f64
            }
            None => own.zeros_like(),
        };
        Self {
            drawn,
            margin,
            own,
            slope,
        }
    }

    fn losses(&self) -> Losses {
        let (margin, zero) = (self.margin.clone(), self.margin.zeros_like());
        Losses {
            loss: value(loss::generator(margin, zero)),
            others: vec![
                ("discriminator_loss", value(self.own.clone())),
                ("squared_slope", value(self.slope.clone())),
            ],
        }
    }
}

/// The gradients of the generator's loss, from those of the discriminator's by the drawn images: one pass through the discriminator
/// serves both.
///
/// With the margin `m = D(x) - D(G(z))` of a pair, the derivative by `D(G(z))` of the discriminator's loss is `sigmoid(-m)`, and that of
/// the generator's is `-sigmoid(m)`, which is `-e^m` times as much. The discriminator does not look across the batch, so the gradients
/// by a drawn image differ by the same factor.
fn generator_gradients(
    generator: &Generator,
    images: Tensor<4>,
    of_drawn: Tensor<4>,
    margin: Tensor<1>,
) -> GradientsParams {
    let factor = -margin.clamp_max(LARGEST_MARGIN).exp(); // [batch]
    let wanted = of_drawn * factor.reshape([-1, 1, 1, 1]);
    // A sum whose gradient by the images is the one wanted.
    let sum = (images * Tensor::from_inner(wanted)).sum();
    GradientsParams::from_grads(sum.backward(), generator)
}

/// The discriminator's squared slope at real and at drawn images, by pixels from -1 to 1. The scores of the real images are known.
/// Those of the drawn ones are computed again, because the gradients by the images in the pass before are the generator's.
fn squared_slope(
    discriminator: &Discriminator,
    [real, drawn]: [Tensor<4>; 2],
    of_real: Tensor<1>,
    classes: Option<Tensor<1, Int>>,
    moves: Tensor<4>,
) -> Tensor<1> {
    let n = real.dims()[0];
    let moved = Tensor::cat(vec![real, drawn.clone()], 0) + moves * DISTANCE;
    let of_moved = twice(classes.clone());
    let thrice = of_moved
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
