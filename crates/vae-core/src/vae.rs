use burn::module::Module;
use burn::tensor::activation::sigmoid;
use burn::tensor::{Tensor, assert_shape};

use crate::{Decoder, Encoder, Posterior};

/// The variational autoencoder: an [`Encoder`] and a [`Decoder`]. Made by [`VaeConfig::init`](crate::VaeConfig::init).
#[derive(Module, Debug)]
pub struct Vae {
    /// Images to posteriors.
    pub encoder: Encoder,
    /// Latents to pixel logits.
    pub decoder: Decoder,
}

impl Vae {
    /// The posterior over latents for each image.
    ///
    /// # Shapes
    /// - `images`: `[n, 1, 28, 28]` in `[0, 1]`
    /// - output: mean and log-variance `[n, latent_dim]`
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn encode(&self, images: Tensor<4>) -> Posterior {
        assert_shape!(images, [_, 1, 28, 28]);
        self.encoder.forward(images)
    }

    /// The image of each latent: the mean of the likelihood.
    ///
    /// # Shapes
    /// - `latents`: `[n, latent_dim]`
    /// - output: `[n, 1, 28, 28]` in `[0, 1]`
    ///
    /// # Panics
    /// If `latents` has another width.
    #[must_use]
    pub fn decode(&self, latents: Tensor<2>) -> Tensor<4> {
        sigmoid(self.decode_logits(latents))
    }

    /// The logits of [`decode`](Self::decode), for the Bernoulli likelihood.
    ///
    /// # Panics
    /// If `latents` has another width.
    #[must_use]
    pub fn decode_logits(&self, latents: Tensor<2>) -> Tensor<4> {
        let latent_dim = self.latent_dim();
        assert_shape!(latents, [_, latent_dim]);
        self.decoder.forward(latents)
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        let [from, _] = self.decoder.project.weight.dims();
        from
    }
}
