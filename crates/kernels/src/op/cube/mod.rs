//! On a graphics card: what training does most often, in as few launches as it can be.
//!
//! The host needs about 0.03 ms to start a kernel, longer than the card needs for most of them. Made of Burn's own operations, a step
//! of `AdamW` starts fourteen for each tensor, and a normalisation with its gradient some thirty, two of which sum a hundred
//! thousand values one after the other. Convolutions themselves stay Burn's.

mod adam_w;
mod batch_norm;
mod group_norm;
mod launch;
mod weights;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use burn::tensor::DType;

use super::adam_w::AdamWStep;
use super::{Kernels, Steps, plain, plain_normed};
use crate::GroupNorm;

type Maps = FloatTensor<Cube>;

impl Kernels for Cube {
    fn convolve2d_backward(
        x: Maps,
        weight: Maps,
        gradient: Maps,
        steps: Steps,
        wants_x: bool,
    ) -> (Maps, Maps, Maps) {
        let kernel = weight.shape()[2];
        let (d_x, d_bias) =
            plain::convolve2d_other_gradients::<Self>(&x, weight, &gradient, steps, wants_x);
        let d_weight = weights::weight_gradient(x, gradient, kernel, steps);
        (d_x, d_weight, d_bias)
    }

    fn norm_relu(x: Maps, gamma: Maps, beta: Maps, epsilon: f64, relu: bool) -> (Maps, Maps, Maps) {
        if x.dtype() != DType::F32 {
            return plain::norm_relu::<Self>(x, gamma, beta, epsilon, relu);
        }
        batch_norm::forward(x, gamma, beta, epsilon, relu)
    }

    fn norm_relu_backward(
        x: Maps,
        gamma: Maps,
        beta: Maps,
        mean: Maps,
        variance: Maps,
        gradient: Maps,
        epsilon: f64,
        relu: bool,
    ) -> (Maps, Maps, Maps) {
        if x.dtype() != DType::F32 {
            return plain::norm_relu_backward::<Self>(
                x, gamma, beta, mean, variance, gradient, epsilon, relu,
            );
        }
        batch_norm::backward(x, [gamma, beta, mean, variance], gradient, epsilon, relu)
    }

    fn group_normalise(x: Maps, scales: Maps, shifts: Maps, norm: GroupNorm) -> Maps {
        if x.dtype() != DType::F32 {
            return plain_normed::group_normalise::<Self>(x, scales, shifts, norm);
        }
        group_norm::forward(x, [scales, shifts], norm)
    }

    fn group_normalise_backward(
        x: Maps,
        scales: Maps,
        shifts: Maps,
        gradient: Maps,
        norm: GroupNorm,
    ) -> (Maps, Maps, Maps) {
        if x.dtype() != DType::F32 {
            return plain_normed::group_normalise_backward::<Self>(
                x, scales, shifts, gradient, norm,
            );
        }
        group_norm::backward(x, [scales, shifts], gradient, norm)
    }

    fn adam_w(
        weights: Maps,
        gradient: Maps,
        moment1: Maps,
        moment2: Maps,
        step: AdamWStep,
    ) -> (Maps, Maps, Maps) {
        if weights.dtype() != DType::F32 {
            return super::adam_w::plain::<Self>(weights, gradient, moment1, moment2, step);
        }
        adam_w::step(weights, gradient, [moment1, moment2], step)
    }

    fn blend(average: Maps, current: Maps, share: f64) -> Maps {
        if average.dtype() != DType::F32 {
            return super::adam_w::plain_blend::<Self>(average, current, share);
        }
        adam_w::blend(average, current, share)
    }
}
