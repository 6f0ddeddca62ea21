//! How a flow is followed from noise to an image, by models that have one.

use datasets::Seed;
use serde::{Deserialize, Serialize};

/// The most steps that a flow can be asked for: far more than it gets better by.
pub const MOST_FLOW_STEPS: usize = 64;

/// The strongest guidance that can be asked for: far beyond what still looks like an image.
pub const MOST_GUIDANCE: f32 = 10.0;

/// How a model with a flow draws: a diffusion from noise, or a refiner from the image that a VAE decoded. No other model looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sampler {
    /// Steps of the flow. A refiner leaves the image as it is with 0; a diffusion needs 1 at least.
    pub steps: usize,
    /// How far a diffusion exaggerates the class: 1 is not at all, 0 leaves it out. See [`flow::VelocityNet::advance`].
    pub guidance: f32,
    /// The seed of the noise that details follow from. Under one seed a latent that moves a little changes its image a little.
    pub seed: Seed,
}

impl Default for Sampler {
    /// No steps: images as they are decoded.
    fn default() -> Self {
        Self {
            steps: 0,
            guidance: 1.0,
            seed: Seed(0),
        }
    }
}

impl Sampler {
    /// Whether a guidance can be asked for: a number from 0 to [`MOST_GUIDANCE`].
    #[must_use]
    pub fn is_guidance(guidance: f32) -> bool {
        (0.0..=MOST_GUIDANCE).contains(&guidance)
    }
}
