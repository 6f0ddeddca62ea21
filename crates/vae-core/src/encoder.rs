//! Images to posteriors.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor};

use crate::convolution::{ResidualBlock, convolve, refine};
use crate::{Posterior, VaeConfig};

/// Bounds of the posterior's log-variance. Inside them the ELBO is untouched; outside, `exp` would overflow in the first
/// steps of a run with a high learning rate.
pub(crate) const LOG_VAR: (f32, f32) = (-12.0, 6.0);

/// Three strided convolutions (28 -> 14 -> 7 -> 4), each with residual blocks behind it, and two linear heads.
#[derive(Module, Debug)]
pub struct Encoder {
    /// `[1, 28, 28] -> [c0, 14, 14]`
    pub conv1: Conv2d,
    /// At 14x14.
    pub blocks1: Vec<ResidualBlock>,
    /// `[c0, 14, 14] -> [c1, 7, 7]`
    pub conv2: Conv2d,
    /// At 7x7.
    pub blocks2: Vec<ResidualBlock>,
    /// `[c1, 7, 7] -> [c2, 4, 4]`
    pub conv3: Conv2d,
    /// At 4x4.
    pub blocks3: Vec<ResidualBlock>,
    /// `[c2 * 16] -> [latent_dim]`
    pub mean: Linear,
    /// `[c2 * 16] -> [latent_dim]`
    pub log_var: Linear,
}

impl Encoder {
    pub(crate) fn new(config: &VaeConfig, device: &Device) -> Self {
        let [c0, c1, c2] = config.channels;
        let conv = |from, to, kernel| {
            Conv2dConfig::new([from, to], [kernel, kernel])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        let blocks = |channels| ResidualBlock::stack(channels, config.blocks, device);
        let head = || LinearConfig::new(c2 * 16, config.latent_dim).init(device);
        Self {
            conv1: conv(1, c0, 4),
            blocks1: blocks(c0),
            conv2: conv(c0, c1, 4),
            blocks2: blocks(c1),
            conv3: conv(c1, c2, 3),
            blocks3: blocks(c2),
            mean: head(),
            log_var: head(),
        }
    }

    /// The posterior over latents for each image.
    ///
    /// # Shapes
    /// - `images`: `[n, 1, 28, 28]` in `[0, 1]`
    /// - output: mean and log-variance `[n, latent_dim]`
    #[must_use]
    pub fn forward(&self, images: Tensor<4>) -> Posterior {
        let x = refine(&self.blocks1, convolve(&self.conv1, images)); // [n, c0, 14, 14]
        let x = refine(&self.blocks2, convolve(&self.conv2, x)); // [n, c1, 7, 7]
        let x = refine(&self.blocks3, convolve(&self.conv3, x)); // [n, c2, 4, 4]
        let x: Tensor<2> = x.flatten(1, 3); // [n, c2 * 16]
        Posterior {
            mean: self.mean.forward(x.clone()),
            log_var: self.log_var.forward(x).clamp(LOG_VAR.0, LOG_VAR.1),
        }
    }
}
