//! Latents to images.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor};

use crate::VaeConfig;
use crate::convolution::{ResidualBlock, convolve, refine, spread};

/// A linear layer, three transposed convolutions (4 -> 7 -> 14 -> 28) and a convolution to one channel, with residual
/// blocks at each size.
///
/// The kernels that double the size are 4x4 with stride 2, which covers every output pixel equally often, so the images
/// show no checkerboard.
#[derive(Module, Debug)]
pub struct Decoder {
    /// `[latent_dim] -> [c2 * 16]`
    pub project: Linear,
    /// At 4x4.
    pub blocks1: Vec<ResidualBlock>,
    /// `[c2, 4, 4] -> [c1, 7, 7]`
    pub up1: ConvTranspose2d,
    /// At 7x7.
    pub blocks2: Vec<ResidualBlock>,
    /// `[c1, 7, 7] -> [c0, 14, 14]`
    pub up2: ConvTranspose2d,
    /// At 14x14.
    pub blocks3: Vec<ResidualBlock>,
    /// `[c0, 14, 14] -> [c0 / 2, 28, 28]`
    pub up3: ConvTranspose2d,
    /// At 28x28.
    pub blocks4: Vec<ResidualBlock>,
    /// `[c0 / 2, 28, 28] -> [1, 28, 28]`
    pub out: Conv2d,
}

impl Decoder {
    pub(crate) fn new(config: &VaeConfig, device: &Device) -> Self {
        let [c0, c1, c2] = config.channels;
        let last = (c0 / 2).max(1);
        let blocks = |channels| ResidualBlock::stack(channels, config.blocks, device);
        let up = |from, to, kernel| {
            ConvTranspose2dConfig::new([from, to], [kernel, kernel])
                .with_stride([2, 2])
                .with_padding([1, 1])
                .init(device)
        };
        Self {
            project: LinearConfig::new(config.latent_dim, c2 * 16).init(device),
            blocks1: blocks(c2),
            up1: up(c2, c1, 3),
            blocks2: blocks(c1),
            up2: up(c1, c0, 4),
            blocks3: blocks(c0),
            up3: up(c0, last, 4),
            blocks4: blocks(last),
            out: Conv2dConfig::new([last, 1], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device),
        }
    }

    /// The logits of the pixels: the image is their sigmoid.
    ///
    /// # Shapes
    /// - `latents`: `[n, latent_dim]`
    /// - output: `[n, 1, 28, 28]`
    #[must_use]
    pub fn forward(&self, latents: Tensor<2>) -> Tensor<4> {
        let [n, _] = latents.dims();
        let x = self.project.forward(latents).reshape([n as i32, -1, 4, 4]); // [n, c2, 4, 4]
        let x = spread(&self.up1, refine(&self.blocks1, x)); // [n, c1, 7, 7]
        let x = spread(&self.up2, refine(&self.blocks2, x)); // [n, c0, 14, 14]
        let x = spread(&self.up3, refine(&self.blocks3, x)); // [n, c0 / 2, 28, 28]
        let x = refine(&self.blocks4, x);
        convolve(&self.out, x) // [n, 1, 28, 28]
    }
}
