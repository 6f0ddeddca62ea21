//! A step of `AdamW` as one operation, and the average of weights as another.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, TensorMetadata};
use burn::tensor::{Shape, Tensor};

use super::Kernels;

/// The numbers of a step of `AdamW` (Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", algorithm 2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamWStep {
    /// The learning rate.
    pub rate: f64,
    /// The share of the weights that a rate of 1 takes away.
    pub weight_decay: f32,
    /// How much of the first moment is kept.
    pub beta1: f32,
    /// How much of the second moment is kept.
    pub beta2: f32,
    /// Added to the square root of the second moment.
    pub epsilon: f32,
    /// The number of the step, from 1.
    pub time: i32,
    /// The Euclidean norm that a steeper gradient is scaled down to.
    pub largest_norm: Option<f32>,
}

impl AdamWStep {
    /// What the first moment is divided by: it began with zeros.
    pub(crate) fn correction1(&self) -> f32 {
        1.0 - self.beta1.powi(self.time)
    }

    /// What the second moment is divided by.
    pub(crate) fn correction2(&self) -> f32 {
        1.0 - self.beta2.powi(self.time)
    }

    /// The share of the weights that the decay leaves.
    pub(crate) fn kept(&self) -> f32 {
        (1.0 - self.rate * f64::from(self.weight_decay)) as f32
    }
}

/// The weights after a step, and both moments for the next. All have the shape of the weights.
///
/// # Panics
/// If the shapes differ.
#[must_use]
pub fn adam_w<const D: usize>(
    weights: Tensor<D>,
    gradient: Tensor<D>,
    [moment1, moment2]: [Tensor<D>; 2],
    step: AdamWStep,
) -> (Tensor<D>, [Tensor<D>; 2]) {
    let shape = weights.dims();
    for tensor in [&gradient, &moment1, &moment2] {
        assert_eq!(tensor.dims(), shape, "a step needs one shape");
    }
    let (weights, moment1, moment2) = Dispatch::adam_w(
        weights.into_dispatch(),
        gradient.into_dispatch(),
        moment1.into_dispatch(),
        moment2.into_dispatch(),
        step,
    );
    (
        Tensor::from_dispatch(weights),
        [moment1, moment2].map(Tensor::from_dispatch),
    )
}

/// `share * average + (1 - share) * current`.
///
/// # Panics
/// If the shapes differ.
#[must_use]
pub fn blend<const D: usize>(average: Tensor<D>, current: Tensor<D>, share: f64) -> Tensor<D> {
    assert_eq!(average.dims(), current.dims(), "an average needs one shape");
    Tensor::from_dispatch(Dispatch::blend(
        average.into_dispatch(),
        current.into_dispatch(),
        share,
    ))
}

/// A step made of Burn's own operations, in the order in which Burn's optimiser computes it.
pub fn plain<B: Backend>(
    weights: FloatTensor<B>,
    gradient: FloatTensor<B>,
    moment1: FloatTensor<B>,
    moment2: FloatTensor<B>,
    step: AdamWStep,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let scaled = |tensor, factor: f32| B::float_mul_scalar(tensor, factor.into());
    let over = |tensor, divisor: f32| B::float_div_scalar(tensor, divisor.into());
    let gradient = match step.largest_norm {
        Some(largest) => clipped::<B>(gradient, largest),
        None => gradient,
    };
    let squares = B::float_mul(gradient.clone(), gradient.clone());
    let gradient = scaled(gradient, 1.0 - step.beta1);
    let moment1 = B::float_add(scaled(moment1, step.beta1), gradient);
    let squares = scaled(squares, 1.0 - step.beta2);
    let moment2 = B::float_add(scaled(moment2, step.beta2), squares);
    let root = B::float_sqrt(over(moment2.clone(), step.correction2()));
    let root = B::float_add_scalar(root, step.epsilon.into());
    let delta = B::float_div(over(moment1.clone(), step.correction1()), root);
    let delta = scaled(delta, step.rate as f32);
    let weights = B::float_sub(scaled(weights, step.kept()), delta);
    (weights, moment1, moment2)
}

/// The gradient, scaled down if its norm is above `largest`.
fn clipped<B: Backend>(gradient: FloatTensor<B>, largest: f32) -> FloatTensor<B> {
    let factor = clipping_factor::<B>(gradient.clone(), largest);
    let ones = vec![1; gradient.rank()];
    B::float_mul(gradient, B::float_reshape(factor, Shape::from(ones)))
}

/// What a gradient is multiplied by so that its norm is at most `largest`, `[1]`.
pub fn clipping_factor<B: Backend>(gradient: FloatTensor<B>, largest: f32) -> FloatTensor<B> {
    let sum = B::float_sum(B::float_mul(gradient.clone(), gradient));
    let norm = B::float_add_scalar(B::float_sqrt(sum), f32::MIN_POSITIVE.into());
    let factor = B::float_mul_scalar(B::float_recip(norm), largest.into());
    B::float_clamp_max(factor, 1.0_f32.into())
}

/// An average made of Burn's own operations.
pub fn plain_blend<B: Backend>(
    average: FloatTensor<B>,
    current: FloatTensor<B>,
    share: f64,
) -> FloatTensor<B> {
    let scaled = |tensor, factor: f64| B::float_mul_scalar(tensor, (factor as f32).into());
    B::float_add(scaled(average, share), scaled(current, 1.0 - share))
}
