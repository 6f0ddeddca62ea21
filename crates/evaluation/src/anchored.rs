//! Class-anchored samples: do they show their class, and are they as varied as real ones? One without the other is easy:
//! drawing class means agrees always and varies never.

use datasets::{ClassId, Seed};
use studio::{Anchoring, Detail, Figure, Studio, SweepPoint, detail_seed};

use crate::judge::{Drawn, Judged, generated_images};
use crate::run::Run;
use crate::{EvaluationError, Measure, measures, wilson};

/// The most samples a class, at noise 1 and at each noise scale of the sweep.
const MOST_A_CLASS: usize = 1000;
const MOST_A_CLASS_IN_SWEEP: usize = 200;
/// The fewest samples a class.
const FEWEST_A_CLASS: usize = 10;
/// Samples in all, where many classes share them: each leaves a probability for every class in memory.
const IN_ALL: usize = 100_000;
/// Noise scales of the sweep.
const SWEEP: [f32; 9] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0];
/// The fewest real images beyond one a class that a variance within classes is estimated from: its relative error is about the root of
/// two over their number.
const LEAST_DEGREES_OF_FREEDOM: usize = 10;
/// The least variance of features, summed over them, that is more than rounding.
const LEAST_VARIANCE: f64 = 1e-9;
pub(crate) const SEED: Seed = Seed(0);

/// Samples of each of `classes` classes at noise 1.
pub(crate) fn samples_a_class(classes: usize) -> usize {
    (IN_ALL / classes.max(1)).clamp(FEWEST_A_CLASS, MOST_A_CLASS)
}

/// Samples of each of `classes` classes at each noise scale of the sweep.
fn sweep_a_class(classes: usize) -> usize {
    (IN_ALL / SWEEP.len() / classes.max(1)).clamp(FEWEST_A_CLASS, MOST_A_CLASS_IN_SWEEP)
}

/// Samples of the whole sweep.
pub(crate) fn sweep_images(classes: usize) -> usize {
    SWEEP.len() * sweep_a_class(classes) * classes
}

pub(crate) fn agreement(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let classes = run.judge()?.classes();
    let a_class = samples_a_class(classes);
    let judged = sample(run, 1.0, a_class)?;
    let ratio = variance_ratio(run, &judged)?;
    let agreement = agreement_of(measures::ANCHORED_AGREEMENT, &judged, a_class, classes);
    let variance = ratio.map(|ratio| Figure {
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        ..measures::ANCHORED_VARIANCE_RATIO.figure(ratio, judged.len())
    });
    Ok(std::iter::once(agreement).chain(variance).collect())
}

/// A judge's agreement with the classes of samples.
pub(crate) fn agreement_of(
    measure: Measure,
    judged: &Judged,
    a_class: usize,
    classes: usize,
) -> Figure {
    Figure {
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        protocol: measure.protocol_with(&format!("{a_class} samples a class")),
        ..judged.agreement(measure, classes)
    }
}

pub(crate) fn sweep(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let a_class = sweep_a_class(run.judge()?.classes());
    let mut points = Vec::new();
    for noise in SWEEP {
        let judged = sample(run, noise, a_class)?;
        let (hits, n) = (judged.hits(), judged.len());
        let (low, high) = wilson(hits, n);
        // Too few real images for one noise scale are too few for all.
        let Some(variance_ratio) = variance_ratio(run, &judged)? else {
            return Ok(Vec::new());
        };
        points.push(SweepPoint {
            noise: f64::from(noise),
            agreement: hits as f64 / n.max(1) as f64,
            low,
            high,
            variance_ratio,
            n,
        });
    }
    let at_one = points.iter().find(|p| (p.noise - 1.0).abs() < 1e-9);
    let n = points.iter().map(|p| p.n).sum();
    Ok(vec![Figure {
        low: at_one.map(|p| p.low),
        high: at_one.map(|p| p.high),
        seed: Some(SEED.0),
        split: "generated".to_owned(),
        protocol: measures::NOISE_SWEEP
            .protocol_with(&format!("{a_class} samples a class at each")),
        detail: Detail::Sweep(points.clone()),
        ..measures::NOISE_SWEEP.figure(at_one.map_or(0.0, |p| p.agreement), n)
    }])
}

/// Samples of each class.
pub(crate) fn samples(run: &Run<'_>, noise: f32, a_class: usize) -> Vec<Drawn> {
    let classes = run.studio.manifest().dataset.classes() as u16;
    let of_class = |class| class_samples(run.studio, ClassId(class), noise, a_class, SEED);
    (0..classes).flat_map(of_class).collect()
}

fn sample(run: &mut Run<'_>, noise: f32, a_class: usize) -> Result<Judged, EvaluationError> {
    let drawn = samples(run, noise, a_class);
    generated_images(run, run.judge()?, &drawn)
}

/// Samples of a class. Those of a conditional model come from one region for all classes, of which each has latents of its own, so
/// that no two samples depend on each other.
pub(crate) fn class_samples(
    studio: &Studio,
    class: ClassId,
    noise: f32,
    count: usize,
    seed: Seed,
) -> Vec<Drawn> {
    let part = studio.generator_part();
    let anchoring = part.anchoring(class);
    let Anchoring { region, condition } = anchoring;
    let regions = &part.latent.regions;
    let latents = regions.sample(region, noise, count, anchoring.seed(seed));
    let drawn = |(i, latent)| Drawn {
        class,
        condition,
        latent,
        detail: detail_seed(seed, class, i as u64),
    };
    latents.into_iter().enumerate().map(drawn).collect()
}

/// The variance of samples as a part of that of real images; `None` if there are too few of those, or they are all alike, so that it
/// would be divided by almost nothing.
fn variance_ratio(run: &mut Run<'_>, judged: &Judged) -> Result<Option<f64>, EvaluationError> {
    let real = run.real()?;
    if real.degrees_of_freedom() < LEAST_DEGREES_OF_FREEDOM {
        return Ok(None);
    }
    let real = real.within_class_variance();
    Ok((real > LEAST_VARIANCE).then(|| judged.within_class_variance() / real))
}

#[cfg(test)]
mod tests {
    use super::{samples_a_class, sweep_a_class, sweep_images};

    #[test]
    fn few_classes_have_many_samples_and_many_share_as_many_as_memory_holds() {
        assert_eq!([1, 10, 100].map(samples_a_class), [1000; 3]);
        assert_eq!([101, 500, 1000].map(samples_a_class), [990, 200, 100]);
        // 100,000 over nine noise scales are 11,111.
        assert_eq!([1, 10, 55].map(sweep_a_class), [200; 3]);
        assert_eq!([56, 500, 1000].map(sweep_a_class), [198, 22, 11]);
        assert_eq!([10, 1000].map(sweep_images), [18_000, 99_000]);
    }
}
