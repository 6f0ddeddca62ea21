//! Batch normalisation folded into the convolution before it.
//!
//! In inference a normalisation is a scale and a shift for each channel, and so it can be part of the convolution. On a
//! graphics card this matters even more than on the CPU: each normalisation is half a dozen small kernels there, and a
//! frame spends most of its time starting kernels.

use burn::module::{Module, Param};
use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::{Tensor, TensorData};

use crate::block::Projection;
use crate::{Block, ResNet18};

/// Weights `[to, from, kernel, kernel]` and bias `[to]` of a convolution, with what follows it.
pub(crate) struct Folded {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

/// `gamma / sqrt(variance + epsilon)` scales the weights, and what is left is the bias.
pub(crate) fn fold(conv: &Conv2d, norm: Option<&BatchNorm>) -> Folded {
    let [to, from, kernel, _] = conv.weight.dims();
    let mut weights = values(conv.weight.val());
    let bias = conv.bias.as_ref().map(|bias| values(bias.val()));
    let mut bias = bias.unwrap_or_else(|| vec![0.0; to]);
    if let Some(norm) = norm {
        let mean = values(norm.running_mean.value());
        let variance = values(norm.running_var.value());
        let (gamma, beta) = (values(norm.gamma.val()), values(norm.beta.val()));
        let of_channels = weights.chunks_exact_mut(from * kernel * kernel);
        for (channel, of_channel) in of_channels.enumerate() {
            let scale = gamma[channel] / (variance[channel] + norm.epsilon as f32).sqrt();
            for weight in of_channel {
                *weight *= scale;
            }
            bias[channel] = beta[channel] + (bias[channel] - mean[channel]) * scale;
        }
    }
    Folded { weights, bias }
}

impl ResNet18 {
    /// The same network for inference: every batch normalisation is part of the convolution before it. Gives the same
    /// results within rounding, and cannot be trained further.
    #[must_use]
    pub fn folded(&self) -> Self {
        let block = |block: &Block| Block {
            conv1: folded(&block.conv1, block.norm1.as_ref()),
            norm1: None,
            conv2: folded(&block.conv2, block.norm2.as_ref()),
            norm2: None,
            shortcut: block.shortcut.as_ref().map(|projection| Projection {
                conv: folded(&projection.conv, projection.norm.as_ref()),
                norm: None,
            }),
        };
        Self {
            stem: folded(&self.stem, self.stem_norm.as_ref()),
            stem_norm: None,
            blocks: self.blocks.iter().map(block).collect(),
            ..self.clone()
        }
        .valid()
    }
}

fn folded(conv: &Conv2d, norm: Option<&BatchNorm>) -> Conv2d {
    let Folded { weights, bias } = fold(conv, norm);
    let device = conv.weight.device();
    let shape = conv.weight.dims();
    let weights = Tensor::from_data(TensorData::new(weights, shape), &device);
    let bias = Tensor::from_data(TensorData::new(bias, [shape[0]]), &device);
    Conv2d {
        weight: Param::from_tensor(weights),
        bias: Some(Param::from_tensor(bias)),
        ..conv.clone()
    }
}

pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
