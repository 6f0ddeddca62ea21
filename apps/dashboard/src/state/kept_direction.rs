//! A direction that the person kept: in the notebook, where it is a slider, and on the pad.

use latent_space::Direction;
use serde::{Deserialize, Serialize};

/// A direction with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptDirection {
    /// What to call it.
    pub name: String,
    /// The line.
    pub direction: Direction,
}

impl KeptDirection {
    /// Whether the line can be walked along in a latent space of so many dimensions.
    #[must_use]
    pub fn fits(&self, dims: usize) -> bool {
        let line = [&self.direction.origin, &self.direction.step];
        line.iter()
            .all(|values| values.len() == dims && values.iter().all(|v| v.is_finite()))
    }
}
