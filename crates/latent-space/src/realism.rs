//! How usual a latent is among those of training images.

use serde::{Deserialize, Serialize};

use crate::LatentStats;

/// Percentiles that are kept: the 0th, the 100th and all between.
pub(crate) const POINTS: usize = 101;

/// What latents and their images look like for images that the model knows, so that another latent can be held against
/// them: is it a place where images lie, and does the encoder find it again?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Realism {
    /// The percentiles 0 to 100 of `ln p(z)` under the learned prior, in nats, over posterior samples of training images.
    pub log_density: Vec<f32>,
    /// The percentiles 0 to 100 of the [`drift`] of the posterior means of training images.
    pub drift: Vec<f32>,
    /// Training images measured.
    pub n: usize,
}

impl Realism {
    /// The percentiles of what was measured on some images, one value of each an image.
    #[must_use]
    pub fn of(log_densities: Vec<f32>, drifts: Vec<f32>) -> Self {
        Self {
            n: drifts.len(),
            log_density: percentiles(log_densities),
            drift: percentiles(drifts),
        }
    }

    /// Whether both lists have 101 finite values in order.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        [&self.log_density, &self.drift].iter().all(|list| {
            list.len() == POINTS
                && list.iter().all(|v| v.is_finite())
                && list.windows(2).all(|pair| pair[0] <= pair[1])
        })
    }

    /// The share of training images, in percent, whose latents lie where images are rarer than at a latent of this
    /// log-density: 50 is usual, 0 is a place where none of them is.
    #[must_use]
    pub fn density_percentile(&self, log_density: f32) -> f32 {
        rank(&self.log_density, log_density)
    }

    /// The share of training images, in percent, that come back nearer than one that drifts so far: 50 is usual, 100 is
    /// further than any of them.
    #[must_use]
    pub fn drift_percentile(&self, drift: f32) -> f32 {
        rank(&self.drift, drift)
    }
}

/// How far a latent moves when its image is encoded again: the root mean square over the dimensions of the distance between
/// the latent and the mean of that posterior, in standard deviations of the aggregate posterior.
#[must_use]
pub fn drift(latent: &[f32], encoded_again: &[f32], stats: &LatentStats) -> f32 {
    let moved = latent.iter().zip(encoded_again).zip(&stats.std);
    let squares: f64 = moved
        .map(|((from, to), std)| f64::from((to - from) / std).powi(2))
        .sum();
    (squares / latent.len().max(1) as f64).sqrt() as f32
}

fn percentiles(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let last = values.len().saturating_sub(1);
    let at = |point: usize| {
        let index = (point * last) as f64 / (POINTS - 1) as f64;
        values.get(index.round() as usize).copied().unwrap_or(0.0)
    };
    (0..POINTS).map(at).collect()
}

/// Where a value would stand among percentiles, in 0..=100, between two of them in proportion.
fn rank(percentiles: &[f32], value: f32) -> f32 {
    let below = percentiles.partition_point(|p| *p < value);
    if below == 0 || below == percentiles.len() {
        return if below == 0 { 0.0 } else { 100.0 };
    }
    let (low, high) = (percentiles[below - 1], percentiles[below]);
    (below - 1) as f32 + (value - low) / (high - low)
}
