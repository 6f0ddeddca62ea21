//! Fitting the description of a latent space to what an encoder says about images.

use datasets::{ClassId, Seed};
use nalgebra::DMatrix;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::mixture::fit_mixture;
use crate::{
    ClassRegion, ClassRegions, LatentSpace, LatentSpaceError, LatentStats, Realism, drift,
};

/// Images whose latents are held against the learned prior and encoded again, evenly over all.
pub const REALISM_IMAGES: usize = 5000;

/// How class regions are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegionConfig {
    /// The most Gaussians in the region of a class.
    pub components: usize,
    /// The least probability of its own class, in 0..1, at which an image counts as typical for it. The higher, the surer a
    /// sample shows its class, and the less it varies; 0 takes all images.
    pub typical: f64,
}

impl Default for RegionConfig {
    fn default() -> Self {
        Self {
            components: 8,
            typical: 0.0,
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

impl LatentSpace {
    /// Describes a latent space by what its encoder says about the training images.
    ///
    /// A region is fitted for each class, on all of its images; or, with [`RegionConfig::typical`], first on all of them and then on
    /// those that are typical by the first regions themselves. Images that are mislabelled or could be of either of two
    /// classes otherwise put samples of one class where another lives (after Wilson 1972, "Asymptotic Properties of
    /// Nearest Neighbor Rules Using Edited Data", with regions for neighbours). No classifier has a say in it. Without
    /// classes there is one region over all images.
    ///
    /// `encode_again` gets the positions of [`REALISM_IMAGES`] images at most, evenly over all, and their posterior means row after
    /// row, and gives the means that the encoder finds for the images that they decode to.
    ///
    /// # Errors
    /// [`LatentSpaceError`] if the numbers do not fit together or are not finite, or a region has fewer than two images.
    pub fn fit(
        encodings: &Encodings,
        config: RegionConfig,
        seed: Seed,
        encode_again: impl FnOnce(&[usize], &[f32]) -> Vec<f32>,
    ) -> Result<Self, LatentSpaceError> {
        encodings.check()?;
        let dims = encodings.dims;
        let statistics = LatentStats::of(&encodings.means, &encodings.log_vars, dims);
        if !statistics.is_sound(dims) {
            return Err(LatentSpaceError::NotFinite);
        }
        let regions = encodings.regions(config, seed)?;
        let realism = encodings.realism(&regions, &statistics, encode_again);
        Ok(Self {
            statistics,
            regions,
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

    fn check(&self) -> Result<(), LatentSpaceError> {
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

    fn sample(&self, image: usize) -> &[f32] {
        &self.samples[image * self.dims..(image + 1) * self.dims]
    }

    fn regions(&self, config: RegionConfig, seed: Seed) -> Result<ClassRegions, LatentSpaceError> {
        if self.classes == 0 {
            let all: Vec<usize> = (0..self.len()).collect();
            let name = || "the set".to_owned();
            let region = self.region(&all, config.components, seed.derive(1), name)?;
            return Ok(ClassRegions(vec![region]));
        }
        let fit = |class: usize, among: Option<(&ClassRegions, f64)>| {
            let members = self.members(class, among);
            let name = || format!("class {class}");
            let seed = seed.derive(class as u64 + 1);
            self.region(&members, config.components, seed, name)
        };
        let classes = (0..self.classes).into_par_iter();
        let all = classes.clone().map(|class| fit(class, None));
        let all = ClassRegions(all.collect::<Result<_, _>>()?);
        let typical = classes.map(|class| {
            // A class that the others cover stays as it is.
            fit(class, Some((&all, config.typical))).unwrap_or_else(|_| all.0[class].clone())
        });
        Ok(ClassRegions(typical.collect()))
    }

    /// The images of a class; only those that some regions give to it with a probability, if there are any.
    fn members(&self, class: usize, among: Option<(&ClassRegions, f64)>) -> Vec<usize> {
        let is_typical = |i: usize| {
            among.is_none_or(|(regions, typical)| {
                regions.class_probabilities(self.sample(i))[class] >= typical
            })
        };
        (0..self.len())
            .into_par_iter()
            .filter(|&i| self.labels[i].index() == class && is_typical(i))
            .collect()
    }

    fn region(
        &self,
        members: &[usize],
        components: usize,
        seed: Seed,
        name: impl Fn() -> String,
    ) -> Result<ClassRegion, LatentSpaceError> {
        let points = DMatrix::from_fn(members.len(), self.dims, |row, dim| {
            f64::from(self.sample(members[row])[dim])
        });
        fit_mixture(&points, components, seed, name)
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
