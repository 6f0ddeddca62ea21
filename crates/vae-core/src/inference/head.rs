//! The head of a joint model on the host.

use kernels::Dense;

use super::dense;
use crate::Head;

/// A [`Head`] with packed weights.
#[derive(Debug, Clone)]
pub struct InferenceHead {
    dims: usize,
    hidden: Option<Dense>,
    out: Dense,
}

impl InferenceHead {
    pub fn new(head: &Head) -> Self {
        Self {
            dims: head.dims(),
            hidden: head.hidden.as_ref().map(dense),
            out: dense(&head.out),
        }
    }

    /// The logits of the classes for one latent.
    pub fn run(&self, latent: &[f32]) -> Vec<f32> {
        let seen = &latent[..self.dims];
        let Some(hidden) = &self.hidden else {
            return self.out.run(seen);
        };
        let mut features = hidden.run(seen);
        for feature in &mut features {
            *feature = feature.max(0.0);
        }
        self.out.run(&features)
    }
}
