//! What the network is made of: Burn's layers, computed by our own kernels on the CPU.

use burn::module::{Initializer, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{GroupNorm, GroupNormConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor};

use crate::config::GROUPS;

/// A 3x3 convolution that keeps the size of the maps.
pub fn conv3([from, to]: [usize; 2], device: &Device) -> Conv2d {
    conv3_config([from, to]).init(device)
}

/// The same, with zeros as its first weights: what it is added to stays as it is until it has learned.
pub fn conv3_of_zeros([from, to]: [usize; 2], device: &Device) -> Conv2d {
    conv3_config([from, to])
        .with_initializer(Initializer::Zeros)
        .init(device)
}

/// A 3x3 convolution that halves the side of the maps, which must be even.
pub fn halve([from, to]: [usize; 2], device: &Device) -> Conv2d {
    conv3_config([from, to]).with_stride([2, 2]).init(device)
}

fn conv3_config(channels: [usize; 2]) -> Conv2dConfig {
    Conv2dConfig::new(channels, [3, 3]).with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
}

/// A linear map of the channels of each pixel.
pub fn conv1([from, to]: [usize; 2]) -> Conv2dConfig {
    Conv2dConfig::new([from, to], [1, 1])
}

/// Normalises groups of channels, each channel with a scale and a shift of its own behind it.
pub fn group_norm(channels: usize, device: &Device) -> GroupNorm {
    GroupNormConfig::new(GROUPS, channels).init(device)
}

/// `conv.forward(x)` of a convolution with a padding of half its kernel.
pub fn convolve(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let bias = conv.bias.as_ref().map(Param::val);
    let padding = conv.kernel_size[0] / 2;
    kernels::conv2d(x, conv.weight.val(), bias, conv.stride[0], padding)
}

/// A 3x3 convolution of maps that are enlarged to twice their side.
pub fn convolve_enlarged(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    kernels::upsample_conv2d(x, conv.weight.val(), conv.bias.as_ref().map(Param::val))
}

/// A normalisation of `[batch, channels, side, side]`.
pub fn normalise(norm: &GroupNorm, x: Tensor<4>, silu: bool) -> Tensor<4> {
    let [scales, shifts] = rows(norm, x.dims()[0], None);
    kernels::group_norm(x, scales, shifts, form(norm, silu))
}

/// What a normalisation scales and shifts the channels of each image by, `[batch, channels]` each. `film` scales and shifts its
/// result once more (Perez et al. 2018, "`FiLM`: Visual Reasoning with a General Conditioning Layer"): the scales, then the
/// shifts, `[batch, 2 * channels]`.
pub fn rows(norm: &GroupNorm, batch: usize, film: Option<Tensor<2>>) -> [Tensor<2>; 2] {
    let channels = norm.num_channels;
    let [scales, shifts] = [&norm.gamma, &norm.beta].map(|row| {
        let row = row.as_ref().expect("a normalisation with weights").val();
        row.unsqueeze_dim::<2>(0).expand([batch, channels])
    });
    let Some(film) = film else {
        return [scales, shifts];
    };
    let factors = film.clone().narrow(1, 0, channels) + 1.0;
    let more = film.narrow(1, channels, channels);
    [scales * factors.clone(), shifts * factors + more]
}

/// How the kernels are told of a normalisation.
pub fn form(norm: &GroupNorm, silu: bool) -> kernels::GroupNorm {
    kernels::GroupNorm {
        groups: norm.num_groups,
        epsilon: norm.epsilon as f32,
        silu,
    }
}
