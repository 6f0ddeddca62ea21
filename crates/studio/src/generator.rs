//! The families of models that make images, behind one face.
//!
//! A closed enum rather than a trait object: bundles serialise what is in it, and Burn's modules are derived.

use burn::tensor::Tensor;
use datasets::ImageShape;
use vae_core::Vae;

/// A network that makes images of latents.
#[derive(Debug)]
pub enum Generator {
    /// A variational autoencoder.
    Vae(Vae),
}

impl Generator {
    /// The image of each latent.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
    #[must_use]
    pub fn decode(&self, latents: Tensor<2>) -> Tensor<4> {
        match self {
            Self::Vae(vae) => vae.decode(latents),
        }
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
