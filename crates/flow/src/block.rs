//! The block that the network is built from.

use burn::module::{Module, Param};
use burn::nn::conv::Conv2d;
use burn::nn::{GroupNorm, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use kernels::{NormedConvolution, normed_residual};

use crate::layers::{conv1, conv3, conv3_of_zeros, convolve, form, group_norm, rows};

/// A residual block, `skip(x) + conv2(silu(film(norm2(conv1(silu(norm1(x)))))))`: time and class scale and shift what its second
/// convolution reads (Dhariwal and Nichol 2021, "Diffusion Models Beat GANs on Image Synthesis", section 3.1). It begins as the
/// identity.
#[derive(Module, Debug)]
pub struct Block {
    /// In front of `conv1`.
    pub norm1: GroupNorm,
    /// 3x3, `from -> to` channels.
    pub conv1: Conv2d,
    /// In front of `conv2`.
    pub norm2: GroupNorm,
    /// 3x3, `to -> to` channels; its first weights are zeros.
    pub conv2: Conv2d,
    /// `[embedding] -> [2 * to]`: the scales, then the shifts, of what `norm2` gives.
    pub film: Linear,
    /// 1x1, where the channels change.
    pub skip: Option<Conv2d>,
}

impl Block {
    pub(crate) fn new([from, to]: [usize; 2], embedding: usize, device: &Device) -> Self {
        Self {
            norm1: group_norm(from, device),
            conv1: conv3([from, to], device),
            norm2: group_norm(to, device),
            conv2: conv3_of_zeros([to, to], device),
            film: LinearConfig::new(embedding, 2 * to).init(device),
            skip: (from != to).then(|| conv1([from, to]).init(device)),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, from, side, side]`
    /// - `embedding`: `[batch, embedding]`
    /// - output: `[batch, to, side, side]`
    pub(crate) fn forward(&self, x: Tensor<4>, embedding: &Tensor<2>) -> Tensor<4> {
        let [batch, ..] = x.dims();
        let film = self.film.forward(embedding.clone());
        let part = |norm, conv: &Conv2d, film| {
            let [scales, shifts] = rows(norm, batch, film);
            NormedConvolution {
                scales,
                shifts,
                weight: conv.weight.val(),
                bias: conv.bias.as_ref().map(Param::val),
            }
        };
        let parts = [
            part(&self.norm1, &self.conv1, None),
            part(&self.norm2, &self.conv2, Some(film)),
        ];
        let norm = form(&self.norm1, true);
        match &self.skip {
            Some(skip) => convolve(skip, x.clone()) + normed_residual(x, parts, norm, false),
            None => normed_residual(x, parts, norm, true),
        }
    }
}
