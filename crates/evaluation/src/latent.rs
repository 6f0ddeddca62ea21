//! What the VAE keeps of an image.

use burn::tensor::{Int, Tensor, TensorData};
use datasets::{ClassId, Seed, image_tensor};
use latent_space::{ACTIVE_THRESHOLD, LatentStats};
use rand_distr::{Distribution, StandardNormal};
use studio::{Detail, Figure, Studio, VaeArchitecture, finite};
use vae_core::{Likelihood, Posterior, Prior, elbo};

use crate::interval::mean_interval;
use crate::judge::{CHUNK, Judged};
use crate::run::Run;
use crate::{EvaluationError, Measure, measures};

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

pub(crate) fn reconstruction(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let images = &run.data.test;
    let mut sums = Sums::default();
    let all: Vec<usize> = (0..images.len()).collect();
    for (i, chunk) in all.chunks(CHUNK).enumerate() {
        let batch = image_tensor(images, chunk, run.studio.device())?;
        let classes: Vec<ClassId> = chunk.iter().filter_map(|&i| images.label(i)).collect();
        let given = run.studio.vae()?.classes_of(images, chunk);
        let seed = SEED.derive(i as u64);
        sums.add(run.studio, batch, given, &classes, seed)?;
        run.tick(chunk.len())?;
    }
    figures(run.studio, &sums)
}

impl Sums {
    /// Adds a batch of images of some classes; `given` are those that a conditional model is given.
    fn add(
        &mut self,
        studio: &Studio,
        batch: Tensor<4>,
        given: Option<Tensor<1, Int>>,
        classes: &[ClassId],
        seed: Seed,
    ) -> Result<(), EvaluationError> {
        let vae = studio.vae()?;
        let posterior = vae.encode_as(batch.clone(), given.clone());
        let decoded = vae.decode_as(posterior.mean.clone(), given.clone());
        let values = studio.shape().values();
        let errors = finite(
            elbo::squared_error(decoded.clone(), batch.clone()),
            "images",
        )?;
        self.errors
            .extend(errors.iter().map(|&e| f64::from(e) / values as f64));
        self.elbos
            .extend(elbos(studio, &posterior, batch, given, seed)?);
        self.means.extend(finite(posterior.mean, "posterior")?);
        self.log_vars
            .extend(finite(posterior.log_var, "posterior")?);
        match studio.judge() {
            Some(judge) => self.judged.add(judge, decoded, classes),
            None => Ok(()),
        }
    }
}

/// `E ln p(x | z) + ln p(z) - ln q(z | x)` of each image, with one sample of its posterior, in nats; the entropy of the
/// posterior exactly.
fn elbos(
    studio: &Studio,
    posterior: &Posterior,
    batch: Tensor<4>,
    given: Option<Tensor<1, Int>>,
    seed: Seed,
) -> Result<Vec<f64>, EvaluationError> {
    let shape = posterior.mean.dims();
    let mut rng = seed.rng();
    let noise: Vec<f32> = (0..shape[0] * shape[1])
        .map(|_| StandardNormal.sample(&mut rng))
        .collect();
    let noise = Tensor::from_data(TensorData::new(noise, shape), studio.device());
    let latents = posterior.sample(noise);
    let prior = finite(studio.vae()?.prior_log_density(latents.clone()), "latents")?;
    let log_vars = finite(posterior.log_var.clone(), "posterior")?;
    let constant = 1.0 + (2.0 * std::f64::consts::PI).ln();
    let entropies = log_vars.chunks(shape[1]).map(|row| {
        let total = |v: &f32| 0.5 * (constant + f64::from(*v));
        row.iter().map(total).sum::<f64>()
    });
    let reconstruction = negative_log_likelihood(studio, latents, given, batch)?;
    let terms = reconstruction.iter().zip(&prior).zip(entropies);
    Ok(terms
        .map(|((nats, prior), entropy)| -nats + f64::from(*prior) + entropy)
        .collect())
}

/// Of each image given a latent, in nats.
fn negative_log_likelihood(
    studio: &Studio,
    latents: Tensor<2>,
    given: Option<Tensor<1, Int>>,
    batch: Tensor<4>,
) -> Result<Vec<f64>, EvaluationError> {
    let architecture = studio.vae_architecture()?;
    Ok(match architecture.config.likelihood {
        Likelihood::Bernoulli => {
            let logits = studio.vae()?.decode_logits_as(latents, given);
            let nats = finite(elbo::bernoulli(logits, batch), "likelihood")?;
            nats.into_iter().map(f64::from).collect()
        }
        Likelihood::Gaussian => {
            let sigma = f64::from(architecture.sigma.unwrap_or(1.0));
            let decoded = studio.vae()?.decode_as(latents, given);
            let errors = elbo::squared_error(decoded, batch);
            let errors = finite(errors, "likelihood")?;
            let nats =
                |error: f32| elbo::gaussian(f64::from(error), sigma, studio.shape().values());
            errors.into_iter().map(nats).collect()
        }
    })
}

fn figures(studio: &Studio, sums: &Sums) -> Result<Vec<Figure>, EvaluationError> {
    let n = sums.errors.len();
    let figure = |measure: Measure, (value, low, high): (f64, f64, f64)| Figure {
        low: Some(low),
        high: Some(high),
        ..measure.figure(value, n)
    };
    let VaeArchitecture { config, sigma } = studio.vae_architecture()?;
    let likelihood = match config.likelihood {
        Likelihood::Bernoulli => "Bernoulli pixels, grey levels as probabilities".to_owned(),
        Likelihood::Gaussian => format!(
            "Gaussian pixels with standard deviation {:.4}, fitted on the training images",
            sigma.unwrap_or(1.0)
        ),
    };
    let stats = &studio.generator_part().latent.statistics;
    let kl = divergences(&sums.means, &sums.log_vars, stats);
    let total: f64 = kl.iter().sum();
    let variances = column_variances(&sums.means, stats.dims());
    let prior = match config.prior {
        Prior::Normal => "prior N(0, I)",
        Prior::ClassCentres => {
            "prior: unit Gaussians around the learned class centres, in equal parts"
        }
    };
    let active = variances
        .iter()
        .filter(|v| **v > f64::from(ACTIVE_THRESHOLD))
        .count();
    let mut figures = vec![
        figure(measures::RECONSTRUCTION_MSE, mean_interval(&sums.errors)),
        Figure {
            seed: Some(SEED.0),
            protocol: measures::ELBO_NATS.protocol_with(&format!("{likelihood}; {prior}")),
            ..figure(measures::ELBO_NATS, mean_interval(&sums.elbos))
        },
        Figure {
            detail: Detail::Series(kl),
            ..measures::KL_PER_DIMENSION.figure(total, n)
        },
        Figure {
            detail: Detail::Series(variances),
            ..measures::ACTIVE_UNITS.figure(active as f64, n)
        },
    ];
    if let Some(judge) = studio.judge() {
        let measure = measures::RECONSTRUCTION_ACCURACY;
        figures.push(sums.judged.agreement(measure, judge.classes()));
    }
    Ok(figures)
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
