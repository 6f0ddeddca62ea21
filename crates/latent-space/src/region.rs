//! Where classes live in latent space: mixtures of Gaussians to sample from and to hold a latent against.

use datasets::{ClassId, Seed};
use rand::{Rng, RngExt as _};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// One Gaussian of a class region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Share of the class in this component; the shares of a region sum to 1.
    pub weight: f32,
    /// Mean, `latent_dim` coordinates.
    pub mean: Vec<f32>,
    /// The lower triangle of the covariance's Cholesky factor, row after row: `latent_dim * (latent_dim + 1) / 2` values.
    pub cholesky: Vec<f32>,
}

impl Component {
    /// `mean + noise * L e`, with `e` standard normal.
    fn draw(&self, noise: f32, draws: &[f32]) -> Vec<f32> {
        let row = |i: usize| {
            let start = i * (i + 1) / 2;
            let factor = &self.cholesky[start..=start + i];
            factor.iter().zip(draws).map(|(l, e)| l * e).sum::<f32>()
        };
        self.mean
            .iter()
            .enumerate()
            .map(|(i, mean)| mean + noise * row(i))
            .collect()
    }

    /// `ln (weight N(latent; mean, L L'))`, in nats.
    fn log_density(&self, latent: &[f32]) -> f64 {
        // Solves L y = latent - mean, row by row.
        let mut y: Vec<f64> = Vec::with_capacity(latent.len());
        let mut log_determinant = 0.0;
        for (i, (z, mean)) in latent.iter().zip(&self.mean).enumerate() {
            let start = i * (i + 1) / 2;
            let (before, diagonal) = self.cholesky[start..=start + i].split_at(i);
            let known: f64 = before.iter().zip(&y).map(|(l, y)| f64::from(*l) * y).sum();
            let diagonal = f64::from(diagonal[0]);
            y.push((f64::from(z - mean) - known) / diagonal);
            log_determinant += diagonal.ln();
        }
        let squares: f64 = y.iter().map(|y| y * y).sum();
        let turn = 2.0 * std::f64::consts::PI;
        f64::from(self.weight).ln() - log_determinant - 0.5 * (y.len() as f64 * turn.ln() + squares)
    }
}

/// Where one class lives in latent space: a mixture of Gaussians with full covariances, fitted on samples (not means) of
/// the posteriors of that class's training images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRegion {
    /// Training images that it was fitted on, see [`LatentSpace::fit`](crate::LatentSpace::fit).
    #[serde(default)]
    pub images: usize,
    /// The Gaussians.
    pub components: Vec<Component>,
}

/// The regions of all classes, in class order; one region over all images if they have no labels, or if the model is given the
/// class of an image, so that latents do not hold it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassRegions(pub Vec<ClassRegion>);

impl ClassRegions {
    /// How many regions there are: one a class, or one over all images.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.0.len()
    }

    /// Whether there are `classes` regions in `dims` dimensions, each with finite numbers, weights that sum to 1 and
    /// factors whose diagonal is above 0: without that a component has no density.
    #[must_use]
    pub fn is_sound(&self, classes: usize, dims: usize) -> bool {
        let sound = |c: &Component| {
            c.mean.len() == dims
                && c.cholesky.len() == dims * (dims + 1) / 2
                && c.mean.iter().chain(&c.cholesky).all(|v| v.is_finite())
                && has_positive_diagonal(&c.cholesky)
                && (0.0..=1.0).contains(&c.weight)
        };
        self.classes() == classes
            && self.0.iter().all(|region| {
                let total: f32 = region.components.iter().map(|c| c.weight).sum();
                (total - 1.0).abs() < 1e-3 && region.components.iter().all(sound)
            })
    }

    /// The anchor of a class: the mean of the heaviest Gaussian of its region, the middle of the most frequent way to be of
    /// that class. Unlike [`mean`](Self::mean) it lies where images are. Empty if there is no such class.
    #[must_use]
    pub fn anchor(&self, class: ClassId) -> Vec<f32> {
        let components = self.0.get(class.index()).map(|region| &region.components);
        let heaviest = components.and_then(|components| {
            let weights = components.iter();
            weights.max_by(|a, b| a.weight.total_cmp(&b.weight))
        });
        heaviest.map_or_else(Vec::new, |component| component.mean.clone())
    }

    /// The mean of a class: of all its Gaussians by weight, which may lie between them. Empty if there is no such class.
    #[must_use]
    pub fn mean(&self, class: ClassId) -> Vec<f32> {
        let Some(region) = self.0.get(class.index()) else {
            return Vec::new();
        };
        let dims = region.components.first().map_or(0, |c| c.mean.len());
        let coordinate = |i: usize| region.components.iter().map(|c| c.weight * c.mean[i]).sum();
        (0..dims).map(coordinate).collect()
    }

    /// Draws `count` latents from the region of a class.
    ///
    /// A component is drawn by weight and a point from its Gaussian, whose spread is scaled by `noise`: 1 is the spread
    /// of the class itself, 0 gives the component means. Nothing is rejected. The same seed picks the same components
    /// and directions at every noise scale, so turning the noise up moves each sample along a line. Empty if there is no
    /// such class.
    #[must_use]
    pub fn sample(&self, class: ClassId, noise: f32, count: usize, seed: Seed) -> Vec<Vec<f32>> {
        let Some(region) = self.0.get(class.index()) else {
            return Vec::new();
        };
        let mut rng = seed.derive(class.index() as u64).rng();
        (0..count)
            .map_while(|_| region.draw(noise, &mut rng))
            .collect()
    }

    /// Sample number `index` of a class: drawn as in [`sample`](Self::sample), but from a stream of its own, so that it is the
    /// same however many samples are drawn, in whatever order, and nothing has to be drawn before it. These are other
    /// samples than those of [`sample`](Self::sample). `None` if there is no such class.
    #[must_use]
    pub fn sample_at(
        &self,
        class: ClassId,
        noise: f32,
        seed: Seed,
        index: u64,
    ) -> Option<Vec<f32>> {
        let region = self.0.get(class.index())?;
        let stream = seed.derive(class.index() as u64).derive(index);
        region.draw(noise, &mut stream.rng())
    }

    /// `ln p(latent)` under the learned prior, all regions mixed in equal parts, in nats.
    ///
    /// # Panics
    /// If the regions have fewer dimensions than the latent.
    #[must_use]
    pub fn log_density(&self, latent: &[f32]) -> f64 {
        let regions = self.0.iter().map(|region| region.log_density(latent));
        log_sum_exp(regions) - (self.classes().max(1) as f64).ln()
    }

    /// `p(class | latent)` by Bayes' rule, the classes taken to be equally frequent: what the latent space by itself makes of
    /// a latent. One value a class, which sum to 1.
    ///
    /// # Panics
    /// If the regions have fewer dimensions than the latent.
    #[must_use]
    pub fn class_probabilities(&self, latent: &[f32]) -> Vec<f64> {
        let densities: Vec<f64> = self.0.iter().map(|r| r.log_density(latent)).collect();
        let total = log_sum_exp(densities.iter().copied());
        densities.iter().map(|d| (d - total).exp()).collect()
    }

    /// Draws `count` latents from all regions in equal parts, class after class in turn, at their own spread: a prior that
    /// follows the aggregate posterior.
    #[must_use]
    pub fn sample_all(&self, count: usize, seed: Seed) -> Vec<Vec<f32>> {
        let classes = self.classes().max(1);
        let mut drawn: Vec<_> = (0..self.classes())
            .map(|class| ClassId(class as _))
            .map(|class| {
                self.sample(class, 1.0, count.div_ceil(classes), seed)
                    .into_iter()
            })
            .collect();
        (0..count)
            .map_while(|i| drawn.get_mut(i % classes)?.next())
            .collect()
    }
}

impl ClassRegion {
    /// A component by weight, and a point of its Gaussian. `None` if there is no component.
    fn draw(&self, noise: f32, rng: &mut impl Rng) -> Option<Vec<f32>> {
        let component = self.pick(rng.random::<f32>())?;
        let draws: Vec<f32> = (0..component.mean.len())
            .map(|_| StandardNormal.sample(rng))
            .collect();
        Some(component.draw(noise, &draws))
    }

    /// `ln p(latent | class)`, in nats.
    pub(crate) fn log_density(&self, latent: &[f32]) -> f64 {
        log_sum_exp(self.components.iter().map(|c| c.log_density(latent)))
    }

    /// The component at `position` in `[0, 1)` of the cumulated weights.
    fn pick(&self, position: f32) -> Option<&Component> {
        let mut left = position;
        self.components
            .iter()
            .find(|component| {
                left -= component.weight;
                left < 0.0
            })
            .or(self.components.last())
    }
}

/// `ln sum exp` of some logarithms; negative infinity for none.
fn log_sum_exp(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest.is_infinite() {
        return largest;
    }
    largest + values.iter().map(|v| (v - largest).exp()).sum::<f64>().ln()
}

/// Whether the diagonal of a lower triangle, row after row, is above 0. Row `i` holds `i + 1` values, the diagonal last.
pub(crate) fn has_positive_diagonal(triangle: &[f32]) -> bool {
    let ends = (0_usize..).map(|row| row * (row + 3) / 2);
    let mut diagonal = ends.map_while(|end| triangle.get(end));
    diagonal.all(|value| *value > 0.0)
}
