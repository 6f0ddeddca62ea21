//! What encoder and decoder are made of. The convolutions are Burn's layers, computed by our own kernels on the CPU.

use burn::module::{Module, Param};
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor};

use crate::Film;

/// A residual block without normalisation, `x + conv2(relu(conv1(relu(x))))` (He et al. 2016, "Identity Mappings in Deep
/// Residual Networks"): batch statistics would tie the images of a batch together, and a posterior is one image's. In a
/// conditional network a class scales and shifts its input first.
#[derive(Module, Debug)]
pub struct ResidualBlock {
    /// 3x3
    pub conv1: Conv2d,
    /// 3x3
    pub conv2: Conv2d,
    /// In front of the rest, in a conditional network.
    pub film: Option<Film>,
}

impl ResidualBlock {
    /// `count` blocks, which take one of so many `classes` if there are any.
    pub(crate) fn stack(
        channels: usize,
        count: usize,
        classes: Option<usize>,
        device: &Device,
    ) -> Vec<Self> {
        let conv = || {
            Conv2dConfig::new([channels, channels], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        let block = || Self {
            conv1: conv(),
            conv2: conv(),
            film: classes.map(|classes| Film::new(classes, channels, device)),
        };
        (0..count).map(|_| block()).collect()
    }

    /// `[batch, channels, height, width]` in and out, with a `ReLU` at the end if `last`.
    fn forward(&self, x: Tensor<4>, classes: Option<&Tensor<1, Int>>, last: bool) -> Tensor<4> {
        let x = match &self.film {
            Some(film) => film.forward(x, classes),
            None => x,
        };
        let convs = [&self.conv1, &self.conv2];
        let weights = convs.map(|conv| (conv.weight.val(), conv.bias.as_ref().map(Param::val)));
        kernels::residual(x, weights, last)
    }
}

/// Some blocks one after the other, and a `ReLU` at the end. `classes` are `[batch]`, looked at in a conditional network.
pub fn refine(
    blocks: &[ResidualBlock],
    x: Tensor<4>,
    classes: Option<&Tensor<1, Int>>,
) -> Tensor<4> {
    let Some(last) = blocks.len().checked_sub(1) else {
        return relu(x);
    };
    let blocks = blocks.iter().enumerate();
    blocks.fold(x, |x, (i, block)| block.forward(x, classes, i == last))
}

/// The convolution that halves maps of `side` pixels a side, rounded up: a 4x4 kernel with stride 2 for an even side, which
/// covers every pixel equally often, and a 3x3 kernel for an odd one.
pub fn halve([from, to]: [usize; 2], side: usize, device: &Device) -> Conv2d {
    let kernel = halving_kernel(side);
    Conv2dConfig::new([from, to], [kernel, kernel])
        .with_stride([2, 2])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .init(device)
}

/// The transposed convolution that leads back to maps of `side` pixels a side.
pub fn double([from, to]: [usize; 2], side: usize, device: &Device) -> ConvTranspose2d {
    let kernel = halving_kernel(side);
    ConvTranspose2dConfig::new([from, to], [kernel, kernel])
        .with_stride([2, 2])
        .with_padding([1, 1])
        .init(device)
}

/// The side of the kernel that halves maps of `side` pixels a side, and of the one that leads back.
pub fn halving_kernel(side: usize) -> usize {
    if side.is_multiple_of(2) { 4 } else { 3 }
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
