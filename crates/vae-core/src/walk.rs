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
    /// Along the great circle, which keeps the distance from the origin between those of the two ends (White 2016,
    /// "Sampling Generative Networks").
    Spherical,
}

/// The latent at `t` in `[0, 1]` on the way from `a` to `b`. Coordinates that only the longer one has are left out.
///
/// The spherical path falls back to the linear one where it is not defined (a latent at the origin) or cannot be told
/// from it (parallel or opposite latents).
#[must_use]
pub fn interpolate(a: &[f32], b: &[f32], t: f32, path: Path) -> Vec<f32> {
    let (from, to) = match path {
        Path::Linear => (1.0 - t, t),
        Path::Spherical => spherical_weights(a, b, t),
    };
    a.iter().zip(b).map(|(a, b)| from * a + to * b).collect()
}

fn spherical_weights(a: &[f32], b: &[f32], t: f32) -> (f32, f32) {
    let norm = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
    let dot: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    let cosine = dot / (norm(a) * norm(b));
    let sine = (1.0 - cosine * cosine).max(0.0).sqrt();
    if !cosine.is_finite() || sine < 1e-4 {
        return (1.0 - t, t);
    }
    let angle = cosine.clamp(-1.0, 1.0).acos();
    (
        ((1.0 - t) * angle).sin() / sine,
        (t * angle).sin() / sine,
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
