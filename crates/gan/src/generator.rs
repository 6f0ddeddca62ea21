//! Latents to images.

use burn::module::{Initializer, Module, Param};
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor, assert_shape};
use datasets::{ImageShape, crop_from_square, map_sides};

use crate::blocks::{
    ResidualBlock, class_embedding, convolution, convolve, convolve_transposed, double, refine,
    rows_of, scaled,
};
use crate::{GanConfig, PrincipalAxes};

/// What is added to the output of the last convolution: half of the range of a pixel.
pub(crate) const GREY: f32 = 0.5;

/// One step up the pyramid of map sizes.
#[derive(Module, Debug)]
pub struct GeneratorLevel {
    /// At the smaller size.
    pub blocks: Vec<ResidualBlock>,
    /// Doubles the maps: `[channels, side / 2, side / 2] -> [channels behind, side, side]`, where the half was rounded up.
    pub up: ConvTranspose2d,
}

/// A linear layer of latent and class, transposed convolutions that double the maps up to the size of the image, and a
/// convolution to its channels, with residual blocks at each size. The latents are from N(0, I).
///
/// Classes are numbers below [`classes`](Self::classes), or that number itself for no class. No other number is a class; a
/// backend may panic on it or compute anything. A generator without classes does not look at them.
#[derive(Module, Debug)]
pub struct Generator {
    /// A vector for each class and, in the last row, for no class: `[classes + 1, latent_dim]`.
    pub class_embedding: Option<Param<Tensor<2>>>,
    /// From the latent, and behind it the vector of the class, to the smallest maps:
    /// `[latent_dim (+ latent_dim)] -> [channels * side * side]`.
    pub project: Linear,
    /// From the smallest maps to the size of the image.
    pub levels: Vec<GeneratorLevel>,
    /// At the size of the image.
    pub blocks: Vec<ResidualBlock>,
    /// From half the channels of the largest maps below to those of the image.
    pub out: Conv2d,
    /// Side of the smallest maps, in pixels.
    pub smallest_side: usize,
    /// Shape of the images. The network works on squares, which are cropped in the end.
    #[module(skip)]
    pub shape: ImageShape,
}

impl Generator {
    pub(crate) fn new(
        config: &GanConfig,
        shape: ImageShape,
        classes: usize,
        device: &Device,
    ) -> Self {
        let (sides, channels) = (map_sides(shape.square_side()), config.channels_by_size());
        let smallest = config.channels.len();
        let in_network = config.blocks * channels.len();
        let blocks = |channels| ResidualBlock::stack(channels, config.blocks, in_network, device);
        let level = |below: usize| GeneratorLevel {
            blocks: blocks(channels[below]),
            up: double(
                [channels[below], channels[below - 1]],
                sides[below - 1],
                device,
            ),
        };
        let standard = Initializer::Normal {
            mean: 0.0,
            std: 1.0,
        };
        let inputs = config.latent_dim * if classes > 0 { 2 } else { 1 };
        let flat = channels[smallest] * sides[smallest] * sides[smallest];
        Self {
            class_embedding: class_embedding(classes, config.latent_dim, &standard, device),
            project: LinearConfig::new(inputs, flat)
                .with_initializer(scaled(1.0))
                .init(device),
            levels: (1..channels.len()).rev().map(level).collect(),
            blocks: blocks(channels[0]),
            out: convolution([channels[0], shape.channels()], scaled(1.0), device),
            smallest_side: sides[smallest],
            shape,
        }
    }

    /// The image of each latent in a class.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
    ///
    /// # Panics
    /// If `latents` has another width or `classes` another length.
    #[must_use]
    pub fn decode(&self, latents: Tensor<2>, classes: Option<Tensor<1, Int>>) -> Tensor<4> {
        self.draw(latents, classes).clamp(0.0, 1.0)
    }

    /// [`decode`](Self::decode) before its values are cut off at 0 and 1. Training and searching need the gradients of values that
    /// are too low or too high; a bounded function such as a sigmoid would take them away from images that are all black.
    pub(crate) fn draw(&self, latents: Tensor<2>, classes: Option<Tensor<1, Int>>) -> Tensor<4> {
        let mut x = self.smallest_maps(latents, classes);
        for (i, level) in self.levels.iter().enumerate() {
            if i > 0 {
                x = refine(&level.blocks, x, false);
            }
            x = convolve_transposed(&level.up, x); // [batch, channels, side, side]
        }
        let from_grey = convolve(&self.out, refine(&self.blocks, x, true));
        crop_from_square(from_grey, self.shape) + f64::from(GREY)
    }

    /// The first feature maps of each image, behind the blocks at the smallest size: what an image is composed of.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: `[batch, channels, side, side]`
    ///
    /// # Panics
    /// If `latents` has another width or `classes` another length.
    #[must_use]
    pub fn smallest_maps(&self, latents: Tensor<2>, classes: Option<Tensor<1, Int>>) -> Tensor<4> {
        let (latent_dim, side) = (self.latent_dim(), self.smallest_side as i32);
        assert_shape!(latents, [_, latent_dim]);
        let [batch, _] = latents.dims();
        let inputs = match &self.class_embedding {
            Some(embedding) => {
                if let Some(classes) = &classes {
                    assert_shape!(classes, [batch]);
                }
                Tensor::cat(vec![latents, rows_of(embedding, classes, batch)], 1) // [batch, 2 * latent_dim]
            }
            None => latents,
        };
        let x = self
            .project
            .forward(inputs)
            .reshape([batch as i32, -1, side, side]);
        match self.levels.first() {
            Some(level) => refine(&level.blocks, x, false),
            None => x,
        }
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        match &self.class_embedding {
            Some(embedding) => embedding.dims()[1],
            None => self.project.weight.dims()[0],
        }
    }

    /// How many classes it can draw; 0 if it takes no class.
    #[must_use]
    pub fn classes(&self) -> usize {
        let embedding = self.class_embedding.as_ref();
        embedding.map_or(0, |embedding| embedding.dims()[0] - 1)
    }

    /// The same generator with its latent space turned: its dimension `i` is what the direction `i` of `axes` was. Latents
    /// stay N(0, I), since the axes are orthonormal.
    ///
    /// # Panics
    /// If the axes are of a space of other dimensions.
    #[must_use]
    pub fn turned(mut self, axes: &PrincipalAxes) -> Self {
        let latent_dim = self.latent_dim();
        assert_eq!(axes.dims(), latent_dim, "dimensions of the axes");
        let device = self.project.weight.device();
        let turn = Tensor::<2>::from_data(axes.data(), &device); // [new, old]
        let [inputs, outputs] = self.project.weight.dims();
        self.project.weight = self.project.weight.map(|weight| {
            let turned = turn.matmul(weight.clone().narrow(0, 0, latent_dim));
            let of_class = weight.slice([latent_dim..inputs, 0..outputs]);
            if inputs == latent_dim {
                turned
            } else {
                Tensor::cat(vec![turned, of_class], 0)
            }
        });
        self
    }
}
