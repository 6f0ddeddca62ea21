//! Which model something was worked out from.

use studio::{Manifest, ModelSource};

use super::notebook;

/// A model with the weights that it has now. A folder may hold others when it is opened again: what was worked out from
/// those before is of no use then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelIdentity {
    /// Where it comes from.
    pub source: ModelSource,
    /// The SHA-256 of its VAE's weights. Who judges is not in it: a map does not change with the judge.
    pub weights: String,
}

impl ModelIdentity {
    /// The model at `source`, which is open with this manifest.
    #[must_use]
    pub fn new(source: &ModelSource, manifest: &Manifest) -> Self {
        Self {
            source: source.clone(),
            weights: notebook::weights(manifest).to_owned(),
        }
    }
}
