//! The generator as it runs on a CPU.

mod level;

use std::borrow::Cow;

use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Tensor;
use datasets::{ClassId, ImageShape, crop_values};
use kernels::{Dense, Epilogue, Geometry, Layer, Maps};
use rayon::prelude::*;

use crate::Generator;
use crate::generator::GREY;
use level::Level;

/// A [`Generator`] for inference on a CPU: the weights are packed once, and nothing is kept for gradients. Gives the network's
/// own results within rounding.
#[derive(Debug, Clone)]
pub struct InferenceGenerator {
    shape: ImageShape,
    latent_dim: usize,
    /// `[classes + 1, latent_dim]`; empty without classes.
    class_embedding: Vec<f32>,
    project: Dense,
    levels: Vec<Level>,
    /// From the last level's maps to the image, less grey.
    out: Layer,
}

/// Scratch buffers: the maps of one pass through the generator. Made once and used for image after image.
#[derive(Debug, Clone)]
pub struct Scratch {
    input: Maps,
    levels: Vec<[Maps; 3]>,
    image: Maps,
}

impl InferenceGenerator {
    /// Packs a network's weights.
    #[must_use]
    pub fn new(generator: &Generator) -> Self {
        let embedding = generator.class_embedding.as_ref();
        Self {
            shape: generator.shape,
            latent_dim: generator.latent_dim(),
            class_embedding: embedding.map_or(Vec::new(), |rows| floats(rows.val())),
            project: dense(&generator.project),
            levels: levels(generator),
            out: convolution(&generator.out, generator.shape.square_side()),
        }
    }

    /// Shape of the images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        self.latent_dim
    }

    /// How many classes it can draw; 0 if it takes no class.
    #[must_use]
    pub fn classes(&self) -> usize {
        (self.class_embedding.len() / self.latent_dim).saturating_sub(1)
    }

    /// Scratch buffers for a pass through the generator.
    #[must_use]
    pub fn scratch(&self) -> Scratch {
        let three = |level: &Level| std::array::from_fn(|_| level.maps.clone());
        Scratch {
            input: self.levels[0].maps.clone(),
            levels: self.levels.iter().map(three).collect(),
            image: self.out.output(),
        }
    }

    /// The image of a latent in a class, or in none: `[channels, height, width]` in `[0, 1]`. A generator without classes does not
    /// look at them.
    ///
    /// # Panics
    /// If the latent has another length than the network's, there is no such class, or `scratch` was made by another network.
    #[must_use]
    pub fn decode_as(
        &self,
        latent: &[f32],
        class: Option<ClassId>,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        assert_eq!(latent.len(), self.latent_dim, "coordinates of the latent");
        let inputs = [latent, self.class_vector(class)].concat();
        scratch.input.load(&self.project.run(&inputs));
        let mut maps = &scratch.input;
        for (level, scratch) in self.levels.iter().zip(&mut scratch.levels) {
            level.run(maps, scratch);
            maps = &scratch[0];
        }
        self.out.run(maps, &mut scratch.image, Epilogue::Plain);
        let side = self.shape.square_side();
        let mut square = vec![0.0; self.shape.channels() * side * side];
        scratch.image.store(&mut square);
        let mut values = match crop_values(&square, self.shape) {
            Cow::Owned(cropped) => cropped,
            Cow::Borrowed(_) => square,
        };
        for value in &mut values {
            *value = (*value + GREY).clamp(0.0, 1.0);
        }
        values
    }

    /// The images of many latents, row after row, each in a class of its own or in none, on all cores:
    /// `[n, channels, height, width]`.
    ///
    /// # Panics
    /// If the numbers do not make a latent for each of the classes, or there is no such class.
    #[must_use]
    pub fn decode_all_as(&self, latents: &[f32], classes: &[Option<ClassId>]) -> Vec<f32> {
        let n = classes.len();
        let coordinates = n * self.latent_dim;
        assert_eq!(latents.len(), coordinates, "coordinates of the latents");
        let values = self.shape.values();
        let mut images = vec![0.0; n * values];
        images
            .par_chunks_mut(values)
            .zip(latents.par_chunks(self.latent_dim).zip(classes))
            .for_each_init(
                || self.scratch(),
                |scratch, (image, (latent, class))| {
                    image.copy_from_slice(&self.decode_as(latent, *class, scratch));
                },
            );
        images
    }

    /// What stands for a class behind the latent: the last row for no class, and nothing if there are no classes.
    fn class_vector(&self, class: Option<ClassId>) -> &[f32] {
        if self.class_embedding.is_empty() {
            return &[];
        }
        let classes = self.classes();
        let row = class.map_or(classes, ClassId::index);
        assert!(
            class.is_none() || row < classes,
            "class {row} of a generator for {classes} classes"
        );
        &self.class_embedding[row * self.latent_dim..][..self.latent_dim]
    }
}

fn levels(generator: &Generator) -> Vec<Level> {
    let mut side = generator.smallest_side;
    let [_, flat] = generator.project.weight.dims();
    let mut enter = None;
    let mut maps = Maps::zeros(flat / (side * side), side);
    let mut levels = Vec::with_capacity(generator.levels.len() + 1);
    for level in &generator.levels {
        levels.push(Level::new(enter, &level.blocks, maps, false));
        let up = transposed(&level.up, side);
        maps = up.output();
        side = maps.side();
        enter = Some(up);
    }
    levels.push(Level::new(enter, &generator.blocks, maps, true));
    levels
}

fn convolution(conv: &Conv2d, side: usize) -> Layer {
    let [to, from, kernel, _] = conv.weight.dims();
    let geometry = Geometry::convolution(side, kernel, conv.stride[0], 1);
    let bias = biases(conv.bias.as_deref(), to);
    Layer::new(geometry, from, &floats(conv.weight.val()), &bias)
}

fn transposed(conv: &ConvTranspose2d, side: usize) -> Layer {
    let [from, to, kernel, _] = conv.weight.dims();
    let geometry = Geometry::transposed(side, kernel, conv.stride[0], 1);
    let bias = biases(conv.bias.as_deref(), to);
    Layer::new(geometry, from, &floats(conv.weight.val()), &bias)
}

fn dense(linear: &Linear) -> Dense {
    let [_, to] = linear.weight.dims();
    let bias = biases(linear.bias.as_deref(), to);
    Dense::new(floats(linear.weight.val()), bias)
}

/// One value an output, 0 if the layer has no bias.
fn biases(bias: Option<&Tensor<1>>, outputs: usize) -> Vec<f32> {
    bias.map_or_else(|| vec![0.0; outputs], |bias| floats(bias.clone()))
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
