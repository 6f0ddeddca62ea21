//! Ways through latent space.

use datasets::Seed;
use latent_space::{LatentStats, Path, interpolate, sample_prior, traversal};
use proptest::prelude::*;

use crate::assert_close;

/// Single-precision rounding of numbers about 1.
const TOLERANCE: f32 = 1e-6;

#[test]
fn a_straight_line_is_the_weighted_mean() {
    let at = |t| interpolate(&[1.0, 2.0], &[3.0, 6.0], t, Path::Linear);
    assert_eq!(at(0.0), [1.0, 2.0]);
    assert_eq!(at(0.25), [1.5, 3.0]);
    assert_eq!(at(0.5), [2.0, 4.0]);
    assert_eq!(at(1.0), [3.0, 6.0]);
    assert_eq!(Path::default(), Path::Linear);
}

/// Between (2, 0) and (0, 4) the middle points along the diagonal, at the length 3: 3 / sqrt(2) = 2.121320. A third of
/// the way it points 30 degrees up at the length 8 / 3: (2.309401, 1.333333).
#[test]
fn a_great_circle_turns_evenly() {
    let at = |t| interpolate(&[2.0, 0.0], &[0.0, 4.0], t, Path::Spherical);
    assert_close(&at(0.0), &[2.0, 0.0], TOLERANCE);
    assert_close(&at(0.5), &[2.121_32, 2.121_32], TOLERANCE);
    assert_close(&at(1.0 / 3.0), &[2.309_401, 1.333_333], TOLERANCE);
    assert_close(&at(1.0), &[0.0, 4.0], TOLERANCE);
}

#[test]
fn where_there_is_no_great_circle_the_way_is_straight() {
    for (a, b) in [
        ([0.0, 0.0], [2.0, 4.0]),
        ([1.0, 1.0], [3.0, 3.0]),
        ([1.0, -1.0], [-3.0, 3.0]),
    ] {
        let spherical = interpolate(&a, &b, 0.5, Path::Spherical);
        assert_eq!(spherical, interpolate(&a, &b, 0.5, Path::Linear));
    }
}

#[test]
fn coordinates_of_the_longer_latent_alone_are_left_out() {
    for path in [Path::Linear, Path::Spherical] {
        let short = interpolate(&[1.0, 2.0], &[3.0, 1.0], 0.3, path);
        assert_eq!(interpolate(&[1.0, 2.0], &[3.0, 1.0, 9.0], 0.3, path), short);
        assert_eq!(interpolate(&[1.0, 2.0, 9.0], &[3.0, 1.0], 0.3, path), short);
    }
}

fn norm(v: &[f32]) -> f64 {
    v.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

/// Two latents of four coordinates.
fn ends() -> impl Strategy<Value = ([f32; 4], [f32; 4])> {
    let latent = || prop::array::uniform4(-3f32..3.0);
    (latent(), latent())
}

proptest! {
    #[test]
    fn both_ways_start_and_end_at_their_ends((a, b) in ends()) {
        for path in [Path::Linear, Path::Spherical] {
            assert_close(&interpolate(&a, &b, 0.0, path), &a, TOLERANCE);
            assert_close(&interpolate(&a, &b, 1.0, path), &b, TOLERANCE);
        }
    }

    #[test]
    fn the_way_back_is_the_way_there((a, b) in ends(), t in 0f32..1.0) {
        /// `1 - t` is rounded, and a large weight near the opposite direction magnifies that.
        const TOLERANCE: f32 = 1e-3;
        for path in [Path::Linear, Path::Spherical] {
            let there = interpolate(&a, &b, t, path);
            assert_close(&interpolate(&b, &a, 1.0 - t, path), &there, TOLERANCE);
        }
    }

    /// Half of the pairs are drawn nearly opposite, where a great circle is easiest to leave.
    #[test]
    fn on_a_great_circle_the_length_goes_evenly(
        (a, mut b) in ends(),
        opposite in any::<bool>(),
        t in 0f32..1.0,
    ) {
        /// Rounding of the result to single precision.
        const TOLERANCE: f64 = 1e-5;
        if opposite {
            b = std::array::from_fn(|i| 0.01 * b[i] - 1.5 * a[i]);
        }
        let dot: f64 = a.iter().zip(&b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
        let cosine = dot / (norm(&a) * norm(&b));
        // Elsewhere the way is straight.
        prop_assume!(cosine.abs() < 0.999_999);
        let length = norm(&interpolate(&a, &b, t, Path::Spherical));
        let expected = (1.0 - f64::from(t)) * norm(&a) + f64::from(t) * norm(&b);
        prop_assert!((length - expected).abs() < TOLERANCE * (1.0 + expected));
    }
}

fn stats() -> LatentStats {
    LatentStats {
        mean: vec![1.0, -2.0],
        std: vec![2.0, 0.5],
        mean_variance: vec![1.0, 1.0],
        kl_nats: vec![1.0, 1.0],
        n: 10,
    }
}

/// Dimension 0 goes from 1 - 3 * 2 to 1 + 3 * 2, the other stays.
#[test]
fn a_traversal_goes_from_end_to_end_of_one_dimension() {
    let walk = traversal(&[0.3, 0.7], 0, &stats(), 3.0, 5);
    let expected = [[-5.0, 0.7], [-2.0, 0.7], [1.0, 0.7], [4.0, 0.7], [7.0, 0.7]];
    assert_eq!(walk, expected);
    assert_eq!(
        traversal(&[0.3, 0.7], 1, &stats(), 2.0, 2),
        [[0.3, -3.0], [0.3, -1.0]]
    );
}

#[test]
fn a_traversal_may_be_short_or_impossible() {
    assert_eq!(traversal(&[0.3, 0.7], 0, &stats(), 3.0, 1), [[-5.0, 0.7]]);
    assert!(traversal(&[0.3, 0.7], 0, &stats(), 3.0, 0).is_empty());
    assert!(traversal(&[0.3, 0.7], 2, &stats(), 3.0, 5).is_empty());
    assert!(traversal(&[0.3], 1, &stats(), 3.0, 5).is_empty());
    assert!(traversal(&[0.3, 0.7, 0.1], 2, &stats(), 3.0, 5).is_empty());
}

#[test]
fn prior_samples_are_repeatable() {
    let samples = sample_prior(3, 4, Seed(1));
    assert_eq!((samples.len(), samples[0].len()), (4, 3));
    assert_eq!(samples, sample_prior(3, 4, Seed(1)));
    assert_ne!(samples, sample_prior(3, 4, Seed(2)));
    assert!(sample_prior(3, 0, Seed(1)).is_empty());
}
