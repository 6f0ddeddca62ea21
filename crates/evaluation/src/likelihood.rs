//! How likely the model holds test images to be: the figure that papers on VAEs compare.

use burn::tensor::{Tensor, TensorData};
use datasets::{Seed, binarised, image_data};
use latent_space::sample_prior;
use studio::{Figure, finite};
use vae_core::elbo;

use crate::interval::mean_interval;
use crate::run::Run;
use crate::{EvaluationError, measures};

/// Test images, evenly spread over the split: MNIST's first half is easier than its second.
const IMAGES: usize = 1000;
/// Latents drawn from each image's posterior.
const LATENTS: usize = 500;
const SEED: Seed = Seed(0);
/// Streams of an image's seed.
const BINARY: u64 = 0;
const POSTERIOR: u64 = 1;

/// The latents that are decoded.
pub(crate) fn images(data: &datasets::Splits) -> usize {
    data.test.len().min(IMAGES) * LATENTS
}

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let count = run.data.test.len().min(IMAGES);
    let every = run.data.test.len() / count.max(1);
    let mut nats = Vec::with_capacity(count);
    for image in (0..count).map(|i| i * every) {
        nats.push(-log_likelihood(run, image)?);
        run.tick(LATENTS)?;
    }
    let (value, low, high) = mean_interval(&nats);
    let settings = format!("{LATENTS} samples; {count} test images, every {every}th");
    Ok(vec![Figure {
        low: Some(low),
        high: Some(high),
        seed: Some(SEED.0),
        protocol: measures::NLL_NATS.protocol_with(&settings),
        ..measures::NLL_NATS.figure(value, count)
    }])
}

/// `ln 1/k sum_i p(x | z_i) p(z_i) / q(z_i | x)` with `z_i` from `q(z | x)`; of a conditional model all given the image's class.
fn log_likelihood(run: &Run<'_>, image: usize) -> Result<f64, EvaluationError> {
    let (studio, device) = (run.studio, run.studio.device());
    let (vae, dims) = (studio.vae()?, studio.vae()?.latent_dim());
    let seed = SEED.derive(image as u64);
    let pixels = binarised(image_data(&run.data.test, &[image])?, seed.derive(BINARY));
    let pixels = Tensor::<4>::from_data(pixels, device);

    let class = vae.classes_of(&run.data.test, &[image]);
    let posterior = vae.encode_as(pixels.clone(), class.clone());
    let noise = sample_prior(dims, LATENTS, seed.derive(POSTERIOR));
    // ln q(z | x) of a reparameterised sample depends on its noise alone.
    let constant = dims as f64 * (2.0 * std::f64::consts::PI).ln();
    let spread: f64 = finite(posterior.log_var.clone(), "posterior")?
        .into_iter()
        .map(f64::from)
        .sum();
    let squares = noise
        .iter()
        .map(|row| row.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>());
    let posterior_density: Vec<f64> = squares.map(|s| -0.5 * (constant + spread + s)).collect();

    let noise = Tensor::from_data(TensorData::new(noise.concat(), [LATENTS, dims]), device);
    let latents = posterior.sample(noise);
    let prior_density = finite(vae.prior_log_density(latents.clone()), "latents")?;
    let images = pixels.expand(studio.shape().batch(LATENTS));
    let logits = vae.decode_logits_as(latents, class.map(|class| class.repeat_dim(0, LATENTS)));
    let nats = finite(elbo::bernoulli(logits, images), "likelihood")?;
    let log_weights: Vec<f64> = nats
        .into_iter()
        .zip(prior_density)
        .zip(posterior_density)
        .map(|((nats, prior), posterior)| f64::from(prior) - f64::from(nats) - posterior)
        .collect();
    Ok(log_mean_exp(&log_weights))
}

fn log_mean_exp(values: &[f64]) -> f64 {
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = values.iter().map(|value| (value - largest).exp()).sum();
    largest + (sum / values.len() as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_mean_exp_stays_finite_far_below_zero() {
        // ln((1 + 3) / 2) = ln 2, shifted by -1000, where the exponential alone is 0.
        let found = log_mean_exp(&[-1000.0, -1000.0 + 3f64.ln()]);
        assert!((found - (-1000.0 + 2f64.ln())).abs() < 1e-12, "{found}");
    }
}
