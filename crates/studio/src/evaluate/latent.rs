//! What the VAE keeps of an image.

use burn::tensor::{Tensor, TensorData};
use datasets::{ClassId, PIXELS, Seed, image_tensor};
use rand_distr::{Distribution, StandardNormal};
use vae_core::{LatentStats, Likelihood, Posterior, Prior, elbo};

use super::judge::{CHUNK, Judged};
use super::run::Run;
use crate::studio::finite;
use crate::{Detail, Figure, Studio, StudioError};

const SEED: Seed = Seed(0);

/// Sums over the test images.
#[derive(Default)]
struct Sums {
    /// Squared error per image of the decoded posterior mean.
    errors: Vec<f64>,
    /// ELBO per image.
    elbos: Vec<f64>,
    /// Posterior means, a row an image.
    means: Vec<f32>,
    /// Logarithms of the posterior variances, a row an image.
    log_vars: Vec<f32>,
    judged: Judged,
}

pub(super) fn reconstruction(run: &mut Run<'_>) -> Result<Vec<Figure>, StudioError> {
    let images = &run.data.test;
    let mut sums = Sums::default();
    let all: Vec<usize> = (0..images.len()).collect();
    for (i, chunk) in all.chunks(CHUNK).enumerate() {
        let batch = image_tensor(images, chunk, run.studio.device());
        let classes: Vec<ClassId> = chunk.iter().map(|&i| images.label(i)).collect();
        sums.add(run.studio, batch, &classes, SEED.derive(i as u64))?;
        run.tick(chunk.len())?;
    }
    Ok(figures(run.studio, &sums))
}

impl Sums {
    fn add(
        &mut self,
        studio: &Studio,
        batch: Tensor<4>,
        classes: &[ClassId],
        seed: Seed,
    ) -> Result<(), StudioError> {
        let posterior = studio.vae().encode(batch.clone());
        let decoded = studio.vae().decode(posterior.mean.clone());
        let errors = finite(
            elbo::squared_error(decoded.clone(), batch.clone()),
            "images",
        )?;
        self.errors
            .extend(errors.iter().map(|&e| f64::from(e) / PIXELS as f64));
        self.elbos.extend(elbos(studio, &posterior, batch, seed)?);
        self.means.extend(finite(posterior.mean, "posterior")?);
        self.log_vars
            .extend(finite(posterior.log_var, "posterior")?);
        self.judged.add(studio, decoded, classes)
    }
}

/// `E ln p(x | z) + ln p(z) - ln q(z | x)` of each image, with one sample of its posterior, in nats; the entropy of the
/// posterior exactly.
fn elbos(
    studio: &Studio,
    posterior: &Posterior,
    batch: Tensor<4>,
    seed: Seed,
) -> Result<Vec<f64>, StudioError> {
    let shape = posterior.mean.dims();
    let mut rng = seed.rng();
    let noise: Vec<f32> = (0..shape[0] * shape[1])
        .map(|_| StandardNormal.sample(&mut rng))
        .collect();
    let noise = Tensor::from_data(TensorData::new(noise, shape), studio.device());
    let latents = posterior.sample(noise);
    let prior = finite(studio.vae().prior_log_density(latents.clone()), "latents")?;
    let log_vars = finite(posterior.log_var.clone(), "posterior")?;
    let constant = 1.0 + (2.0 * std::f64::consts::PI).ln();
    let entropies = log_vars.chunks(shape[1]).map(|row| {
        let total = |v: &f32| 0.5 * (constant + f64::from(*v));
        row.iter().map(total).sum::<f64>()
    });
    let reconstruction = negative_log_likelihood(studio, latents, batch)?;
    let terms = reconstruction.iter().zip(&prior).zip(entropies);
    Ok(terms
        .map(|((nats, prior), entropy)| -nats + f64::from(*prior) + entropy)
        .collect())
}

/// Of each image given a latent, in nats.
fn negative_log_likelihood(
    studio: &Studio,
    latents: Tensor<2>,
    batch: Tensor<4>,
) -> Result<Vec<f64>, StudioError> {
    let part = studio.vae_part();
    Ok(match part.config.likelihood {
        Likelihood::Bernoulli => {
            let logits = studio.vae().decode_logits(latents);
            let nats = finite(elbo::bernoulli(logits, batch), "likelihood")?;
            nats.into_iter().map(f64::from).collect()
        }
        Likelihood::Gaussian => {
            let sigma = f64::from(part.sigma.unwrap_or(1.0));
            let errors = elbo::squared_error(studio.vae().decode(latents), batch);
            let errors = finite(errors, "likelihood")?;
            let nats = |error: f32| elbo::gaussian(f64::from(error), sigma, PIXELS);
            errors.into_iter().map(nats).collect()
        }
    })
}

fn figures(studio: &Studio, sums: &Sums) -> Vec<Figure> {
    let n = sums.errors.len();
    let figure =
        |name: &str, (value, low, high): (f64, f64, f64), unit: &str, protocol: &str| Figure {
            name: name.to_owned(),
            value,
            unit: unit.to_owned(),
            low: Some(low),
            high: Some(high),
            n,
            seed: None,
            split: "test".to_owned(),
            protocol: protocol.to_owned(),
            detail: Detail::None,
        };
    let likelihood = match studio.vae_part().config.likelihood {
        Likelihood::Bernoulli => "Bernoulli pixels, grey levels as probabilities".to_owned(),
        Likelihood::Gaussian => format!(
            "Gaussian pixels with standard deviation {:.4}, fitted on the training images",
            studio.vae_part().sigma.unwrap_or(1.0)
        ),
    };
    let stats = &studio.vae_part().latent;
    let kl = divergences(&sums.means, &sums.log_vars, stats);
    let total: f64 = kl.iter().sum();
    let variances = column_variances(&sums.means, stats.dims());
    let prior = match studio.vae_part().config.prior {
        Prior::Normal => "prior N(0, I)",
        Prior::ClassCentres => {
            "prior: unit Gaussians around the learned class centres, in equal parts"
        }
    };
    let active = variances
        .iter()
        .filter(|v| **v > f64::from(vae_core::ACTIVE_THRESHOLD))
        .count();
    vec![
        figure(
            "reconstruction_mse",
            mean_interval(&sums.errors),
            "per pixel",
            "mean squared error of a pixel in 0..1, image against the decoded mean of its posterior",
        ),
        Figure {
            seed: Some(SEED.0),
            ..figure(
                "elbo_nats",
                mean_interval(&sums.elbos),
                "nats",
                &format!(
                    "evidence lower bound with one posterior sample an image; {likelihood}; {prior}"
                ),
            )
        },
        Figure {
            low: None,
            high: None,
            detail: Detail::Series(kl),
            ..figure(
                "kl_per_dimension",
                (total, 0.0, 0.0),
                "nats",
                "divergence of the posterior from the aggregate posterior's Gaussian in each dimension, mean over images: \
                 the sum, and each dimension in the series",
            )
        },
        Figure {
            low: None,
            high: None,
            detail: Detail::Series(variances),
            ..figure(
                "active_units",
                (active as f64, 0.0, 0.0),
                "dimensions",
                "latent dimensions whose posterior mean has a variance over images above 0.01 (the series holds it)",
            )
        },
        Figure {
            protocol: "share of test images whose decoded posterior mean is still classified as their label".to_owned(),
            ..sums
                .judged
                .agreement("reconstruction_accuracy", studio.classifier().classes())
        },
    ]
}

/// Mean with its 95 % interval by the normal approximation.
pub(super) fn mean_interval(values: &[f64]) -> (f64, f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let half = 1.96 * (variance / n).sqrt();
    (mean, mean - half, mean + half)
}

/// `KL(q(z_i | x) || N(m_i, s_i^2))` of each dimension i, mean over images, with the aggregate posterior's `m` and `s`.
fn divergences(means: &[f32], log_vars: &[f32], stats: &LatentStats) -> Vec<f64> {
    let dims = stats.dims();
    let mut sums = vec![0.0; dims];
    for (means, log_vars) in means.chunks(dims).zip(log_vars.chunks(dims)) {
        for (i, sum) in sums.iter_mut().enumerate() {
            let (mean, log_var) = (f64::from(means[i]), f64::from(log_vars[i]));
            let variance = f64::from(stats.std[i]).powi(2);
            let distance = (mean - f64::from(stats.mean[i])).powi(2);
            *sum += 0.5 * ((log_var.exp() + distance) / variance - 1.0 + variance.ln() - log_var);
        }
    }
    let n = (means.len() / dims.max(1)).max(1) as f64;
    sums.iter().map(|sum| sum / n).collect()
}

fn column_variances(rows: &[f32], width: usize) -> Vec<f64> {
    let n = (rows.len() / width.max(1)).max(1) as f64;
    let column = |i: usize| rows.iter().skip(i).step_by(width).map(|&v| f64::from(v));
    (0..width)
        .map(|i| {
            let mean = column(i).sum::<f64>() / n;
            column(i).map(|v| (v - mean).powi(2)).sum::<f64>() / n
        })
        .collect()
}
