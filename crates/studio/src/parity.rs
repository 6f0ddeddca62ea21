use datasets::Seed;
use vae_core::sample_prior;

use crate::studio::finite;
use crate::{FrameRequest, Studio, StudioError};

/// How far two devices are apart on the same latents: the largest difference of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Parity {
    /// Of a pixel in `[0, 1]`.
    pub image: f32,
    /// Of a logit, relative to the largest logit of its image.
    pub logits: f32,
    /// Of a cell of the predicted class's heatmap in `[0, 1]`.
    pub heatmap: f32,
}

impl Parity {
    /// The most that different orders of summation explain; beyond it a device computes something else.
    pub const TOLERANCE: Self = Self {
        image: 1e-3,
        logits: 1e-2,
        heatmap: 1e-2,
    };

    /// Whether the devices agree.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.image <= Self::TOLERANCE.image
            && self.logits <= Self::TOLERANCE.logits
            && self.heatmap <= Self::TOLERANCE.heatmap
    }
}

/// Runs `count` latents from the prior through the same model on two devices.
///
/// # Errors
/// [`StudioError`] if a frame fails on either.
pub fn compare(reference: &Studio, other: &Studio, count: usize) -> Result<Parity, StudioError> {
    let dims = reference.vae_part().config.latent_dim;
    let mut worst = Parity::default();
    for latent in sample_prior(dims, count, Seed(0)) {
        let request = FrameRequest::new(latent);
        let (a, b) = (reference.frame(&request)?, other.frame(&request)?);
        worst.image = worst.image.max(largest_difference(&a.image, &b.image));
        worst.heatmap = worst.heatmap.max(largest_difference(
            &a.predicted_map.values,
            &b.predicted_map.values,
        ));
        let (a, b) = (logits(reference, &request)?, logits(other, &request)?);
        let scale = a.iter().fold(f32::MIN_POSITIVE, |m, v| m.max(v.abs()));
        worst.logits = worst.logits.max(largest_difference(&a, &b) / scale);
    }
    Ok(worst)
}

fn logits(studio: &Studio, request: &FrameRequest) -> Result<Vec<f32>, StudioError> {
    let latents = studio.latents(std::slice::from_ref(&request.latent))?;
    finite(
        studio.classifier().forward(studio.vae().decode(latents)),
        "logits",
    )
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    a.iter()
        .zip(b)
        .fold(0.0, |worst, (a, b)| (a - b).abs().max(worst))
}
