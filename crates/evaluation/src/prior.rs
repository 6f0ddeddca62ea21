//! Samples from the prior: do they cover all classes? They have no label, so there is no accuracy.
//!
//! Two priors are measured: N(0, I), which the ELBO was trained against, and the learned one, the class regions mixed in
//! equal parts, which follows the aggregate posterior where that has left N(0, I). A conditional model decodes the samples of
//! N(0, I) without a class, and those of its one region with all classes in turn, in equal parts, too.

use datasets::{ClassId, Seed};
use latent_space::sample_prior;
use studio::{Detail, Figure, detail_seed};

use crate::interval::mean_interval;
use crate::judge::{Drawn, Judged, generated_images};
use crate::run::Run;
use crate::{EvaluationError, Measure, measures};

pub(crate) const SAMPLES: usize = 10_000;
pub(crate) const SEED: Seed = Seed(0);

pub(crate) fn normal(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let dims = run.studio.generator().latent_dim();
    let latents = sample_prior(dims, SAMPLES, SEED).into_iter();
    let drawn: Vec<_> = latents
        .enumerate()
        .map(|(i, latent)| showing_anything(i, latent, None))
        .collect();
    let judged = generated_images(run, run.judge()?, &drawn)?;
    Ok(vec![histogram(
        run,
        &judged,
        measures::NORMAL_HISTOGRAM_KL,
    )?])
}

pub(crate) fn learned(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let drawn = learned_samples(run);
    let judged = generated_images(run, run.judge()?, &drawn)?;
    let histogram = histogram(run, &judged, measures::PRIOR_HISTOGRAM_KL)?;
    let confidences: Vec<f64> = judged
        .predictions
        .iter()
        .map(|p| f64::from(p.confidence))
        .collect();
    let (confidence, low, high) = mean_interval(&confidences);
    let mean = Figure {
        low: Some(low),
        high: Some(high),
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        ..measures::PRIOR_CONFIDENCE.figure(confidence, SAMPLES)
    };
    Ok(vec![histogram, mean])
}

/// Samples of the learned prior.
pub(crate) fn learned_samples(run: &Run<'_>) -> Vec<Drawn> {
    let regions = &run.studio.generator_part().latent.regions;
    let classes = run.studio.generator().conditional_classes();
    let condition = |i: usize| classes.map(|classes| ClassId((i % classes) as u16));
    let latents = regions.sample_all(SAMPLES, SEED).into_iter().enumerate();
    latents
        .map(|(i, latent)| showing_anything(i, latent, condition(i)))
        .collect()
}

/// Sample number `i` from a prior is meant to show nothing in particular: the class here is not used.
fn showing_anything(i: usize, latent: Vec<f32>, condition: Option<ClassId>) -> Drawn {
    let class = ClassId(0);
    Drawn {
        class,
        detail: detail_seed(SEED, class, i as u64),
        condition,
        latent,
    }
}

fn histogram(run: &Run<'_>, judged: &Judged, measure: Measure) -> Result<Figure, EvaluationError> {
    let mut shares = vec![0.0; run.judge()?.classes()];
    for prediction in &judged.predictions {
        shares[prediction.class.index()] += 1.0 / SAMPLES as f64;
    }
    Ok(Figure {
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        detail: Detail::Series(shares.clone()),
        ..measure.figure(divergence_from_uniform(&shares), SAMPLES)
    })
}

/// `sum p ln(p K)` over `K` classes, with `0 ln 0 = 0`.
fn divergence_from_uniform(shares: &[f64]) -> f64 {
    let classes = shares.len() as f64;
    let terms = shares.iter().filter(|p| **p > 0.0);
    terms.map(|p| p * (p * classes).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::divergence_from_uniform;

    #[test]
    fn divergence_is_zero_for_uniform_and_ln_k_for_one_class() {
        assert!(divergence_from_uniform(&[0.25; 4]).abs() < 1e-12);
        // All in one of four: 1 ln 4.
        assert!((divergence_from_uniform(&[0.0, 1.0, 0.0, 0.0]) - 4f64.ln()).abs() < 1e-12);
    }
}
