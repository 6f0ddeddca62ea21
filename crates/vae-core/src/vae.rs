//! The network as a whole: encoder, decoder and prior.

use burn::module::{Module, Param};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Int, Tensor, assert_shape};
use datasets::{ImageShape, crop_from_square, pad_to_square};

use crate::{Decoder, Encoder, Posterior};

/// The variational autoencoder: an [`Encoder`] and a [`Decoder`]. Made by [`VaeConfig::init`](crate::VaeConfig::init).
#[derive(Module, Debug)]
pub struct Vae {
    /// Images to posteriors.
    pub encoder: Encoder,
    /// Latents to logits of pixels.
    pub decoder: Decoder,
    /// Where the prior of each class has its mean, `[classes, latent_dim]`; `None` for N(0, I).
    pub class_centres: Option<Param<Tensor<2>>>,
    /// Shape of the images. Encoder and decoder work on squares: images are padded on the way in and cropped on the way out.
    #[module(skip)]
    pub shape: ImageShape,
}

impl Vae {
    /// The posterior over latents for each image.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, height, width]` in `[0, 1]`
    /// - output: mean and log-variance `[batch, latent_dim]`
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn encode(&self, images: Tensor<4>) -> Posterior {
        let [_, channels, height, width] = self.shape.batch(0);
        assert_shape!(images, [_, channels, height, width]);
        self.encoder.forward(pad_to_square(images))
    }

    /// The image of each latent: the mean of the likelihood.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - output: `[batch, channels, height, width]` in `[0, 1]`
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
        crop_from_square(self.decoder.forward(latents), self.shape)
    }

    /// Divergence of each image's posterior from its prior, per dimension in nats: that of its class if there are centres.
    ///
    /// # Shapes
    /// - `labels`: `[batch]`; not looked at if there are no centres
    /// - output: `[batch, latent_dim]`
    ///
    /// # Panics
    /// If there are centres and no labels.
    #[must_use]
    pub fn kl_per_dimension(
        &self,
        posterior: &Posterior,
        labels: Option<Tensor<1, Int>>,
    ) -> Tensor<2> {
        let Some(centres) = &self.class_centres else {
            return posterior.kl_per_dimension();
        };
        let labels = labels.expect("a prior with class centres needs labels");
        let around = Posterior {
            mean: posterior.mean.clone() - centres.val().select(0, labels),
            log_var: posterior.log_var.clone(),
        };
        around.kl_per_dimension()
    }

    /// `ln p(z)` of each latent under the prior with its classes in equal parts, in nats.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - output: `[batch]`
    #[must_use]
    pub fn prior_log_density(&self, latents: Tensor<2>) -> Tensor<1> {
        let [_, dims] = latents.dims();
        let normaliser = dims as f64 / 2.0 * (2.0 * std::f64::consts::PI).ln();
        let Some(exponents) = self.class_exponents(latents.clone()) else {
            let squares: Tensor<1> = latents.powi_scalar(2).sum_dim(1).squeeze_dim(1);
            return squares * -0.5 - normaliser;
        };
        let classes = exponents.dims()[1] as f64;
        log_sum(exponents).squeeze_dim::<1>(1) - classes.ln() - normaliser
    }

    /// `ln p(class | z)` under the prior with its classes in equal parts: how far the centres tell a latent's class.
    /// 0 for every class if there are no centres.
    ///
    /// # Shapes
    /// - `latents`: `[batch, latent_dim]`
    /// - `labels`: `[batch]`
    /// - output: `[batch]`
    #[must_use]
    pub fn class_log_probability(&self, latents: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
        let ([n, _], device) = (latents.dims(), latents.device());
        let Some(exponents) = self.class_exponents(latents) else {
            return Tensor::zeros([n], &device);
        };
        let of_label = exponents.clone().gather(1, labels.unsqueeze_dim::<2>(1)); // [batch, 1]
        (of_label - log_sum(exponents)).squeeze_dim::<1>(1)
    }

    /// `-|z - c|^2 / 2` for each latent and class centre, `[batch, classes]`.
    fn class_exponents(&self, latents: Tensor<2>) -> Option<Tensor<2>> {
        let centres = self.class_centres.as_ref()?.val();
        let from_centres: Tensor<3> = latents.unsqueeze_dim::<3>(1) - centres.unsqueeze_dim::<3>(0);
        let squares: Tensor<2> = from_centres.powi_scalar(2).sum_dim(2).squeeze_dim(2);
        Some(squares * -0.5)
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn latent_dim(&self) -> usize {
        let [from, _] = self.decoder.project.weight.dims();
        from
    }
}

/// `ln sum exp` over each row, `[batch, n] -> [batch, 1]`.
fn log_sum(exponents: Tensor<2>) -> Tensor<2> {
    let largest = exponents.clone().max_dim(1);
    (exponents - largest.clone()).exp().sum_dim(1).log() + largest
}
