//! Attention between the pixels of the smallest maps.

use burn::module::{Initializer, Module};
use burn::nn::GroupNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor};

use crate::config::HEADS;
use crate::layers::{conv1, convolve, group_norm, normalise};

/// Self-attention with four heads, `x + output(attention(projection(norm(x))))` (Vaswani et al. 2017, "Attention Is All You
/// Need", section 3.2): what a convolution of the smallest maps does not see, each pixel can ask of all others. It begins as the
/// identity.
#[derive(Module, Debug)]
pub struct Attention {
    /// In front of the rest.
    pub norm: GroupNorm,
    /// 1x1, `channels -> 3 * channels`: the queries, the keys and the values, each of all heads.
    pub projection: Conv2d,
    /// 1x1, `channels -> channels`; its first weights are zeros.
    pub output: Conv2d,
}

impl Attention {
    pub(crate) fn new(channels: usize, device: &Device) -> Self {
        Self {
            norm: group_norm(channels, device),
            projection: conv1([channels, 3 * channels]).init(device),
            output: conv1([channels, channels])
                .with_initializer(Initializer::Zeros)
                .init(device),
        }
    }

    /// `[batch, channels, side, side]` in and out.
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [batch, channels, side, _] = x.dims();
        let (pixels, width) = (side * side, channels / HEADS);
        let normed = normalise(&self.norm, x.clone(), false);
        let projected = convolve(&self.projection, normed)
            .reshape([batch, 3, HEADS, width, pixels])
            .swap_dims(3, 4); // [batch, 3, heads, pixels, width]
        let [queries, keys, values] = [0, 1, 2]
            .map(|part| -> Tensor<4> { projected.clone().narrow(1, part, 1).squeeze_dim::<4>(1) });
        let scale = 1.0 / (width as f64).sqrt();
        let weights = softmax((queries * scale).matmul(keys.swap_dims(2, 3)), 3);
        let attended = weights.matmul(values).swap_dims(2, 3);
        x + convolve(
            &self.output,
            attended.reshape([batch, channels, side, side]),
        )
    }
}
