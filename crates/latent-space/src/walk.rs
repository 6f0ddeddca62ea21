//! Walks: rows of latents between two points, along a dimension, or drawn from the prior.

use datasets::Seed;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use crate::LatentStats;

/// Draws from the prior N(0, I): `count` latents of `latent_dim` coordinates.
#[must_use]
pub fn sample_prior(latent_dim: usize, count: usize, seed: Seed) -> Vec<Vec<f32>> {
    let mut rng = seed.rng();
    let mut latent = || {
        (0..latent_dim)
            .map(|_| StandardNormal.sample(&mut rng))
            .collect()
    };
    (0..count).map(|_| latent()).collect()
}

/// How to get from one latent to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Path {
    /// Along the straight line.
    #[default]
    Linear,
    /// Along the great circle between the two directions (White 2016, "Sampling Generative Networks"), while the distance
    /// from the origin goes evenly from that of the one end to that of the other.
    Spherical,
}

/// The latent at `t` in `[0, 1]` on the way from `a` to `b`. Coordinates that only the longer one has are left out.
///
/// The spherical path falls back to the linear one where it is not defined (a latent at the origin) or cannot be told
/// from it (parallel or opposite latents).
#[must_use]
pub fn interpolate(a: &[f32], b: &[f32], t: f32, path: Path) -> Vec<f32> {
    let shared = a.len().min(b.len());
    let (a, b, t) = (&a[..shared], &b[..shared], f64::from(t));
    let (from, to) = match path {
        Path::Linear => (1.0 - t, t),
        Path::Spherical => spherical_weights(a, b, t),
    };
    let blend = |(a, b): (&f32, &f32)| (from * f64::from(*a) + to * f64::from(*b)) as f32;
    a.iter().zip(b).map(blend).collect()
}

/// In double precision: between nearly opposite latents the weights are large and cancel.
fn spherical_weights(a: &[f32], b: &[f32], t: f64) -> (f64, f64) {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        let products = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b));
        products.sum()
    };
    let (length_a, length_b) = (dot(a, a).sqrt(), dot(b, b).sqrt());
    let cosine = dot(a, b) / (length_a * length_b);
    let sine = (1.0 - cosine * cosine).max(0.0).sqrt();
    if !cosine.is_finite() || sine < 1e-4 {
        return (1.0 - t, t);
    }
    let angle = cosine.clamp(-1.0, 1.0).acos();
    let length = (1.0 - t) * length_a + t * length_b;
    (
        ((1.0 - t) * angle).sin() / sine * length / length_a,
        (t * angle).sin() / sine * length / length_b,
    )
}

/// A walk along one dimension: `steps` copies of `latent`, in which that coordinate goes from `-sigmas` to `+sigmas`
/// standard deviations of the aggregate posterior. Empty if the dimension does not exist.
#[must_use]
pub fn traversal(
    latent: &[f32],
    dim: usize,
    stats: &LatentStats,
    sigmas: f32,
    steps: usize,
) -> Vec<Vec<f32>> {
    if dim >= latent.len() || dim >= stats.dims() {
        return Vec::new();
    }
    let last = steps.saturating_sub(1).max(1) as f32;
    let at = |step: usize| {
        let mut copy = latent.to_vec();
        copy[dim] = stats.from_sigmas(dim, sigmas * (2.0 * step as f32 / last - 1.0));
        copy
    };
    (0..steps).map(at).collect()
}
