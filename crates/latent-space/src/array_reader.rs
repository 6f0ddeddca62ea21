//! Reading the named arrays of a latent space: each is checked for its shape and its numbers before it is used, because
//! they come from files.

use std::collections::BTreeMap;

use crate::realism::POINTS;
use crate::region::has_positive_diagonal;
use crate::{
    Array, ClassRegion, ClassRegions, Component, LatentSpaceError, LatentStats, Realism,
    TypicalChoice,
};

/// Takes arrays out by name.
pub struct Reader<'a>(pub &'a mut BTreeMap<String, Array>);

impl Reader<'_> {
    pub fn statistics(&mut self) -> Result<LatentStats, LatentSpaceError> {
        let mean = self.list("statistics.mean", None)?;
        let dims = Some(mean.len());
        Ok(LatentStats {
            std: self.positive("statistics.std", dims)?,
            mean_variance: self.list("statistics.mean_variance", dims)?,
            kl_nats: self.list("statistics.kl_nats", dims)?,
            n: self.counts("statistics.images", Some(1))?[0],
            mean,
        })
    }

    pub fn regions(&mut self, dims: usize) -> Result<ClassRegions, LatentSpaceError> {
        let counts = self.counts("regions.components", None)?;
        let images = self.counts("regions.images", Some(counts.len()))?;
        let weights = self.list("regions.weights", None)?;
        let total = counts
            .iter()
            .try_fold(0_usize, |sum, n| sum.checked_add(*n));
        if counts.is_empty() || counts.contains(&0) || total != Some(weights.len()) {
            let reason = format!("does not share out {} components", weights.len());
            return Err(wrong("regions.components", reason));
        }
        let means = self.array("regions.means", &[weights.len(), dims])?;
        let triangle = dims * (dims + 1) / 2;
        let cholesky = self.array("regions.cholesky", &[weights.len(), triangle])?;
        if !cholesky.chunks_exact(triangle).all(has_positive_diagonal) {
            let reason = "holds a diagonal value that is not above 0";
            return Err(wrong("regions.cholesky", reason));
        }
        let mut components = weights
            .iter()
            .zip(
                means
                    .chunks_exact(dims)
                    .zip(cholesky.chunks_exact(triangle)),
            )
            .map(|(weight, (mean, cholesky))| Component {
                weight: *weight,
                mean: mean.to_vec(),
                cholesky: cholesky.to_vec(),
            });
        let region = |(count, images): (&usize, usize)| ClassRegion {
            images,
            components: components.by_ref().take(*count).collect(),
        };
        let regions = ClassRegions(counts.iter().zip(images).map(region).collect());
        if !regions.is_sound(counts.len(), dims) {
            let reason = "holds a weight below 0, or a region whose weights do not sum to 1";
            return Err(wrong("regions.weights", reason));
        }
        Ok(regions)
    }

    pub fn typical(&mut self, regions: usize) -> Result<Vec<TypicalChoice>, LatentSpaceError> {
        const NAMES: [&str; 3] = ["typical.threshold", "typical.held_out", "typical.right"];
        if !NAMES.iter().any(|name| self.0.contains_key(*name)) {
            return Ok(Vec::new());
        }
        let thresholds = self.list(NAMES[0], Some(regions))?;
        let held_out = self.counts(NAMES[1], Some(regions))?;
        let right = self.counts(NAMES[2], Some(regions))?;
        if !thresholds.iter().all(|value| (0.0..=1.0).contains(value)) {
            return Err(wrong(NAMES[0], "holds a value outside of 0..1"));
        }
        if right.iter().zip(&held_out).any(|(right, all)| right > all) {
            return Err(wrong(NAMES[2], "counts more images than there are"));
        }
        let choices = thresholds.into_iter().zip(held_out.into_iter().zip(right));
        let choice = |(threshold, (held_out, right))| TypicalChoice {
            threshold,
            held_out,
            right,
        };
        Ok(choices.map(choice).collect())
    }

    pub fn realism(&mut self) -> Result<Option<Realism>, LatentSpaceError> {
        const NAMES: [&str; 3] = ["realism.log_density", "realism.drift", "realism.images"];
        if !NAMES.iter().any(|name| self.0.contains_key(*name)) {
            return Ok(None);
        }
        let mut percentiles = |name: &str| {
            let values = self.list(name, Some(POINTS))?;
            if values.is_sorted() {
                Ok(values)
            } else {
                Err(wrong(name, "is not in ascending order"))
            }
        };
        Ok(Some(Realism {
            log_density: percentiles(NAMES[0])?,
            drift: percentiles(NAMES[1])?,
            n: self.counts(NAMES[2], Some(1))?[0],
        }))
    }

    /// The finite values of an array of this shape.
    fn array(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, LatentSpaceError> {
        let array = self.take(name)?;
        if array.shape != shape {
            let reason = format!("has the shape {:?}, not {shape:?}", array.shape);
            return Err(wrong(name, reason));
        }
        Ok(array.values)
    }

    /// The finite values of an array of one dimension, which is not empty and has this length if one is given.
    fn list(&mut self, name: &str, length: Option<usize>) -> Result<Vec<f32>, LatentSpaceError> {
        let array = self.take(name)?;
        let [found] = array.shape[..] else {
            let reason = format!("has the shape {:?}, not one dimension", array.shape);
            return Err(wrong(name, reason));
        };
        if found == 0 || length.is_some_and(|length| length != found) {
            let expected = length.map_or("at least 1".to_owned(), |length| length.to_string());
            let reason = format!("holds {found} values, not {expected}");
            return Err(wrong(name, reason));
        }
        Ok(array.values)
    }

    fn positive(
        &mut self,
        name: &str,
        length: Option<usize>,
    ) -> Result<Vec<f32>, LatentSpaceError> {
        let values = self.list(name, length)?;
        if values.iter().any(|value| *value <= 0.0) {
            return Err(wrong(name, "holds a value that is not above 0"));
        }
        Ok(values)
    }

    fn counts(
        &mut self,
        name: &str,
        length: Option<usize>,
    ) -> Result<Vec<usize>, LatentSpaceError> {
        let values = self.list(name, length)?;
        if values
            .iter()
            .any(|value| *value < 0.0 || value.fract() != 0.0)
        {
            return Err(wrong(name, "holds a value that is no count"));
        }
        Ok(values.iter().map(|value| *value as usize).collect())
    }

    /// An array with as many values as its shape says, all finite.
    fn take(&mut self, name: &str) -> Result<Array, LatentSpaceError> {
        let array = self
            .0
            .remove(name)
            .ok_or_else(|| wrong(name, "is missing"))?;
        let lengths = array.shape.iter();
        let count = lengths.copied().try_fold(1, usize::checked_mul);
        if count != Some(array.values.len()) {
            let reason = format!(
                "holds {} values, which do not fill the shape {:?}",
                array.values.len(),
                array.shape
            );
            return Err(wrong(name, reason));
        }
        if !array.values.iter().all(|value| value.is_finite()) {
            return Err(wrong(name, "holds a value that is not finite"));
        }
        Ok(array)
    }
}

/// The error that an array is not as it should be.
pub fn wrong(name: &str, reason: impl Into<String>) -> LatentSpaceError {
    LatentSpaceError::Array {
        name: name.to_owned(),
        reason: reason.into(),
    }
}
