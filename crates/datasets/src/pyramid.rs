//! The sizes of a network's feature maps, computed from the size of its images. The classifier, the VAE and the
//! explanations share this one rule, so that a layer means the same to each of them.

use serde::{Deserialize, Serialize};

/// The smallest side that halving may lead to: on maps of a few pixels an evidence map says nothing of places.
const SMALLEST_SIDE: usize = 4;

/// The sides of square feature maps from `side` pixels down: each is half of the one before, rounded up, as long as that
/// is at least 4 pixels.
///
/// ```
/// assert_eq!(datasets::map_sides(14), [14, 7, 4]);
/// assert_eq!(datasets::map_sides(64), [64, 32, 16, 8, 4]);
/// assert_eq!(datasets::map_sides(20), [20, 10, 5]);
/// ```
#[must_use]
pub fn map_sides(side: usize) -> Vec<usize> {
    let half =
        |side: &usize| Some(side.div_ceil(2)).filter(|half| (SMALLEST_SIDE..*side).contains(half));
    std::iter::successors(Some(side), half).collect()
}

/// Which feature maps of a network are meant, counted from those nearest to the image, which are 0.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Layer(pub usize);

impl Layer {
    /// The layer as an index into per-layer tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}
