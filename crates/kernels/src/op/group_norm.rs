//! Group normalisation with the `SiLU` behind it.

use burn::tensor::Tensor;
use burn::tensor::activation::silu as swish;

use crate::GroupNorm;

/// Group normalisation (Wu and He 2018, "Group Normalization"), and a `SiLU` behind it if [`GroupNorm::silu`] says so. Each
/// image may have a scale and a shift of its own for each channel, so that `FiLM` (Perez et al. 2018) is part of it.
///
/// # Shapes
/// - `x`: `[batch, channels, side, side]`
/// - `scales` and `shifts`: `[batch, channels]`
/// - output: as `x`
///
/// # Panics
/// If the shapes do not fit together, or the groups do not divide the channels.
#[must_use]
pub fn group_norm(
    x: Tensor<4>,
    scales: Tensor<2>,
    shifts: Tensor<2>,
    norm: GroupNorm,
) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let grouped = x.reshape([batch, norm.groups, channels / norm.groups * height * width]);
    let centred = grouped.clone() - grouped.mean_dim(2);
    let variance = centred.clone().powi_scalar(2).mean_dim(2);
    let normalised = centred / (variance + norm.epsilon).sqrt();
    let normalised = normalised.reshape([batch, channels, height, width]);
    let column = |of: Tensor<2>| of.reshape([batch, channels, 1, 1]);
    let output = normalised * column(scales) + column(shifts);
    if norm.silu { swish(output) } else { output }
}
