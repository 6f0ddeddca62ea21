//! The kernels as Burn operations with gradients.
//!
//! `flex` computes them on the CPU and `cube` what it pays for on a graphics card; `plain` is the same made of Burn's own operations,
//! for what neither supports, and `autodiff` adds the gradients. The steps of an optimiser stand beside them.

mod adam_w;
mod autodiff;
#[cfg(feature = "wgpu")]
mod cube;
mod flex;
mod group_norm;
mod plain;
mod plain_normed;
mod upsample;
mod weight_gradient;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{Device, Tensor};

use crate::GroupNorm;

pub use adam_w::{AdamWStep, adam_w, blend};
pub use group_norm::{NormedConvolution, group_norm, normed_residual};
pub use upsample::{enlarged_kernel, upsample_conv2d};

/// The numbers of a convolution with square kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    stride: usize,
    padding: usize,
    transposed: bool,
}

impl Steps {
    /// Those of a residual block's convolutions.
    const BLOCK: Self = Self {
        stride: 1,
        padding: 1,
        transposed: false,
    };
}

/// A convolution.
///
/// # Shapes
/// - `x`: `[batch, in_channels, side, side]`
/// - `weight`: `[out_channels, in_channels, kernel, kernel]`
/// - `bias`: `[out_channels]`
/// - output: `[batch, out_channels, out_side, out_side]`
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn conv2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    padding: usize,
) -> Tensor<4> {
    let [channels, ..] = weight.dims();
    let steps = Steps {
        stride,
        padding,
        transposed: false,
    };
    run(x, weight, bias, channels, steps)
}

/// A transposed convolution.
///
/// # Shapes
/// - `x`: `[batch, in_channels, side, side]`
/// - `weight`: `[in_channels, out_channels, kernel, kernel]`
/// - `bias`: `[out_channels]`
/// - output: `[batch, out_channels, out_side, out_side]`
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn conv_transpose2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    padding: usize,
) -> Tensor<4> {
    let [_, channels, ..] = weight.dims();
    let steps = Steps {
        stride,
        padding,
        transposed: true,
    };
    run(x, weight, bias, channels, steps)
}

fn run(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    channels: usize,
    steps: Steps,
) -> Tensor<4> {
    let bias = or_zeros(bias, channels, &x.device());
    Tensor::from_dispatch(Dispatch::convolve2d(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        steps,
    ))
}

fn or_zeros(bias: Option<Tensor<1>>, channels: usize, device: &Device) -> Tensor<1> {
    bias.unwrap_or_else(|| Tensor::zeros([channels], device))
}

/// A residual block without normalisation, `x + conv2(relu(conv1(relu(x))))` with convolutions of 3x3 (He et al. 2016,
/// "Identity Mappings in Deep Residual Networks"), and negative results as 0 if `relu`.
///
/// # Shapes
/// - `x`: `[batch, channels, side, side]`
/// - weights: `[channels, channels, 3, 3]`; biases: `[channels]`
/// - output: as `x`
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn residual(
    x: Tensor<4>,
    [(weight1, bias1), (weight2, bias2)]: [(Tensor<4>, Option<Tensor<1>>); 2],
    relu: bool,
) -> Tensor<4> {
    let [_, channels, ..] = x.dims();
    let [bias1, bias2] = [bias1, bias2].map(|bias| or_zeros(bias, channels, &x.device()));
    let (output, _hidden) = Dispatch::residual(
        x.into_dispatch(),
        weight1.into_dispatch(),
        bias1.into_dispatch(),
        weight2.into_dispatch(),
        bias2.into_dispatch(),
        relu,
    );
    Tensor::from_dispatch(output)
}

/// Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015), and negative results as 0 if `relu`.
/// Gives the output, and the mean and the biased variance of each channel.
///
/// # Shapes
/// - `x`: `[batch, channels, side, side]`; `gamma` and `beta`: `[channels]`
/// - output: as `x`; mean and variance: `[channels]`, without gradients
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn batch_norm_relu(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    relu: bool,
) -> (Tensor<4>, Tensor<1>, Tensor<1>) {
    let (output, mean, variance) = Dispatch::norm_relu(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        epsilon,
        relu,
    );
    (
        Tensor::from_dispatch(output),
        Tensor::from_dispatch(mean),
        Tensor::from_dispatch(variance),
    )
}

/// The operations, as a backend has to offer them. What stands here is made of Burn's own.
#[backend_extension(Flex, Cube: cfg(feature = "wgpu"), Autodiff)]
pub trait Kernels: Backend {
    /// A convolution or transposed convolution.
    fn convolve2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        steps: Steps,
    ) -> FloatTensor<Self> {
        plain::convolve2d::<Self>(x, weight, bias, steps)
    }

    /// The gradients with respect to input (only if `wants_x`, else anything), weights and bias.
    fn convolve2d_backward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        steps: Steps,
        wants_x: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        plain::convolve2d_backward::<Self>(x, weight, gradient, steps, wants_x)
    }

    /// Output of a residual block, and what its second convolution read, in an order of the backend's own.
    fn residual(
        x: FloatTensor<Self>,
        weight1: FloatTensor<Self>,
        bias1: FloatTensor<Self>,
        weight2: FloatTensor<Self>,
        bias2: FloatTensor<Self>,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        plain::residual::<Self>(x, weight1, bias1, weight2, bias2, relu)
    }

    /// The gradients with respect to input, first weights and bias, second weights and bias.
    #[allow(clippy::too_many_arguments, clippy::type_complexity)]
    fn residual_backward(
        x: FloatTensor<Self>,
        weight1: FloatTensor<Self>,
        weight2: FloatTensor<Self>,
        hidden: FloatTensor<Self>,
        output: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        relu: bool,
    ) -> (
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
    ) {
        plain::residual_backward::<Self>(x, weight1, weight2, hidden, output, gradient, relu)
    }

    /// Output, mean and variance of a normalisation.
    fn norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        plain::norm_relu::<Self>(x, gamma, beta, epsilon, relu)
    }

    /// The gradients with respect to input, `gamma` and `beta`, from the gradient of the output.
    #[allow(clippy::too_many_arguments)]
    fn norm_relu_backward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        epsilon: f64,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        plain::norm_relu_backward::<Self>(x, gamma, beta, mean, variance, gradient, epsilon, relu)
    }

    /// A group normalisation.
    fn group_normalise(
        x: FloatTensor<Self>,
        scales: FloatTensor<Self>,
        shifts: FloatTensor<Self>,
        norm: GroupNorm,
    ) -> FloatTensor<Self> {
        plain_normed::group_normalise::<Self>(x, scales, shifts, norm)
    }

    /// The gradients with respect to input, scales and shifts, from the gradient of the output.
    fn group_normalise_backward(
        x: FloatTensor<Self>,
        scales: FloatTensor<Self>,
        shifts: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        norm: GroupNorm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        plain_normed::group_normalise_backward::<Self>(x, scales, shifts, gradient, norm)
    }

    /// Output of a residual block with group normalisation, and what its second normalisation read, in an order of the backend's
    /// own.
    #[allow(clippy::too_many_arguments)]
    fn normed_block(
        x: FloatTensor<Self>,
        scales1: FloatTensor<Self>,
        shifts1: FloatTensor<Self>,
        weight1: FloatTensor<Self>,
        bias1: FloatTensor<Self>,
        scales2: FloatTensor<Self>,
        shifts2: FloatTensor<Self>,
        weight2: FloatTensor<Self>,
        bias2: FloatTensor<Self>,
        norm: GroupNorm,
        residual: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        plain_normed::normed_block::<Self>(
            x, scales1, shifts1, weight1, bias1, scales2, shifts2, weight2, bias2, norm, residual,
        )
    }

    /// The gradients with respect to input, and scales, shifts, weights and bias of the first and of the second part.
    #[allow(clippy::too_many_arguments, clippy::type_complexity)]
    fn normed_block_backward(
        x: FloatTensor<Self>,
        scales1: FloatTensor<Self>,
        shifts1: FloatTensor<Self>,
        weight1: FloatTensor<Self>,
        scales2: FloatTensor<Self>,
        shifts2: FloatTensor<Self>,
        weight2: FloatTensor<Self>,
        hidden: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        norm: GroupNorm,
        residual: bool,
    ) -> (
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
    ) {
        plain_normed::normed_block_backward::<Self>(
            x, scales1, shifts1, weight1, scales2, shifts2, weight2, hidden, gradient, norm,
            residual,
        )
    }

    /// Weights after a step of `AdamW`, and both moments.
    fn adam_w(
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment1: FloatTensor<Self>,
        moment2: FloatTensor<Self>,
        step: AdamWStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        adam_w::plain::<Self>(weights, gradient, moment1, moment2, step)
    }

    /// `share * average + (1 - share) * current`.
    fn blend(
        average: FloatTensor<Self>,
        current: FloatTensor<Self>,
        share: f64,
    ) -> FloatTensor<Self> {
        adam_w::plain_blend::<Self>(average, current, share)
    }
}
