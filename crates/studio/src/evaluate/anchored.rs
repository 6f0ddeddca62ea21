//! Class-anchored samples: do they show their class, and are they as varied as real ones? One without the other is easy:
//! drawing class means agrees always and varies never.

use datasets::{ClassId, Seed};

use super::judge::{Judged, generated_images};
use super::run::Run;
use crate::{Detail, Figure, StudioError, SweepPoint, wilson};

pub(super) const SAMPLES_A_CLASS: usize = 1000;
pub(super) const SWEEP_A_CLASS: usize = 200;
/// Noise scales of the sweep.
pub(super) const SWEEP: [f32; 9] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0];
const SEED: Seed = Seed(0);

pub(super) fn agreement(run: &mut Run<'_>) -> Result<Vec<Figure>, StudioError> {
    let classes = run.studio.classifier().classes();
    let judged = sample(run, 1.0, SAMPLES_A_CLASS)?;
    let ratio = variance_ratio(run, &judged)?;
    let agreement = Figure {
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        protocol: format!(
            "share of {SAMPLES_A_CLASS} samples a class, at noise 1.0 (the class region's own covariance), that the \
             classifier takes for the anchor class; Wilson 95 % interval; no sample is rejected"
        ),
        ..judged.agreement("anchored_agreement", classes)
    };
    let variance = Figure {
        name: "anchored_variance_ratio".to_owned(),
        value: ratio,
        low: None,
        high: None,
        protocol: "within-class variance of the classifier's pooled features on the same samples, over that of the real \
                   test images"
            .to_owned(),
        detail: Detail::None,
        ..agreement.clone()
    };
    Ok(vec![agreement, variance])
}

pub(super) fn sweep(run: &mut Run<'_>) -> Result<Vec<Figure>, StudioError> {
    let mut points = Vec::new();
    for noise in SWEEP {
        let judged = sample(run, noise, SWEEP_A_CLASS)?;
        let (hits, n) = (judged.hits(), judged.len());
        let (low, high) = wilson(hits, n);
        points.push(SweepPoint {
            noise: f64::from(noise),
            agreement: hits as f64 / n.max(1) as f64,
            low,
            high,
            variance_ratio: variance_ratio(run, &judged)?,
            n,
        });
    }
    let at_one = points.iter().find(|p| (p.noise - 1.0).abs() < 1e-9);
    Ok(vec![Figure {
        name: "noise_sweep".to_owned(),
        value: at_one.map_or(0.0, |p| p.agreement),
        unit: String::new(),
        low: at_one.map(|p| p.low),
        high: at_one.map(|p| p.high),
        n: points.iter().map(|p| p.n).sum(),
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        protocol: format!(
            "agreement and variance ratio of {SWEEP_A_CLASS} samples a class at each noise scale, protocols as for \
             anchored_agreement and anchored_variance_ratio"
        ),
        detail: Detail::Sweep(points),
    }])
}

fn sample(run: &mut Run<'_>, noise: f32, a_class: usize) -> Result<Judged, StudioError> {
    let regions = &run.studio.vae_part().regions;
    let latents: Vec<_> = (0..regions.classes())
        .map(|class| ClassId(class as u8))
        .flat_map(|class| {
            let drawn = regions.sample(class, noise, a_class, SEED);
            drawn.into_iter().map(move |latent| (class, latent))
        })
        .collect();
    generated_images(run, &latents)
}

fn variance_ratio(run: &mut Run<'_>, judged: &Judged) -> Result<f64, StudioError> {
    let real = run.real()?.within_class_variance();
    Ok(judged.within_class_variance() / real.max(f64::MIN_POSITIVE))
}
