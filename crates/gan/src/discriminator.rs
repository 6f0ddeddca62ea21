//! Images to scores.

use burn::module::{Initializer, Module, Param};
use burn::nn::conv::Conv2d;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, assert_shape};
use datasets::{ImageShape, map_sides, pad_to_square};

use crate::GanConfig;
use crate::blocks::{ResidualBlock, class_embedding, convolve, halve, refine, rows_of, scaled};

/// One step down the pyramid of map sizes.
#[derive(Module, Debug)]
pub struct DiscriminatorLevel {
    /// Halves the maps: `[channels before, side, side] -> [channels, side / 2, side / 2]`, rounded up.
    pub conv: Conv2d,
    /// At the smaller size.
    pub blocks: Vec<ResidualBlock>,
}

/// The mirrored [`Generator`](crate::Generator): strided convolutions that halve the image until its maps are small, each with
/// residual blocks behind it, and a linear layer. A score is how real an image looks, plus how well it fits its class (Miyato
/// and Koyama 2018, "cGANs with Projection Discriminator").
///
/// No layer looks across the batch, so an image has the same score in any company. Classes are as for the generator.
#[derive(Module, Debug)]
pub struct Discriminator {
    /// From the image to the smallest maps.
    pub levels: Vec<DiscriminatorLevel>,
    /// `[channels * side * side] -> [features]`, of the smallest maps.
    pub features: Linear,
    /// `[features] -> [1]`
    pub score: Linear,
    /// What an image of a class, or in the last row of none, should have: `[classes + 1, features]`.
    pub class_embedding: Option<Param<Tensor<2>>>,
    /// Shape of the images, which are padded to squares.
    #[module(skip)]
    pub shape: ImageShape,
}

impl Discriminator {
    pub(crate) fn new(
        config: &GanConfig,
        shape: ImageShape,
        classes: usize,
        device: &Device,
    ) -> Self {
        let sides = map_sides(shape.square_side());
        let in_network = config.blocks * config.channels.len();
        let mut from = shape.channels();
        let mut levels = Vec::with_capacity(config.channels.len());
        for (&to, &side) in config.channels.iter().zip(&sides) {
            levels.push(DiscriminatorLevel {
                conv: halve([from, to], side, device),
                blocks: ResidualBlock::stack(to, config.blocks, in_network, device),
            });
            from = to;
        }
        let smallest = sides[levels.len()];
        let features = features(config.latent_dim);
        let linear = |from, to| {
            let config = LinearConfig::new(from, to).with_initializer(scaled(1.0));
            config.init(device)
        };
        Self {
            features: linear(from * smallest * smallest, features),
            score: linear(features, 1),
            class_embedding: class_embedding(classes, features, &Initializer::Zeros, device),
            levels,
            shape,
        }
    }

    /// How real each image looks as one of its class.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, height, width]` in `[0, 1]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: `[batch]`, any number
    ///
    /// # Panics
    /// If `images` or `classes` have another shape.
    #[must_use]
    pub fn forward(&self, images: Tensor<4>, classes: Option<Tensor<1, Int>>) -> Tensor<1> {
        let [_, channels, height, width] = self.shape.batch(0);
        assert_shape!(images, [_, channels, height, width]);
        let batch = images.dims()[0];
        let mut x = pad_to_square(images) * 2.0 - 1.0;
        for (i, level) in self.levels.iter().enumerate() {
            let last = i + 1 == self.levels.len();
            x = refine(&level.blocks, convolve(&level.conv, x), last); // [batch, channels, side / 2, side / 2]
        }
        let x = relu(self.features.forward(x.flatten(1, 3))); // [batch, features]
        let score = self.score.forward(x.clone());
        let score = match &self.class_embedding {
            Some(embedding) => {
                if let Some(classes) = &classes {
                    assert_shape!(classes, [batch]);
                }
                let scale = (x.dims()[1] as f64).sqrt();
                score + (x * rows_of(embedding, classes, batch)).sum_dim(1) / scale
            }
            None => score,
        };
        score.squeeze_dim(1)
    }
}

/// Features of an image: as many as the generator has latents, and as many again, as it has for the class.
pub fn features(latent_dim: usize) -> usize {
    2 * latent_dim
}
