//! Fitting the description of a latent space to what an encoder says about images.

use datasets::{ClassId, Seed};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{ClassRegions, LatentSpace, LatentSpaceError, LatentStats, Realism, Typical, drift};

/// Images whose latents are held against the learned prior and encoded again, evenly over all.
pub const REALISM_IMAGES: usize = 5000;

/// More Gaussians than any region needs.
const MOST_COMPONENTS: usize = 1_000;

/// How class regions are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegionConfig {
    /// The most Gaussians in the region of a class.
    pub components: usize,
    /// Which images of a class its region is fitted on. In a file of settings this is a number, or `(share: 0.99)` for a rule.
    pub typical: Typical,
}

impl Default for RegionConfig {
    fn default() -> Self {
        Self {
            components: 8,
            typical: Typical::AtLeast(0.0),
        }
    }
}

/// What an encoder says about `n` images, row after row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Encodings {
    /// Dimensions of the latent space.
    pub dims: usize,
    /// Means of the posteriors, `[n, dims]`.
    pub means: Vec<f32>,
    /// Natural logarithms of the posteriors' variances, `[n, dims]`.
    pub log_vars: Vec<f32>,
    /// One sample of each posterior, `[n, dims]`.
    pub samples: Vec<f32>,
    /// The class of each image, below `classes`, `[n]`. Not looked at if there are no classes.
    pub labels: Vec<ClassId>,
    /// Classes to fit a region for; 0 for one region over all images.
    pub classes: usize,
}

impl RegionConfig {
    /// Whether regions can be fitted so.
    ///
    /// # Errors
    /// [`LatentSpaceError::Config`] names the setting that cannot work.
    pub fn check(&self) -> Result<(), LatentSpaceError> {
        let share = |field, value: f64| {
            let rule = "it must be from 0 to 1";
            let wrong = LatentSpaceError::config(field, value, rule);
            (0.0..=1.0).contains(&value).then_some(()).ok_or(wrong)
        };
        if !(1..=MOST_COMPONENTS).contains(&self.components) {
            let rule = "it must be from 1 to 1000";
            return Err(LatentSpaceError::config(
                "components",
                self.components,
                rule,
            ));
        }
        match self.typical {
            Typical::AtLeast(threshold) => share("typical", threshold),
            Typical::Chosen(rule) => share("share", rule.share),
        }
    }
}

impl LatentSpace {
    /// Describes a latent space by what its encoder says about the training images.
    ///
    /// A region is fitted for each class, on all of its images; or, with [`RegionConfig::typical`], first on all of them and then on
    /// those that are typical by the first regions themselves. No classifier has a say in it. Without classes there is one region
    /// over all images, whatever is typical. `held_out` is looked at only where [`Typical::Chosen`] asks for it.
    ///
    /// `encode_again` gets the positions of [`REALISM_IMAGES`] images at most, evenly over all, and their posterior means row after
    /// row, and gives the means that the encoder finds for the images that they decode to.
    ///
    /// # Errors
    /// [`LatentSpaceError`] if the settings cannot work, the numbers do not fit together or are not finite, a region has fewer than two images, or typical
    /// images are to be chosen and none are held out.
    pub fn fit(
        [encodings, held_out]: [&Encodings; 2],
        config: RegionConfig,
        seed: Seed,
        encode_again: impl FnOnce(&[usize], &[f32]) -> Vec<f32>,
    ) -> Result<Self, LatentSpaceError> {
        config.check()?;
        encodings.check()?;
        let dims = encodings.dims;
        let statistics = LatentStats::of(&encodings.means, &encodings.log_vars, dims);
        if !statistics.is_sound(dims) {
            return Err(LatentSpaceError::NotFinite);
        }
        let (regions, typical) = encodings.regions(held_out, config, seed)?;
        let realism = encodings.realism(&regions, &statistics, encode_again);
        Ok(Self {
            statistics,
            regions,
            typical,
            realism: Some(realism),
        })
    }
}

impl Encodings {
    /// How many images there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.means.len() / self.dims.max(1)
    }

    /// Whether there are no images.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.means.is_empty()
    }

    /// Mean over the images of `ln p(sample | class)`, in nats: how well regions that were fitted on other images describe
    /// these. NaN without images.
    ///
    /// # Panics
    /// If the regions have fewer dimensions or classes than the images.
    #[must_use]
    pub fn log_likelihood(&self, regions: &ClassRegions) -> f64 {
        let of_image = |i: usize| {
            let region = self.labels.get(i).filter(|_| self.classes > 0);
            let region = region.map_or(0, |class| class.index());
            regions.0[region].log_density(self.sample(i))
        };
        let total: f64 = (0..self.len()).into_par_iter().map(of_image).sum();
        total / self.len() as f64
    }

    pub(crate) fn check(&self) -> Result<(), LatentSpaceError> {
        let refuse = |reason: String| Err(LatentSpaceError::Encodings(reason));
        let (n, dims) = (self.len(), self.dims);
        if dims == 0 || n == 0 {
            return refuse(format!("{n} images in {dims} dimensions"));
        }
        let numbers = [
            ("means", self.means.len()),
            ("log-variances", self.log_vars.len()),
            ("samples", self.samples.len()),
        ];
        for (name, found) in numbers {
            if found != n * dims {
                return refuse(format!("{found} {name} of {n} images in {dims} dimensions"));
            }
        }
        if self.classes == 0 {
            return Ok(());
        }
        if self.labels.len() != n {
            return refuse(format!("{} labels of {n} images", self.labels.len()));
        }
        let classes = self.classes;
        match self.labels.iter().find(|label| label.index() >= classes) {
            Some(label) => refuse(format!("the label {label} among {classes} classes")),
            None => Ok(()),
        }
    }

    /// The posterior sample of an image, `[dims]`.
    pub(crate) fn sample(&self, image: usize) -> &[f32] {
        &self.samples[image * self.dims..(image + 1) * self.dims]
    }

    fn realism(
        &self,
        regions: &ClassRegions,
        stats: &LatentStats,
        encode_again: impl FnOnce(&[usize], &[f32]) -> Vec<f32>,
    ) -> Realism {
        // Evenly over all images: a data set may be ordered by class.
        let n = self.len().min(REALISM_IMAGES);
        let chosen: Vec<usize> = (0..n).map(|i| i * self.len() / n).collect();
        let densities = chosen
            .par_iter()
            .map(|&i| regions.log_density(self.sample(i)) as f32)
            .collect();
        let means: Vec<f32> = chosen
            .iter()
            .flat_map(|&i| &self.means[i * self.dims..(i + 1) * self.dims])
            .copied()
            .collect();
        let means = means.as_slice();
        let again = encode_again(&chosen, means);
        let pairs = means.chunks(self.dims).zip(again.chunks(self.dims));
        let drifts = pairs.map(|(from, to)| drift(from, to, stats)).collect();
        Realism::of(densities, drifts)
    }
}
