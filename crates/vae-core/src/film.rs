//! A class that acts on feature maps.

use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Int, Tensor};

/// Scales and shifts feature maps by a class, `x * (1 + scale) + shift` with a scale and a shift for each channel (Perez et al.
/// 2018, "`FiLM`: Visual Reasoning with a General Conditioning Layer").
///
/// It begins with zeros, and so as the identity: what it stands in front of starts to learn as it would without a class.
#[derive(Module, Debug)]
pub struct Film {
    /// The scales, then the shifts: `[classes + 1, 2 * channels]`. A row a class, and the last one for images without a class.
    pub embedding: Param<Tensor<2>>,
}

impl Film {
    pub(crate) fn new(classes: usize, channels: usize, device: &Device) -> Self {
        Self {
            embedding: Initializer::Zeros.init([classes + 1, 2 * channels], device),
        }
    }

    /// How many classes there are, "no class" not among them.
    pub(crate) fn classes(&self) -> usize {
        let [rows, _] = self.embedding.dims();
        rows - 1
    }

    /// # Shapes
    /// - `x`: `[batch, channels, height, width]`
    /// - `classes`: `[batch]`, each a row of the embedding; `None` for no class
    /// - output: `[batch, channels, height, width]`
    pub(crate) fn forward(&self, x: Tensor<4>, classes: Option<&Tensor<1, Int>>) -> Tensor<4> {
        let channels = x.dims()[1];
        let rows = rows_of(&self.embedding, classes); // [batch or 1, 2 * channels]
        let part = |first: usize| -> Tensor<4> {
            let part = rows.clone().narrow(1, first, channels);
            part.reshape([-1, channels as i32, 1, 1])
        };
        x * (part(0) + 1.0) + part(channels)
    }
}

/// Moves the output of a linear layer by a class: a vector for each class, added.
///
/// Scales and shifts alone leave the class in the latents for long: with a vector of its own behind the encoder's mean and behind
/// the decoder's first layer a class can be taken out of the latent, and put into the image, at once. It begins with zeros.
#[derive(Module, Debug)]
pub struct ClassOffset {
    /// `[classes + 1, outputs]`. A row a class, and the last one for images without a class.
    pub embedding: Param<Tensor<2>>,
}

impl ClassOffset {
    pub(crate) fn new(classes: usize, outputs: usize, device: &Device) -> Self {
        Self {
            embedding: Initializer::Zeros.init([classes + 1, outputs], device),
        }
    }

    /// # Shapes
    /// - `x`: `[batch, outputs]`
    /// - `classes`: `[batch]`, each a row of the embedding; `None` for no class
    /// - output: `[batch, outputs]`
    pub(crate) fn forward(&self, x: Tensor<2>, classes: Option<&Tensor<1, Int>>) -> Tensor<2> {
        x + rows_of(&self.embedding, classes)
    }
}

/// The rows of some classes, `[batch, width]`; of no class the last one, `[1, width]`.
fn rows_of(embedding: &Param<Tensor<2>>, classes: Option<&Tensor<1, Int>>) -> Tensor<2> {
    let embedding = embedding.val();
    let [rows, _] = embedding.dims();
    match classes {
        Some(classes) => embedding.select(0, classes.clone()),
        None => embedding.narrow(0, rows - 1, 1),
    }
}
