//! Whether generated images lie where real ones do, by nearest neighbours in the second judge's features: are they
//! plausible (precision, density), do they cover what there is (recall, coverage), and are they copies of training images?
//!
//! A distance between Gaussians mixes these up: images that are all plausible and all alike can be as far from the real ones
//! as varied images with some that are wrong.

use datasets::LabelledImages;
use rayon::prelude::*;
use studio::Figure;

use crate::judge::{Judged, generated_images, judged_images};
use crate::run::Run;
use crate::second::given_by;
use crate::{EvaluationError, Measure, anchored, measures, prior};

/// Neighbours whose distance is the radius around an image (Naeem et al. 2020, section 4.2).
const NEIGHBOURS: usize = 5;
/// The most images of each kind: the work grows with the square.
const MOST: usize = 10_000;
/// Images whose nearest training image is looked for.
const COPIES_AMONG: usize = 1_000;

/// Images of each kind whose neighbours are compared.
pub(crate) fn images(test: &LabelledImages) -> usize {
    test.len().min(MOST).min(prior::SAMPLES)
}

/// Precision, recall, density and coverage.
pub(crate) fn overlap(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (judge, sha256) = run.second_judge()?;
    let n = images(&run.data.test);
    let drawn = &prior::learned_samples(run)[..n];
    let generated = generated_images(run, judge, drawn)?;
    let generated = rows(&generated);
    let real = rows(run.second_real()?);
    let real = &real[..n];
    let overlap = Overlap::of(real, &generated);
    let figures = [
        (measures::PRECISION, overlap.precision),
        (measures::RECALL, overlap.recall),
        (measures::DENSITY, overlap.density),
        (measures::COVERAGE, overlap.coverage),
    ];
    let figure = |(measure, value): (Measure, f64)| Figure {
        seed: Some(prior::SEED.0),
        protocol: measure.protocol_with(&format!("k = {NEIGHBOURS}, {n} images of each kind")),
        ..measure.figure(value, n)
    };
    let figures = figures.map(figure).into_iter();
    Ok(figures.map(|f| given_by(sha256.clone(), f)).collect())
}

/// How far samples are from their nearest training image, against real test images.
pub(crate) fn nearest_training(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (judge, sha256) = run.second_judge()?;
    let train = judged_images(run, judge, &run.data.train)?;
    let train = rows(&train);
    let classes = run.studio.manifest().dataset.classes();
    let drawn = anchored::samples(run, 1.0, COPIES_AMONG.div_ceil(classes));
    let generated = generated_images(run, judge, &drawn)?;
    let real = rows(run.second_real()?);
    let real = median_of_nearest(&real[..real.len().min(COPIES_AMONG)], &train);
    let generated = median_of_nearest(&rows(&generated), &train);
    let measure = measures::NEAREST_TRAINING;
    let settings = format!(
        "{} class-anchored samples at noise 1.0 ({generated:.4}), {} test images ({real:.4}), {} training images",
        drawn.len(),
        run.data.test.len().min(COPIES_AMONG),
        train.len()
    );
    let figure = Figure {
        seed: Some(anchored::SEED.0),
        split: "generated".to_owned(),
        protocol: measure.protocol_with(&settings),
        ..measure.figure(generated / real.max(f64::MIN_POSITIVE), drawn.len())
    };
    Ok(vec![given_by(sha256, figure)])
}

/// The features of each image.
fn rows(judged: &Judged) -> Vec<&[f32]> {
    let width = judged.features.len() / judged.len().max(1);
    judged.features.chunks_exact(width.max(1)).collect()
}

/// How two clouds of points overlap.
#[derive(Debug, PartialEq)]
struct Overlap {
    /// Share of the generated points within the radius of a real one (Kynkaanniemi et al. 2019).
    precision: f64,
    /// Share of the real points within the radius of a generated one (the same).
    recall: f64,
    /// Real points whose radius reaches a generated one, over [`NEIGHBOURS`] (Naeem et al. 2020, equation 4).
    density: f64,
    /// Share of the real points whose radius reaches a generated one (Naeem et al. 2020, equation 5).
    coverage: f64,
}

impl Overlap {
    fn of(real: &[&[f32]], generated: &[&[f32]]) -> Self {
        let [around_real, around_generated] = [real, generated].map(radii);
        // For each generated point: the real points whose radius reaches it.
        let reached: Vec<usize> = generated
            .par_iter()
            .map(|g| within(g, real, &around_real))
            .collect();
        let recalled: Vec<bool> = real
            .par_iter()
            .map(|r| within(r, generated, &around_generated) > 0)
            .collect();
        let covered: Vec<bool> = real
            .par_iter()
            .zip(&around_real)
            .map(|(r, radius)| generated.iter().any(|g| squared(r, g) <= *radius))
            .collect();
        let share = |hits: usize, of: usize| hits as f64 / of.max(1) as f64;
        let count = |hits: &[bool]| hits.iter().filter(|hit| **hit).count();
        let (sum, any) = (reached.iter().sum(), reached.iter().filter(|n| **n > 0));
        Self {
            precision: share(any.count(), generated.len()),
            recall: share(count(&recalled), real.len()),
            density: share(sum, NEIGHBOURS * generated.len()),
            coverage: share(count(&covered), real.len()),
        }
    }
}

/// How many of `points` have `point` within their radius, of which the squares are given.
fn within(point: &[f32], points: &[&[f32]], radii: &[f32]) -> usize {
    let pairs = points.iter().zip(radii);
    pairs
        .filter(|(p, radius)| squared(point, p) <= **radius)
        .count()
}

/// The squared distance of each point from its k-th nearest other point.
fn radii(points: &[&[f32]]) -> Vec<f32> {
    let radius = |i: usize| {
        let others = points.iter().enumerate().filter(|(j, _)| *j != i);
        let mut distances: Vec<f32> = others.map(|(_, p)| squared(points[i], p)).collect();
        let k = NEIGHBOURS.min(distances.len()).saturating_sub(1);
        if distances.is_empty() {
            return 0.0;
        }
        *distances.select_nth_unstable_by(k, f32::total_cmp).1
    };
    (0..points.len()).into_par_iter().map(radius).collect()
}

/// The median over `points` of the distance to the nearest of `others`.
fn median_of_nearest(points: &[&[f32]], others: &[&[f32]]) -> f64 {
    let nearest = |point: &&[f32]| {
        let squares = others.iter().map(|other| squared(point, other));
        f64::from(squares.fold(f32::INFINITY, f32::min)).sqrt()
    };
    let mut distances: Vec<f64> = points.par_iter().map(nearest).collect();
    if distances.is_empty() {
        return 0.0;
    }
    let middle = distances.len() / 2;
    *distances.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The squared distance of two points. Several sums at once, so that the processor adds vectors.
fn squared(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 16];
    let (a, b) = (a.chunks_exact(sums.len()), b.chunks_exact(sums.len()));
    let rest = a.remainder().iter().zip(b.remainder());
    let rest: f32 = rest.map(|(x, y)| (x - y) * (x - y)).sum();
    for (a, b) in a.zip(b) {
        for ((sum, x), y) in sums.iter_mut().zip(a).zip(b) {
            *sum += (x - y) * (x - y);
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::{Overlap, median_of_nearest, radii, squared};

    fn line(points: &[f32]) -> Vec<[f32; 1]> {
        points.iter().map(|x| [*x]).collect()
    }

    fn rows(points: &[[f32; 1]]) -> Vec<&[f32]> {
        points.iter().map(<[f32; 1]>::as_slice).collect()
    }

    /// Six points a unit apart: the fifth nearest of an end is the other end, 5 away; of the second point it is the last, 4
    /// away; of the third 3 away.
    #[test]
    fn the_radius_reaches_the_fifth_neighbour() {
        let points = line(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(radii(&rows(&points)), [25.0, 16.0, 9.0, 9.0, 16.0, 25.0]);
    }

    /// Real points at 0 to 5 with the radii above. A generated point at 6 lies within those of 5 (1 <= 5), 4 (2 <= 4), 3
    /// (3 <= 3) and no other (2: 4 > 3; 1: 5 > 4; 0: 6 > 5); one at 100 lies within none.
    #[test]
    fn overlap_by_hand() {
        let real = line(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let generated = line(&[6.0, 100.0]);
        let overlap = Overlap::of(&rows(&real), &rows(&generated));
        assert!((overlap.precision - 0.5).abs() < 1e-12);
        // 3 of the real radii reach the first, 0 the second: 3 / (5 * 2).
        assert!((overlap.density - 0.3).abs() < 1e-12);
        // Three of six real points have a generated one within their radius.
        assert!((overlap.coverage - 0.5).abs() < 1e-12);
        // Both generated points have only each other, 94 away: every real point is within one of the radii.
        assert!((overlap.recall - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_cloud_covers_itself() {
        let points = line(&[0.0, 1.0, 2.5, 3.0, 4.0, 5.5, 7.0]);
        let overlap = Overlap::of(&rows(&points), &rows(&points));
        assert!((overlap.precision - 1.0).abs() < 1e-12);
        assert!((overlap.recall - 1.0).abs() < 1e-12);
        assert!((overlap.coverage - 1.0).abs() < 1e-12);
    }

    #[test]
    fn copies_are_no_distance_away() {
        let train = line(&[0.0, 10.0, 20.0]);
        let copies = line(&[0.0, 20.0, 10.0]);
        assert!(median_of_nearest(&rows(&copies), &rows(&train)).abs() < 1e-12);
        // Distances 1, 2 and 4.
        let others = line(&[1.0, 12.0, 24.0]);
        assert!((median_of_nearest(&rows(&others), &rows(&train)) - 2.0).abs() < 1e-12);
    }

    /// 19 coordinates, so that some are left over behind the vectors: 19 * 3^2.
    #[test]
    fn a_squared_distance_counts_every_coordinate() {
        assert!((squared(&[1.0; 19], &[4.0; 19]) - 171.0).abs() < 1e-6);
    }
}
