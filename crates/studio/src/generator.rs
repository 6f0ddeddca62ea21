//! The families of models that make images, behind one face.
//!
//! A closed enum rather than a trait object: bundles serialise what is in it, and Burn's modules are derived.

use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{ClassId, ImageShape};
use vae_core::Vae;

/// A network that makes images of latents.
#[derive(Debug)]
pub enum Generator {
    /// A variational autoencoder.
    Vae(Vae),
}

impl Generator {
    /// The image of each latent, without a class.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
    #[must_use]
    pub fn decode(&self, latents: Tensor<2>) -> Tensor<4> {
        self.decode_as(latents, None)
    }

    /// The image of each latent in a class, which only a conditional model looks at; see [`Vae::decode_as`].
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `classes`: `[batch]`; `None` for no class
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
    #[must_use]
    pub fn decode_as(&self, latents: Tensor<2>, classes: Option<Tensor<1, Int>>) -> Tensor<4> {
        match self {
            Self::Vae(vae) => vae.decode_as(latents, classes),
        }
    }

    /// How many classes condition the model; `None` if it takes no class.
    #[must_use]
    pub fn conditional_classes(&self) -> Option<usize> {
        match self {
            Self::Vae(vae) => vae.conditional_classes(),
        }
    }

    /// The classes of some latents or images as [`decode_as`](Self::decode_as) takes them, `[classes.len()]`; `None` if the model
    /// takes no class, or none is given to any.
    #[must_use]
    pub fn classes(&self, classes: &[Option<ClassId>], device: &Device) -> Option<Tensor<1, Int>> {
        let no_class = self.conditional_classes()?;
        if classes.iter().all(Option::is_none) {
            return None;
        }
        let number = |class: &Option<ClassId>| class.map_or(no_class, ClassId::index) as i32;
        let numbers: Vec<i32> = classes.iter().map(number).collect();
        Some(Tensor::from_data(
            TensorData::from(numbers.as_slice()),
            device,
        ))
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        match self {
            Self::Vae(vae) => vae.latent_dim(),
        }
    }

    /// Shape of the images.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        match self {
            Self::Vae(vae) => vae.shape,
        }
    }
}
