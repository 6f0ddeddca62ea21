//! Burn's convolution layers, computed by our own kernels on the CPU.

use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Tensor;

/// `conv.forward(x)`.
pub fn convolve(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let PaddingConfig2d::Explicit(padding, ..) = conv.padding else {
        return conv.forward(x);
    };
    let bias = conv.bias.as_ref().map(|bias| bias.val());
    kernels::conv2d(x, conv.weight.val(), bias, conv.stride[0], padding)
}

/// `conv.forward(x)` of a transposed convolution.
pub fn spread(conv: &ConvTranspose2d, x: Tensor<4>) -> Tensor<4> {
    let bias = conv.bias.as_ref().map(|bias| bias.val());
    kernels::conv_transpose2d(x, conv.weight.val(), bias, conv.stride[0], conv.padding[0])
}
