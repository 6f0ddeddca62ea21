//! Group normalisation, and residual blocks with it.

use burn::backend::Dispatch;
use burn::tensor::{Tensor, assert_shape};

use super::{Kernels, or_zeros};
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
    let [batch, channels, ..] = x.dims();
    assert_shape!(scales, [batch, channels]);
    assert_shape!(shifts, [batch, channels]);
    Tensor::from_dispatch(Dispatch::group_normalise(
        x.into_dispatch(),
        scales.into_dispatch(),
        shifts.into_dispatch(),
        norm,
    ))
}

/// A 3x3 convolution with padding 1 and the group normalisation in front of it.
#[derive(Debug, Clone)]
pub struct NormedConvolution {
    /// `[batch, in_channels]`
    pub scales: Tensor<2>,
    /// `[batch, in_channels]`
    pub shifts: Tensor<2>,
    /// `[out_channels, in_channels, 3, 3]`
    pub weight: Tensor<4>,
    /// `[out_channels]`
    pub bias: Option<Tensor<1>>,
}

/// A residual block with group normalisation, `x + conv2(norm2(conv1(norm1(x))))`, or without `x +` unless `residual`: the
/// channels may then change.
///
/// # Shapes
/// - `x`: `[batch, in_channels, side, side]`
/// - output: `[batch, out_channels, side, side]`
///
/// # Panics
/// If the shapes do not fit together, or the groups do not divide the channels.
#[must_use]
pub fn normed_residual(
    x: Tensor<4>,
    [first, second]: [NormedConvolution; 2],
    norm: GroupNorm,
    residual: bool,
) -> Tensor<4> {
    let device = x.device();
    let [batch, entering, ..] = x.dims();
    let [channels, ..] = first.weight.dims();
    for (conv, channels) in [(&first, entering), (&second, channels)] {
        assert_shape!(conv.scales, [batch, channels]);
        assert_shape!(conv.shifts, [batch, channels]);
    }
    let [bias1, bias2] = [first.bias, second.bias].map(|bias| or_zeros(bias, channels, &device));
    let (output, _hidden) = Dispatch::normed_block(
        x.into_dispatch(),
        first.scales.into_dispatch(),
        first.shifts.into_dispatch(),
        first.weight.into_dispatch(),
        bias1.into_dispatch(),
        second.scales.into_dispatch(),
        second.shifts.into_dispatch(),
        second.weight.into_dispatch(),
        bias2.into_dispatch(),
        norm,
        residual,
    );
    Tensor::from_dispatch(output)
}
