//! What is set where Compare shows the families of a domain.

use std::collections::{BTreeMap, BTreeSet};

use datasets::{ClassId, Seed};
use serde::{Deserialize, Serialize};
use studio::ModelSource;

/// As far out as samples are drawn, in shares of a class region's own spread.
pub const MOST_NOISE: f32 = 2.0;

/// What all families are asked alike, and which of them stand beside each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FamilyControls {
    /// The class of the samples.
    pub class: ClassId,
    /// How much of the class's own spread to sample, in 0..=[`MOST_NOISE`].
    pub noise: f32,
    /// What the samples follow from.
    pub seed: Seed,
    /// The models that were taken away.
    pub hidden: BTreeSet<ModelSource>,
    /// In how many steps the flows of models draw, where that is not as usual.
    pub steps: BTreeMap<ModelSource, usize>,
    /// In whose features the plot measures distances.
    pub features: FeaturesOf,
    /// Which images are reconstructed: the first ten of the sample, the next ten, and so on.
    pub page: usize,
}

/// A judge whose features a distance is measured in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeaturesOf {
    /// The classifier that is seen everywhere else.
    #[default]
    Classifier,
    /// The second judge.
    SecondJudge,
}

impl Default for FamilyControls {
    fn default() -> Self {
        Self {
            class: ClassId(0),
            noise: 1.0,
            seed: Seed(0),
            hidden: BTreeSet::new(),
            steps: BTreeMap::new(),
            features: FeaturesOf::default(),
            page: 0,
        }
    }
}

impl FamilyControls {
    /// What somebody may have written into the file by hand is brought into range.
    #[must_use]
    pub fn sound(mut self) -> Self {
        self.noise = if self.noise.is_finite() {
            self.noise.clamp(0.0, MOST_NOISE)
        } else {
            1.0
        };
        self
    }
}
