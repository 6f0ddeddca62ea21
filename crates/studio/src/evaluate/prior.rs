//! Samples from the prior: do they cover all classes? They have no label, so there is no accuracy.

use datasets::{ClassId, Seed};
use vae_core::sample_prior;

use super::judge::generated_images;
use super::run::Run;
use crate::{Detail, Figure, StudioError};

pub(super) const SAMPLES: usize = 10_000;
const SEED: Seed = Seed(0);

pub(super) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, StudioError> {
    let dims = run.studio.vae_part().config.latent_dim;
    let latents: Vec<_> = sample_prior(dims, SAMPLES, SEED)
        .into_iter()
        // The class is not used: a sample from the prior is meant to show nothing in particular.
        .map(|latent| (ClassId(0), latent))
        .collect();
    let judged = generated_images(run, &latents)?;
    let classes = run.studio.classifier().classes();
    let mut shares = vec![0.0; classes];
    for prediction in &judged.predictions {
        shares[prediction.class.index()] += 1.0 / SAMPLES as f64;
    }
    let confidences: Vec<f64> = judged
        .predictions
        .iter()
        .map(|p| f64::from(p.confidence))
        .collect();
    let (confidence, low, high) = super::latent::mean_interval(&confidences);
    let figure = |name: &str, value, unit: &str, protocol: &str| Figure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        low: None,
        high: None,
        n: SAMPLES,
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        protocol: protocol.to_owned(),
        detail: Detail::None,
    };
    let histogram = Figure {
        detail: Detail::Series(shares.clone()),
        ..figure(
            "prior_histogram_kl",
            divergence_from_uniform(&shares),
            "nats",
            "KL divergence to uniform of the predicted classes of images decoded from z ~ N(0, I)",
        )
    };
    let mean = Figure {
        low: Some(low),
        high: Some(high),
        ..figure(
            "prior_confidence",
            confidence,
            "",
            "mean calibrated confidence on the same images",
        )
    };
    Ok(vec![histogram, mean])
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
