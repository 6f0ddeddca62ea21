//! The reconstruction terms of the evidence lower bound, in nats an image.
//!
//! With the KL divergence from [`Posterior::kl_per_dimension`](crate::Posterior::kl_per_dimension):
//! `-ELBO = reconstruction + KL`. Terms of different likelihoods cannot be compared with each other.

use burn::tensor::{Tensor, assert_shape};

/// Negative log-likelihood of each image with Bernoulli pixels: the sum over its values of
/// `softplus(logit) - x * logit`, with the logits in the overflow-free form `max(l, 0) - l x + ln(1 + exp(-|l|))`.
///
/// # Shapes
/// - `logits`: `[batch, channels, height, width]`
/// - `images`: `[batch, channels, height, width]` in `[0, 1]`
/// - output: `[batch]`, nats
///
/// # Panics
/// If the two shapes differ.
#[must_use]
pub fn bernoulli(logits: Tensor<4>, images: Tensor<4>) -> Tensor<1> {
    let [batch, channels, height, width] = images.dims();
    assert_shape!(logits, [batch, channels, height, width]);
    let tail = logits.clone().abs().neg().exp().log1p();
    // max(l, 0) as (l + |l|) / 2, whose gradient at exactly 0 is the right one, 1/2.
    let positive = (logits.clone() + logits.clone().abs()) * 0.5;
    let loss = positive - logits * images + tail;
    sum_of_image(loss)
}

/// Squared error of each image, summed over its values, `[batch]`.
///
/// # Panics
/// If the two shapes differ.
#[must_use]
pub fn squared_error(decoded: Tensor<4>, images: Tensor<4>) -> Tensor<1> {
    let [batch, channels, height, width] = images.dims();
    assert_shape!(decoded, [batch, channels, height, width]);
    sum_of_image((decoded - images).powi_scalar(2))
}

/// Negative log-likelihood of an image with `values` Gaussian values (pixels times channels) of one variance, when that
/// variance is the mean squared error itself, the one that maximises the likelihood: `values / 2 * (ln(2 pi mse) + 1)`
/// (Rybkin et al. 2021, equation 5).
///
/// `mse` is the mean over the values of a whole batch, `[1]`; the result is nats an image, `[1]`.
#[must_use]
pub fn gaussian_optimal_sigma(mse: Tensor<1>, values: usize) -> Tensor<1> {
    ((mse + SMALLEST_VARIANCE).log() + (2.0 * std::f64::consts::PI).ln() + 1.0)
        * (values as f64 / 2.0)
}

/// Keeps the logarithm finite when a batch is reproduced exactly: half a grey level of 256, squared, is 3.8e-6.
const SMALLEST_VARIANCE: f64 = 1e-6;

/// Negative log-likelihood of an image with `values` Gaussian values of standard deviation `sigma`, from its summed
/// squared error: `values * ln(sigma sqrt(2 pi)) + squared_error / (2 sigma^2)`, in nats.
#[must_use]
pub fn gaussian(squared_error: f64, sigma: f64, values: usize) -> f64 {
    let normaliser = (sigma * (2.0 * std::f64::consts::PI).sqrt()).ln();
    values as f64 * normaliser + squared_error / (2.0 * sigma * sigma)
}

fn sum_of_image(values: Tensor<4>) -> Tensor<1> {
    let flat: Tensor<2> = values.flatten(1, 3);
    flat.sum_dim(1).squeeze_dim::<1>(1)
}
