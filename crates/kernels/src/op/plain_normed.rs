//! Group normalisation, and residual blocks with it, made of Burn's own operations.

use burn::backend::Backend;
use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;

use super::{Kernels, Steps};
use crate::GroupNorm;

/// `[batch, channels, height, width]`
fn sizes<B: Backend>(x: &FloatTensor<B>) -> [usize; 4] {
    let shape = x.shape();
    [0, 1, 2, 3].map(|dimension| shape[dimension])
}

/// The normalised values as `[batch, groups, values]`, and `[batch, groups, 1]` that they were multiplied by.
fn normalised<B: Backend>(x: FloatTensor<B>, norm: GroupNorm) -> [FloatTensor<B>; 2] {
    let [batch, channels, height, width] = sizes::<B>(&x);
    let values = channels / norm.groups * height * width;
    let x = B::float_reshape(x, [batch, norm.groups, values].into());
    let x = B::float_sub(x.clone(), B::float_mean_dim(x, 2));
    let variance = B::float_mean_dim(B::float_mul(x.clone(), x.clone()), 2);
    let inverse_std = B::float_recip(B::float_sqrt(B::float_add_scalar(
        variance,
        norm.epsilon.into(),
    )));
    [B::float_mul(x, inverse_std.clone()), inverse_std]
}

/// `[batch, channels] -> [batch, channels, 1, 1]`
fn column<B: Backend>(row: FloatTensor<B>) -> FloatTensor<B> {
    let shape = row.shape();
    let shape = [shape[0], shape[1], 1, 1];
    B::float_reshape(row, shape.into())
}

/// The sum over the pixels, `[batch, channels, height, width] -> [batch, channels]`.
fn row<B: Backend>(x: FloatTensor<B>) -> FloatTensor<B> {
    let [batch, channels, height, width] = sizes::<B>(&x);
    let x = B::float_reshape(x, [batch * channels, height * width].into());
    B::float_reshape(B::float_sum_dim(x, 1), [batch, channels].into())
}

pub fn group_normalise<B: Backend>(
    x: FloatTensor<B>,
    scales: FloatTensor<B>,
    shifts: FloatTensor<B>,
    norm: GroupNorm,
) -> FloatTensor<B> {
    let shape = x.shape();
    let [x, _] = normalised::<B>(x, norm);
    let x = B::float_reshape(x, shape);
    let y = B::float_add(B::float_mul(x, column::<B>(scales)), column::<B>(shifts));
    if norm.silu {
        B::float_mul(y.clone(), B::sigmoid(y))
    } else {
        y
    }
}

pub fn group_normalise_backward<B: Backend>(
    x: FloatTensor<B>,
    scales: FloatTensor<B>,
    shifts: FloatTensor<B>,
    gradient: FloatTensor<B>,
    norm: GroupNorm,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let shape = x.shape();
    let [groups, inverse_std] = normalised::<B>(x, norm);
    let x = B::float_reshape(groups.clone(), shape.clone());
    let scales = column::<B>(scales);
    let gradient = if norm.silu {
        let y = B::float_mul(x.clone(), scales.clone());
        let y = B::float_add(y, column::<B>(shifts));
        // sigmoid + y sigmoid - y sigmoid sigmoid
        let sigmoid = B::sigmoid(y.clone());
        let silu = B::float_mul(y, sigmoid.clone());
        let slope = B::float_sub(silu.clone(), B::float_mul(silu, sigmoid.clone()));
        B::float_mul(gradient, B::float_add(slope, sigmoid))
    } else {
        gradient
    };
    let d_scales = row::<B>(B::float_mul(gradient.clone(), x));
    let d_shifts = row::<B>(gradient.clone());
    let d_groups = B::float_reshape(B::float_mul(gradient, scales), groups.shape());
    let level = B::float_mean_dim(d_groups.clone(), 2);
    let slope = B::float_mean_dim(B::float_mul(d_groups.clone(), groups.clone()), 2);
    let d_x = B::float_sub(d_groups, B::float_add(level, B::float_mul(groups, slope)));
    let d_x = B::float_reshape(B::float_mul(d_x, inverse_std), shape);
    (d_x, d_scales, d_shifts)
}

#[allow(clippy::too_many_arguments)]
pub fn normed_block<B: Kernels>(
    x: FloatTensor<B>,
    scales1: FloatTensor<B>,
    shifts1: FloatTensor<B>,
    weight1: FloatTensor<B>,
    bias1: FloatTensor<B>,
    scales2: FloatTensor<B>,
    shifts2: FloatTensor<B>,
    weight2: FloatTensor<B>,
    bias2: FloatTensor<B>,
    norm: GroupNorm,
    residual: bool,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let normed = B::group_normalise(x.clone(), scales1, shifts1, norm);
    let hidden = B::convolve2d(normed, weight1, bias1, Steps::BLOCK);
    let normed = B::group_normalise(hidden.clone(), scales2, shifts2, norm);
    let output = B::convolve2d(normed, weight2, bias2, Steps::BLOCK);
    let output = if residual {
        B::float_add(x, output)
    } else {
        output
    };
    (output, hidden)
}

#[allow(clippy::too_many_arguments, clippy::type_complexity)]
pub fn normed_block_backward<B: Kernels>(
    x: FloatTensor<B>,
    scales1: FloatTensor<B>,
    shifts1: FloatTensor<B>,
    weight1: FloatTensor<B>,
    scales2: FloatTensor<B>,
    shifts2: FloatTensor<B>,
    weight2: FloatTensor<B>,
    hidden: FloatTensor<B>,
    gradient: FloatTensor<B>,
    norm: GroupNorm,
    residual: bool,
) -> (
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
) {
    let back =
        |x, weight, gradient| B::convolve2d_backward(x, weight, gradient, Steps::BLOCK, true);
    let normed = B::group_normalise(hidden.clone(), scales2.clone(), shifts2.clone(), norm);
    let (d_normed, d_weight2, d_bias2) = back(normed, weight2, gradient.clone());
    let (d_hidden, d_scales2, d_shifts2) =
        B::group_normalise_backward(hidden, scales2, shifts2, d_normed, norm);
    let normed = B::group_normalise(x.clone(), scales1.clone(), shifts1.clone(), norm);
    let (d_normed, d_weight1, d_bias1) = back(normed, weight1, d_hidden);
    let (d_x, d_scales1, d_shifts1) =
        B::group_normalise_backward(x, scales1, shifts1, d_normed, norm);
    let d_x = if residual {
        B::float_add(d_x, gradient)
    } else {
        d_x
    };
    (
        d_x, d_scales1, d_shifts1, d_weight1, d_bias1, d_scales2, d_shifts2, d_weight2, d_bias2,
    )
}
