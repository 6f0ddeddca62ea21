//! What the encoder says about an image, and its distance from the prior.

use burn::tensor::Tensor;

/// What the encoder believes about the latents of a batch of images: a Gaussian with diagonal covariance for each.
#[derive(Debug, Clone)]
pub struct Posterior {
    /// `[batch, latent_dim]`
    pub mean: Tensor<2>,
    /// Natural logarithm of the variance, `[batch, latent_dim]`
    pub log_var: Tensor<2>,
}

impl Posterior {
    /// A reparameterised sample, `mean + exp(log_var / 2) * noise` (Kingma and Welling 2013, section 2.4).
    ///
    /// # Shapes
    /// - `noise`: standard normal draws, `[batch, latent_dim]`
    /// - output: `[batch, latent_dim]`
    #[must_use]
    pub fn sample(&self, noise: Tensor<2>) -> Tensor<2> {
        self.mean.clone() + (self.log_var.clone() * 0.5).exp() * noise
    }

    /// Divergence from the prior N(0, I) per image and dimension, in nats, `[batch, latent_dim]`:
    /// `KL = (exp(log_var) + mean^2 - 1 - log_var) / 2` (Kingma and Welling 2013, appendix B).
    #[must_use]
    pub fn kl_per_dimension(&self) -> Tensor<2> {
        let spread = self.log_var.clone().exp() - self.log_var.clone();
        (spread + self.mean.clone().powi_scalar(2) - 1.0) * 0.5
    }
}
