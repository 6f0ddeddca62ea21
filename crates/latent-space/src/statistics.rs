//! The aggregate posterior, dimension by dimension: which sliders matter, and how far they go.

use serde::{Deserialize, Serialize};

/// A latent dimension is active if the variance over the data of its posterior mean exceeds this
/// (Burda et al. 2015, "Importance Weighted Autoencoders", section 5).
pub const ACTIVE_THRESHOLD: f32 = 0.01;

/// What the aggregate posterior, the mixture of all training images' posteriors, looks like in each latent dimension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatentStats {
    /// Mean of the aggregate posterior.
    pub mean: Vec<f32>,
    /// Standard deviation of the aggregate posterior: the root of `Var(mu) + E(sigma^2)`.
    pub std: Vec<f32>,
    /// Variance over the images of the posterior mean.
    pub mean_variance: Vec<f32>,
    /// What a dimension tells about an image, in nats: the mean divergence of the posterior from the Gaussian with the
    /// aggregate posterior's mean and variance, `(ln std^2 - E(ln sigma^2)) / 2`.
    pub kl_nats: Vec<f32>,
    /// Images measured.
    pub n: usize,
}

impl LatentStats {
    /// The statistics of posteriors with these means and log-variances, both `[n, dims]`, row after row.
    pub(crate) fn of(means: &[f32], log_vars: &[f32], dims: usize) -> Self {
        let n = means.len() / dims;
        let average = |values: &[f32], dim: usize, f: &dyn Fn(f64) -> f64| {
            let column = values.iter().skip(dim).step_by(dims);
            column.map(|&v| f(f64::from(v))).sum::<f64>() / n as f64
        };
        let mut stats = Self {
            mean: Vec::new(),
            std: Vec::new(),
            mean_variance: Vec::new(),
            kl_nats: Vec::new(),
            n,
        };
        for dim in 0..dims {
            let mean = average(means, dim, &|v| v);
            let square = average(means, dim, &|v| v * v);
            let within = average(log_vars, dim, &f64::exp);
            let log_var = average(log_vars, dim, &|v| v);
            let between = square - mean * mean;
            stats.mean.push(mean as f32);
            stats.mean_variance.push(between as f32);
            stats.std.push((between + within).sqrt() as f32);
            let kl = 0.5 * ((between + within).ln() - log_var);
            stats.kl_nats.push(kl as f32);
        }
        stats
    }

    /// Of a space whose latents are drawn from N(0, I), by a model that encodes no image: every dimension counts as active, and
    /// none is known to tell more than another. No image was measured.
    #[must_use]
    pub fn standard_normal(dims: usize) -> Self {
        Self {
            mean: vec![0.0; dims],
            std: vec![1.0; dims],
            mean_variance: vec![1.0; dims],
            kl_nats: vec![0.0; dims],
            n: 0,
        }
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn dims(&self) -> usize {
        self.mean.len()
    }

    /// Whether all lists have `dims` finite entries and every standard deviation is positive.
    #[must_use]
    pub fn is_sound(&self, dims: usize) -> bool {
        let lists = [&self.mean, &self.std, &self.mean_variance, &self.kl_nats];
        lists
            .iter()
            .all(|list| list.len() == dims && list.iter().all(|v| v.is_finite()))
            && self.std.iter().all(|&s| s > 0.0)
    }

    /// The dimensions, those that carry most information first.
    #[must_use]
    pub fn order_by_kl(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.dims()).collect();
        order.sort_by(|&a, &b| self.kl_nats[b].total_cmp(&self.kl_nats[a]));
        order
    }

    /// Whether a dimension carries information about the image.
    ///
    /// # Panics
    /// If there is no such dimension.
    #[must_use]
    pub fn is_active(&self, dim: usize) -> bool {
        self.mean_variance[dim] > ACTIVE_THRESHOLD
    }

    /// How many dimensions are active.
    #[must_use]
    pub fn active_units(&self) -> usize {
        (0..self.dims()).filter(|&dim| self.is_active(dim)).count()
    }

    /// Where a traversal of a dimension starts and ends: `sigmas` standard deviations to both sides of the mean.
    ///
    /// # Panics
    /// If there is no such dimension.
    #[must_use]
    pub fn range(&self, dim: usize, sigmas: f32) -> (f32, f32) {
        (
            self.from_sigmas(dim, -sigmas),
            self.from_sigmas(dim, sigmas),
        )
    }

    /// A latent coordinate in standard deviations from the mean of its dimension.
    ///
    /// # Panics
    /// If there is no such dimension.
    #[must_use]
    pub fn to_sigmas(&self, dim: usize, z: f32) -> f32 {
        (z - self.mean[dim]) / self.std[dim]
    }

    /// The inverse of [`to_sigmas`](Self::to_sigmas).
    ///
    /// # Panics
    /// If there is no such dimension.
    #[must_use]
    pub fn from_sigmas(&self, dim: usize, sigmas: f32) -> f32 {
        self.mean[dim] + sigmas * self.std[dim]
    }
}
