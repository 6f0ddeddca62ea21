//! Doubling the size of maps.

use burn::tensor::{Device, Tensor};

use super::conv_transpose2d;

/// A 3x3 convolution with padding 1 of maps that are enlarged to twice their side, each pixel repeated (Odena et al. 2016,
/// "Deconvolution and Checkerboard Artifacts").
///
/// Repeated pixels meet sums of weights, so this is the transposed convolution of stride 2 with [`enlarged_kernel`], which
/// multiplies 16 times an input pixel instead of 36 and never makes the enlarged maps.
///
/// # Shapes
/// - `x`: `[batch, in_channels, side, side]`
/// - `weight`: `[out_channels, in_channels, 3, 3]`
/// - `bias`: `[out_channels]`
/// - output: `[batch, out_channels, 2 * side, 2 * side]`
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn upsample_conv2d(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    conv_transpose2d(x, enlarged_kernel(weight), bias, 2, 1)
}

/// The kernel of the transposed convolution with stride 2 and padding 1 that does what [`upsample_conv2d`] says:
/// `[out_channels, in_channels, 3, 3] -> [in_channels, out_channels, 4, 4]`.
///
/// In one dimension, output pixels `2 i` and `2 i + 1` read the enlarged pixels `i - 1, i, i` and `i, i, i + 1`, so weights
/// `a, b, c` become `c, b + c, a + b, a`.
#[must_use]
pub fn enlarged_kernel(weight: Tensor<4>) -> Tensor<4> {
    let [to, from, ..] = weight.dims();
    let sums = sums(&weight.device()); // [4, 3]
    let columns = weight
        .reshape([to * from * 3, 3])
        .matmul(sums.clone().transpose());
    let columns = columns.reshape([to, from, 3, 4]).permute([1, 0, 3, 2]);
    let rows = columns.reshape([from * to * 4, 3]).matmul(sums.transpose());
    rows.reshape([from, to, 4, 4]).swap_dims(2, 3)
}

/// Which of three weights meet at each of four.
fn sums(device: &Device) -> Tensor<2> {
    let sums = [[0., 0., 1.], [0., 1., 1.], [1., 1., 0.], [1., 0., 0.]];
    Tensor::from_floats(sums, device)
}
