//! The description of a latent space as one value.

use crate::{
    ClassRegion, ClassRegions, Component, LatentSpaceError, LatentStats, Realism, TypicalChoice,
};

/// What the latent space of a trained model looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct LatentSpace {
    /// The aggregate posterior, dimension by dimension.
    pub statistics: LatentStats,
    /// Where each class lives. One region over all images without labels, or where latents do not hold the class.
    pub regions: ClassRegions,
    /// What was chosen for each class where [`Typical::Chosen`](crate::Typical::Chosen) asked for it; empty where not, and for spaces
    /// that were described before there was a choice.
    pub typical: Vec<TypicalChoice>,
    /// What usual latents look like; `None` if it was not measured.
    pub realism: Option<Realism>,
}

impl LatentSpace {
    /// The space of a model whose latents are drawn from N(0, I) and that encodes no image: one region, which is N(0, I) itself. What
    /// usual latents look like follows from it, so nothing was measured.
    #[must_use]
    pub fn standard_normal(dims: usize) -> Self {
        let row = |i: usize| (0..=i).map(move |j| if i == j { 1.0 } else { 0.0 });
        let component = Component {
            weight: 1.0,
            mean: vec![0.0; dims],
            cholesky: (0..dims).flat_map(row).collect(),
        };
        Self {
            statistics: LatentStats::standard_normal(dims),
            regions: ClassRegions(vec![ClassRegion {
                images: 0,
                components: vec![component],
            }]),
            typical: Vec::new(),
            realism: None,
        }
    }

    /// Dimensions of the latent space.
    #[must_use]
    pub fn dims(&self) -> usize {
        self.statistics.dims()
    }

    /// Checks that this describes a space of `dims` dimensions, with a region for each of `classes` classes, or one region
    /// if there are 0, and that every number is sound.
    ///
    /// # Errors
    /// [`LatentSpaceError::Mismatch`] for another space, [`LatentSpaceError::Array`] names the numbers that are not sound.
    pub fn check(&self, dims: usize, classes: usize) -> Result<(), LatentSpaceError> {
        let same = |field, found: usize, expected: usize| {
            let mismatch = LatentSpaceError::Mismatch {
                field,
                found,
                expected,
            };
            (found == expected).then_some(()).ok_or(mismatch)
        };
        same("the number of latent dimensions", self.dims(), dims)?;
        let regions = self.regions.classes();
        same("the number of regions", regions, classes.max(1))?;
        let unsound = |name: &str, reason: &str| LatentSpaceError::Array {
            name: name.to_owned(),
            reason: reason.to_owned(),
        };
        if !self.statistics.is_sound(dims) {
            return Err(unsound(
                "statistics",
                "does not hold finite numbers and positive standard deviations for each dimension",
            ));
        }
        if !self.regions.is_sound(regions, dims) {
            return Err(unsound(
                "regions",
                "does not hold finite numbers, weights that sum to 1 in each region, and factors with a diagonal above 0",
            ));
        }
        let choices = &self.typical;
        if !(choices.is_empty() || choices.len() == regions)
            || !choices.iter().all(TypicalChoice::is_sound)
        {
            return Err(unsound(
                "typical",
                "does not hold a threshold in 0..1 for each region, and no more right images than images",
            ));
        }
        if !self.realism.as_ref().is_none_or(Realism::is_sound) {
            return Err(unsound(
                "realism",
                "does not hold 101 percentiles in ascending order",
            ));
        }
        Ok(())
    }
}
