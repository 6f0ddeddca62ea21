//! Images to posteriors.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};
use datasets::{ImageShape, map_sides};

use crate::convolution::{ResidualBlock, convolve, halve, refine};
use crate::film::ClassOffset;
use crate::{Posterior, VaeConfig};

/// Bounds of the posterior's log-variance. Inside them the ELBO is untouched; outside, `exp` would overflow in the first
/// steps of a run with a high learning rate.
pub(crate) const LOG_VAR: (f32, f32) = (-12.0, 6.0);

/// One step down the pyramid of map sizes.
#[derive(Module, Debug)]
pub struct EncoderLevel {
    /// Halves the maps: `[channels before, side, side] -> [channels, side / 2, side / 2]`, rounded up.
    pub conv: Conv2d,
    /// At the smaller size.
    pub blocks: Vec<ResidualBlock>,
}

/// Strided convolutions that halve the image until its maps are small, each with residual blocks behind it, and two linear
/// heads.
#[derive(Module, Debug)]
pub struct Encoder {
    /// From the image to the smallest maps.
    pub levels: Vec<EncoderLevel>,
    /// `[channels * side * side] -> [latent_dim]`, of the smallest maps.
    pub mean: Linear,
    /// `[channels * side * side] -> [latent_dim]`, of the smallest maps.
    pub log_var: Linear,
    /// Behind `mean`, in a conditional network.
    pub class_offset: Option<ClassOffset>,
}

impl Encoder {
    /// `classes` are those that condition the network, if it is conditional.
    pub(crate) fn new(
        config: &VaeConfig,
        shape: ImageShape,
        classes: Option<usize>,
        device: &Device,
    ) -> Self {
        let sides = map_sides(shape.square_side());
        let mut from = shape.channels();
        let mut levels = Vec::with_capacity(config.channels.len());
        for (&to, &side) in config.channels.iter().zip(&sides) {
            levels.push(EncoderLevel {
                conv: halve([from, to], side, device),
                blocks: ResidualBlock::stack(to, config.blocks, classes, device),
            });
            from = to;
        }
        let smallest = sides[levels.len()];
        let head = || LinearConfig::new(from * smallest * smallest, config.latent_dim).init(device);
        Self {
            levels,
            mean: head(),
            log_var: head(),
            class_offset: classes
                .map(|classes| ClassOffset::new(classes, config.latent_dim, device)),
        }
    }

    /// The smallest maps, which mean and log-variance are computed from.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, side, side]` in `[0, 1]`, padded to a square if need be
    /// - `classes`: `[batch]`, as [`Vae::encode_as`](crate::Vae::encode_as) takes them
    /// - output: `[batch, channels * side * side]`, of the smallest maps
    pub(crate) fn features(
        &self,
        images: Tensor<4>,
        classes: Option<&Tensor<1, Int>>,
    ) -> Tensor<2> {
        let mut x = images;
        for level in &self.levels {
            x = refine(&level.blocks, convolve(&level.conv, x), classes); // [batch, channels, side / 2, side / 2]
        }
        x.flatten(1, 3)
    }

    /// The posterior over latents for each image.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, side, side]` in `[0, 1]`, padded to a square if need be
    /// - `classes`: `[batch]`, as [`Vae::encode_as`](crate::Vae::encode_as) takes them
    /// - output: mean and log-variance `[batch, latent_dim]`
    #[must_use]
    pub fn forward(&self, images: Tensor<4>, classes: Option<&Tensor<1, Int>>) -> Posterior {
        let x = self.features(images, classes);
        let mean = self.mean.forward(x.clone());
        Posterior {
            mean: match &self.class_offset {
                Some(offset) => offset.forward(mean, classes),
                None => mean,
            },
            log_var: self.log_var.forward(x).clamp(LOG_VAR.0, LOG_VAR.1),
        }
    }
}
