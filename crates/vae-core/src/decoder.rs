//! Latents to images.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Int, Tensor};
use datasets::{ImageShape, map_sides};

use crate::VaeConfig;
use crate::convolution::{ResidualBlock, convolve, convolve_transposed, double, refine};
use crate::film::ClassOffset;

/// One step up the pyramid of map sizes.
#[derive(Module, Debug)]
pub struct DecoderLevel {
    /// At the smaller size.
    pub blocks: Vec<ResidualBlock>,
    /// Doubles the maps: `[channels, side / 2, side / 2] -> [channels behind, side, side]`, where the half was rounded up.
    pub up: ConvTranspose2d,
}

/// A linear layer, transposed convolutions that double the maps up to the size of the image, and a convolution to its
/// channels, with residual blocks at each size.
#[derive(Module, Debug)]
pub struct Decoder {
    /// `[latent_dim] -> [channels * side * side]`, of the smallest maps.
    pub project: Linear,
    /// Behind `project`, in a conditional network.
    pub class_offset: Option<ClassOffset>,
    /// From the smallest maps to the size of the image.
    pub levels: Vec<DecoderLevel>,
    /// At the size of the image.
    pub blocks: Vec<ResidualBlock>,
    /// From half the channels of the largest maps below to those of the image.
    pub out: Conv2d,
    /// Side of the smallest maps, in pixels.
    pub smallest_side: usize,
}

impl Decoder {
    /// `classes` are those that condition the network, if it is conditional.
    pub(crate) fn new(
        config: &VaeConfig,
        shape: ImageShape,
        classes: Option<usize>,
        device: &Device,
    ) -> Self {
        let sides = map_sides(shape.square_side());
        let smallest_side = sides[config.channels.len()];
        // Channels at each size, from that of the image down.
        let last = (config.channels[0] / 2).max(1);
        let channels: Vec<usize> = std::iter::once(last)
            .chain(config.channels.iter().copied())
            .collect();
        let blocks = |channels| ResidualBlock::stack(channels, config.blocks, classes, device);
        let level = |below: usize| DecoderLevel {
            blocks: blocks(channels[below]),
            up: double(
                [channels[below], channels[below - 1]],
                sides[below - 1],
                device,
            ),
        };
        let flat = channels[channels.len() - 1] * smallest_side * smallest_side;
        Self {
            project: LinearConfig::new(config.latent_dim, flat).init(device),
            class_offset: classes.map(|classes| ClassOffset::new(classes, flat, device)),
            levels: (1..channels.len()).rev().map(level).collect(),
            blocks: blocks(last),
            out: Conv2dConfig::new([last, shape.channels()], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device),
            smallest_side,
        }
    }

    /// The logits of the values: the image is their sigmoid.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `classes`: `[batch]`, as [`Vae::decode_as`](crate::Vae::decode_as) takes them
    /// - output: `[batch, channels, side, side]`, to be cropped if the images are not square
    #[must_use]
    pub fn forward(&self, latents: Tensor<2>, classes: Option<&Tensor<1, Int>>) -> Tensor<4> {
        let ([batch, _], side) = (latents.dims(), self.smallest_side as i32);
        let x = self.project.forward(latents);
        let x = match &self.class_offset {
            Some(offset) => offset.forward(x, classes),
            None => x,
        };
        let mut x = x.reshape([batch as i32, -1, side, side]); // [batch, channels, side, side]
        for level in &self.levels {
            x = convolve_transposed(&level.up, refine(&level.blocks, x, classes)); // [batch, channels, side, side]
        }
        convolve(&self.out, refine(&self.blocks, x, classes))
    }
}
