//! The VAE as it runs on a CPU.

mod head;
mod level;

use std::borrow::Cow;

use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Tensor;
use datasets::{ClassId, ImageShape, crop_values, pad_values};
use kernels::{Dense, Epilogue, Geometry, Layer, Maps};
use rayon::prelude::*;

use crate::Vae;
use crate::film::ClassOffset;
use crate::latent_fit::floats;
use head::InferenceHead;
use level::Level;

/// A [`Vae`] for inference on a CPU: the weights are packed once, and nothing is kept for gradients. Gives the network's
/// own results within rounding.
///
/// Its functions with `_as` in their names take a class, or none; the others mean none. Only a conditional network looks at it.
#[derive(Debug, Clone)]
pub struct InferenceVae {
    shape: ImageShape,
    encoder: Vec<Level>,
    mean: Dense,
    log_var: Dense,
    /// Behind `mean` and `project`, in a conditional network.
    mean_offset: Option<Offset>,
    project_offset: Option<Offset>,
    project: Dense,
    decoder: Vec<Level>,
    /// From the last level's maps to the logits.
    out: Layer,
    latent_dim: usize,
    /// Of a conditional network.
    classes: Option<usize>,
    /// Of a joint model.
    head: Option<InferenceHead>,
}

/// The row of a [`Film`](crate::Film) that acts; 0 in a network without one.
#[derive(Debug, Clone, Copy)]
struct Row(usize);

/// A [`ClassOffset`] on the host.
#[derive(Debug, Clone)]
struct Offset {
    rows: Vec<f32>,
    outputs: usize,
}

impl Offset {
    fn new(offset: &ClassOffset) -> Self {
        let [_, outputs] = offset.embedding.dims();
        Self {
            rows: floats(offset.embedding.val()),
            outputs,
        }
    }

    fn add_to(&self, values: &mut [f32], Row(row): Row) {
        let offset = &self.rows[row * self.outputs..][..self.outputs];
        for (value, offset) in values.iter_mut().zip(offset) {
            *value += offset;
        }
    }
}

/// Scratch buffers: the maps of one pass through the decoder or the encoder. Made once and used for image after image.
#[derive(Debug, Clone)]
pub struct Scratch {
    input: Maps,
    levels: Vec<[Maps; 3]>,
    logits: Maps,
}

impl InferenceVae {
    /// Packs a network's weights.
    #[must_use]
    pub fn new(vae: &Vae) -> Self {
        Self {
            shape: vae.shape,
            encoder: encoder_levels(vae),
            mean: dense(&vae.encoder.mean),
            log_var: dense(&vae.encoder.log_var),
            mean_offset: vae.encoder.class_offset.as_ref().map(Offset::new),
            project_offset: vae.decoder.class_offset.as_ref().map(Offset::new),
            project: dense(&vae.decoder.project),
            decoder: decoder_levels(vae),
            out: convolution(&vae.decoder.out, vae.shape.square_side()),
            latent_dim: vae.latent_dim(),
            classes: vae.conditional_classes(),
            head: vae.head.as_ref().map(InferenceHead::new),
        }
    }

    /// Shape of the images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// Scratch buffers for a pass through the decoder.
    #[must_use]
    pub fn scratch(&self) -> Scratch {
        Scratch::new(&self.decoder, self.decoder[0].maps.clone(), &self.out)
    }

    /// The image of a latent: `[channels, height, width]` in `[0, 1]`.
    ///
    /// # Panics
    /// If the latent has another length than the network's, or `scratch` was made by another network.
    #[must_use]
    pub fn decode(&self, latent: &[f32], scratch: &mut Scratch) -> Vec<f32> {
        self.decode_as(latent, None, scratch)
    }

    /// The image of a latent in a class: `[channels, height, width]` in `[0, 1]`.
    ///
    /// # Panics
    /// As [`decode`](Self::decode), and if there is no such class.
    #[must_use]
    pub fn decode_as(
        &self,
        latent: &[f32],
        class: Option<ClassId>,
        scratch: &mut Scratch,
    ) -> Vec<f32> {
        let class = self.row(class);
        let mut projected = self.project.run(latent);
        if let Some(offset) = &self.project_offset {
            offset.add_to(&mut projected, class);
        }
        scratch.input.load(&projected);
        let maps = run_levels(&self.decoder, &scratch.input, class, &mut scratch.levels);
        self.out.run(maps, &mut scratch.logits, Epilogue::Plain);
        let side = self.shape.square_side();
        let mut square = vec![0.0; self.shape.channels() * side * side];
        scratch.logits.store(&mut square);
        let mut values = match crop_values(&square, self.shape) {
            Cow::Owned(cropped) => cropped,
            Cow::Borrowed(_) => square,
        };
        for value in &mut values {
            *value = 1.0 / (1.0 + (-*value).exp());
        }
        values
    }

    /// The images of many latents, row after row, on all cores: `[n, channels, height, width]`.
    ///
    /// # Panics
    /// If the numbers do not make whole latents.
    #[must_use]
    pub fn decode_all(&self, latents: &[f32]) -> Vec<f32> {
        assert!(
            latents.len().is_multiple_of(self.latent_dim),
            "coordinates of the latents"
        );
        self.decode_all_as(latents, &vec![None; latents.len() / self.latent_dim])
    }

    /// The images of many latents, row after row, each in a class of its own, on all cores: `[n, channels, height, width]`.
    ///
    /// # Panics
    /// If the numbers do not make a latent for each of the classes, or there is no such class.
    #[must_use]
    pub fn decode_all_as(&self, latents: &[f32], classes: &[Option<ClassId>]) -> Vec<f32> {
        let n = classes.len();
        assert_eq!(
            latents.len(),
            n * self.latent_dim,
            "coordinates of the latents"
        );
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

    /// Mean and log-variance of the posterior of an image, `[channels, height, width]` in `[0, 1]`.
    ///
    /// # Panics
    /// If the image has another size.
    #[must_use]
    pub fn encode(&self, image: &[f32]) -> (Vec<f32>, Vec<f32>) {
        self.encode_as(image, None)
    }

    /// As [`encode`](Self::encode), of an image of a class.
    ///
    /// # Panics
    /// If the image has another size, or there is no such class.
    #[must_use]
    pub fn encode_as(&self, image: &[f32], class: Option<ClassId>) -> (Vec<f32>, Vec<f32>) {
        let class = self.row(class);
        assert_eq!(image.len(), self.shape.values(), "values of the image");
        let input = Maps::zeros(self.shape.channels(), self.shape.square_side());
        let mut scratch = Scratch::new(&self.encoder, input, &self.out);
        scratch.input.load(&pad_values(image, self.shape));
        let maps = run_levels(&self.encoder, &scratch.input, class, &mut scratch.levels);
        let mut flat = vec![0.0; maps.channels() * maps.side() * maps.side()];
        maps.store(&mut flat);
        let (low, high) = crate::encoder::LOG_VAR;
        let log_var = self.log_var.run(&flat).into_iter();
        let mut mean = self.mean.run(&flat);
        if let Some(offset) = &self.mean_offset {
            offset.add_to(&mut mean, class);
        }
        (mean, log_var.map(|v| v.clamp(low, high)).collect())
    }

    /// What the head of a joint model takes a latent for: the logits of the classes; `None` if there is no head.
    ///
    /// # Panics
    /// If the latent has fewer dimensions than the head sees.
    #[must_use]
    pub fn class_logits(&self, latent: &[f32]) -> Option<Vec<f32>> {
        Some(self.head.as_ref()?.run(latent))
    }

    /// Where a class acts from: the last row is of no class.
    fn row(&self, class: Option<ClassId>) -> Row {
        let Some(classes) = self.classes else {
            return Row(0);
        };
        let row = class.map_or(classes, ClassId::index);
        assert!(
            class.is_none() || row < classes,
            "class {row} of a network for {classes} classes"
        );
        Row(row)
    }
}

impl Scratch {
    fn new(levels: &[Level], input: Maps, out: &Layer) -> Self {
        let three = |level: &Level| std::array::from_fn(|_| level.maps.clone());
        Self {
            input,
            levels: levels.iter().map(three).collect(),
            logits: out.output(),
        }
    }
}

fn encoder_levels(vae: &Vae) -> Vec<Level> {
    let mut side = vae.shape.square_side();
    let mut levels = Vec::with_capacity(vae.encoder.levels.len());
    for level in &vae.encoder.levels {
        let level = Level::entered(convolution(&level.conv, side), &level.blocks);
        side = level.maps.side();
        levels.push(level);
    }
    levels
}

fn decoder_levels(vae: &Vae) -> Vec<Level> {
    let decoder = &vae.decoder;
    let mut side = decoder.smallest_side;
    let [_, flat] = decoder.project.weight.dims();
    let mut enter = None;
    let mut maps = Maps::zeros(flat / (side * side), side);
    let mut levels = Vec::with_capacity(decoder.levels.len() + 1);
    for level in &decoder.levels {
        levels.push(Level::new(enter, &level.blocks, maps));
        let up = transposed(&level.up, side);
        maps = up.output();
        side = maps.side();
        enter = Some(up);
    }
    levels.push(Level::new(enter, &decoder.blocks, maps));
    levels
}

fn run_levels<'a>(
    levels: &[Level],
    input: &'a Maps,
    class: Row,
    maps: &'a mut [[Maps; 3]],
) -> &'a Maps {
    let mut input = input;
    for (level, maps) in levels.iter().zip(maps) {
        level.run(input, class, maps);
        input = &maps[0];
    }
    input
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
