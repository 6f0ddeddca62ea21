//! A latent space as named arrays of numbers, which is how a weights file keeps it: exact, and a fraction of the text's
//! size.
//!
//! | array | shape |
//! |---|---|
//! | `statistics.mean`, `.std`, `.mean_variance`, `.kl_nats` | `[dims]` |
//! | `statistics.images` | `[1]` |
//! | `regions.components`, `regions.images` (counts) | `[regions]` |
//! | `regions.weights` | `[components of all regions]` |
//! | `regions.means` | `[components of all regions, dims]` |
//! | `regions.cholesky` (lower triangles, row after row) | `[components of all regions, dims * (dims + 1) / 2]` |
//! | `typical.threshold`, `typical.held_out`, `typical.right` (if chosen) | `[regions]` |
//! | `realism.log_density`, `realism.drift` (if measured) | `[101]` |
//! | `realism.images` (if measured) | `[1]` |

use std::collections::BTreeMap;

use crate::array_reader::{Reader, wrong};
use crate::{LatentSpace, LatentSpaceError};

/// Numbers with a shape, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    /// Length of each dimension.
    pub shape: Vec<usize>,
    /// As many as the lengths multiplied.
    pub values: Vec<f32>,
}

impl Array {
    fn list(values: Vec<f32>) -> Self {
        Self {
            shape: vec![values.len()],
            values,
        }
    }

    /// Counts are exact up to 16.7 million.
    fn counts(values: impl Iterator<Item = usize>) -> Self {
        Self::list(values.map(|count| count as f32).collect())
    }

    fn rows<'a>(width: usize, rows: impl Iterator<Item = &'a Vec<f32>>) -> Self {
        let values: Vec<f32> = rows.flatten().copied().collect();
        Self {
            shape: vec![values.len() / width.max(1), width],
            values,
        }
    }
}

impl LatentSpace {
    /// All numbers by name, as the module's table says.
    #[must_use]
    pub fn to_arrays(&self) -> BTreeMap<String, Array> {
        let stats = &self.statistics;
        let dims = stats.dims();
        let regions = || self.regions.0.iter();
        let components = || regions().flat_map(|region| &region.components);
        let list = |values: &Vec<f32>| Array::list(values.clone());
        let mut arrays = vec![
            ("statistics.mean", list(&stats.mean)),
            ("statistics.std", list(&stats.std)),
            ("statistics.mean_variance", list(&stats.mean_variance)),
            ("statistics.kl_nats", list(&stats.kl_nats)),
            ("statistics.images", Array::counts([stats.n].into_iter())),
            (
                "regions.components",
                Array::counts(regions().map(|region| region.components.len())),
            ),
            (
                "regions.images",
                Array::counts(regions().map(|region| region.images)),
            ),
            (
                "regions.weights",
                Array::list(components().map(|c| c.weight).collect()),
            ),
            (
                "regions.means",
                Array::rows(dims, components().map(|c| &c.mean)),
            ),
            (
                "regions.cholesky",
                Array::rows(dims * (dims + 1) / 2, components().map(|c| &c.cholesky)),
            ),
        ];
        let chosen = || self.typical.iter();
        if !self.typical.is_empty() {
            let thresholds = chosen().map(|choice| choice.threshold);
            arrays.extend([
                ("typical.threshold", Array::list(thresholds.collect())),
                (
                    "typical.held_out",
                    Array::counts(chosen().map(|choice| choice.held_out)),
                ),
                (
                    "typical.right",
                    Array::counts(chosen().map(|choice| choice.right)),
                ),
            ]);
        }
        if let Some(realism) = &self.realism {
            arrays.extend([
                ("realism.log_density", list(&realism.log_density)),
                ("realism.drift", list(&realism.drift)),
                ("realism.images", Array::counts([realism.n].into_iter())),
            ]);
        }
        let named = |(name, array): (&str, Array)| (name.to_owned(), array);
        arrays.into_iter().map(named).collect()
    }

    /// The inverse of [`to_arrays`](Self::to_arrays). Every array must be there, no others, each of its shape and with sound
    /// numbers: finite, standard deviations and diagonals of Cholesky factors above 0, weights that sum to 1 in each region,
    /// thresholds in 0..1, percentiles in ascending order.
    ///
    /// # Errors
    /// [`LatentSpaceError::Array`] names the array and what is wrong with it.
    pub fn from_arrays(mut arrays: BTreeMap<String, Array>) -> Result<Self, LatentSpaceError> {
        let mut reader = Reader(&mut arrays);
        let statistics = reader.statistics()?;
        let regions = reader.regions(statistics.dims())?;
        let typical = reader.typical(regions.classes())?;
        let realism = reader.realism()?;
        if let Some(name) = arrays.keys().next() {
            return Err(wrong(name, "belongs to no part of a latent space"));
        }
        let space = Self {
            statistics,
            regions,
            typical,
            realism,
        };
        space.check(space.dims(), space.regions.classes())?;
        Ok(space)
    }
}
