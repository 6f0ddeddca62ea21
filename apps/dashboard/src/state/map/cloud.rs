//! The points of a map.

use datasets::{ClassId, LabelledImages, Seed};
use vae_core::ClassRegions;

use crate::state::classes::class_id;

/// How many latents of each class a map has whose model's data set has no shipped sample.
pub const DRAWN_A_CLASS: usize = 40;

/// Latents with their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// The latents.
    pub latents: Vec<Vec<f32>>,
    /// One a latent.
    pub classes: Vec<ClassId>,
}

impl Cloud {
    /// The means of encoded images. A mean without an image is left out.
    #[must_use]
    pub fn encoded(means: &[Vec<f32>], images: &LabelledImages) -> Self {
        let count = means.len().min(images.len());
        Self {
            latents: means[..count].to_vec(),
            classes: (0..count).map(|index| images.label(index)).collect(),
        }
    }

    /// Latents drawn from the class regions, class after class. The same regions give the same latents.
    #[must_use]
    pub fn drawn(regions: &ClassRegions) -> Self {
        let classes = (0..regions.classes()).filter_map(class_id);
        let (mut latents, mut labels) = (Vec::new(), Vec::new());
        for class in classes {
            let drawn = regions.sample(class, 1.0, DRAWN_A_CLASS, Seed(0));
            labels.extend(drawn.iter().map(|_| class));
            latents.extend(drawn);
        }
        Self {
            latents,
            classes: labels,
        }
    }

    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.latents.len()
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.latents.is_empty()
    }
}
