//! What generator and discriminator are made of: convolutions that our own kernels compute on the CPU, without normalisation.
//!
//! Weights begin such that maps keep their variance on the way through a network, and every residual block begins as the
//! identity ("fix-up", Zhang et al. 2019, "Fixup Initialization: Residual Learning Without Normalization").

use burn::module::{Initializer, Module, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};

/// A residual block, `x + conv2(relu(conv1(relu(x))))` (He et al. 2016, "Identity Mappings in Deep Residual Networks").
#[derive(Module, Debug)]
pub struct ResidualBlock {
    /// 3x3
    pub conv1: Conv2d,
    /// 3x3, zero at the start.
    pub conv2: Conv2d,
}

impl ResidualBlock {
    /// `count` of the `in_network` blocks that a network has.
    pub(crate) fn stack(
        channels: usize,
        count: usize,
        in_network: usize,
        device: &Device,
    ) -> Vec<Self> {
        // Half of the values behind a ReLU are 0, hence the 2; the rest is fix-up for blocks of two layers: `L^(-1 / (2 m - 2))`, `m = 2`.
        let gain = (2.0 / in_network.max(1) as f64).sqrt();
        let block = || Self {
            conv1: convolution([channels, channels], scaled(gain), device),
            conv2: convolution([channels, channels], Initializer::Zeros, device),
        };
        (0..count).map(|_| block()).collect()
    }

    /// `[batch, channels, side, side]` in and out, with a `ReLU` at the end if `relu`.
    fn forward(&self, x: Tensor<4>, relu: bool) -> Tensor<4> {
        let convs = [&self.conv1, &self.conv2];
        let weights = convs.map(|conv| (conv.weight.val(), conv.bias.as_ref().map(Param::val)));
        kernels::residual(x, weights, relu)
    }
}

/// Some blocks one after the other, and a `ReLU` at the end if `relu`.
pub fn refine(blocks: &[ResidualBlock], x: Tensor<4>, relu: bool) -> Tensor<4> {
    let Some(last) = blocks.len().checked_sub(1) else {
        return if relu {
            burn::tensor::activation::relu(x)
        } else {
            x
        };
    };
    let blocks = blocks.iter().enumerate();
    blocks.fold(x, |x, (i, block)| block.forward(x, relu && i == last))
}

/// A 3x3 convolution that keeps the size.
pub fn convolution(channels: [usize; 2], weights: Initializer, device: &Device) -> Conv2d {
    Conv2dConfig::new(channels, [3, 3])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .with_initializer(weights)
        .init(device)
}

/// The convolution that halves maps of `side` pixels a side, rounded up: a 4x4 kernel with stride 2 for an even side, which
/// covers every pixel equally often, and a 3x3 kernel for an odd one.
pub fn halve([from, to]: [usize; 2], side: usize, device: &Device) -> Conv2d {
    let kernel = halving_kernel(side);
    Conv2dConfig::new([from, to], [kernel, kernel])
        .with_stride([2, 2])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .with_initializer(scaled(1.0))
        .init(device)
}

/// The transposed convolution that leads back to maps of `side` pixels a side. It begins as an interpolation between pixels, with
/// channels mixed at random: a network of random ones would draw noise, and learn for long to draw none.
pub fn double([from, to]: [usize; 2], side: usize, device: &Device) -> ConvTranspose2d {
    let kernel = halving_kernel(side);
    let (mean, std) = (0.0, (from as f64).sqrt().recip());
    let mixed = Initializer::Normal { mean, std }.init([from, to, 1, 1], device);
    let line: &[f32] = if kernel == 4 {
        &[0.25, 0.75, 0.75, 0.25]
    } else {
        &[0.5, 1.0, 0.5]
    };
    let lines = [[1, 1, kernel, 1], [1, 1, 1, kernel]];
    let [rows, columns] =
        lines.map(|shape| Tensor::<4>::from_data(TensorData::new(line.to_vec(), shape), device));
    let mut up = ConvTranspose2dConfig::new([from, to], [kernel, kernel])
        .with_stride([2, 2])
        .with_padding([1, 1])
        .with_initializer(Initializer::Zeros)
        .init(device);
    let weights = mixed.val() * rows * columns;
    up.weight = Param::from_data(weights.into_data(), device);
    up
}

/// The side of the kernel that halves maps of `side` pixels a side, and of the one that leads back.
pub fn halving_kernel(side: usize) -> usize {
    if side.is_multiple_of(2) { 4 } else { 3 }
}

/// Normal weights with a standard deviation of `gain / sqrt(inputs)`: with a gain of 1, outputs vary as much as inputs do.
pub fn scaled(gain: f64) -> Initializer {
    Initializer::KaimingNormal {
        gain,
        fan_out_only: false,
    }
}

/// `conv.forward(x)`.
pub fn convolve(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let PaddingConfig2d::Explicit(padding, ..) = conv.padding else {
        return conv.forward(x);
    };
    let bias = conv.bias.as_ref().map(Param::val);
    kernels::conv2d(x, conv.weight.val(), bias, conv.stride[0], padding)
}

/// `conv.forward(x)` of a transposed convolution.
pub fn convolve_transposed(conv: &ConvTranspose2d, x: Tensor<4>) -> Tensor<4> {
    let bias = conv.bias.as_ref().map(Param::val);
    kernels::conv_transpose2d(x, conv.weight.val(), bias, conv.stride[0], conv.padding[0])
}

/// A vector for each class and, in the last row, for no class: `[classes + 1, width]`; `None` if there are no classes.
pub fn class_embedding(
    classes: usize,
    width: usize,
    weights: &Initializer,
    device: &Device,
) -> Option<Param<Tensor<2>>> {
    (classes > 0).then(|| weights.init([classes + 1, width], device))
}

/// The rows of an embedding for a batch, `[batch, width]`; for no class the last one.
pub fn rows_of(
    embedding: &Param<Tensor<2>>,
    classes: Option<Tensor<1, Int>>,
    batch: usize,
) -> Tensor<2> {
    let embedding = embedding.val();
    let [rows, _] = embedding.dims();
    match classes {
        Some(classes) => embedding.select(0, classes),
        None => embedding.narrow(0, rows - 1, 1).repeat_dim(0, batch),
    }
}
