//! The points of a map.

use datasets::{ClassId, LabelledImages, Seed};
use latent_space::ClassRegions;

use crate::state::classes::class_id;

/// How many latents a map has whose model came without a sample, the same number of each region.
const DRAWN: usize = 400;
/// Stands for the class of images without one.
const WITHOUT_CLASS: ClassId = ClassId(0);

/// How many latents of each of so many regions a map has whose model came without a sample.
#[must_use]
pub fn drawn_a_region(regions: usize) -> usize {
    (DRAWN / regions.max(1)).max(1)
}

/// Latents with their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// The latents.
    pub latents: Vec<Vec<f32>>,
    /// One a latent; 0 for all where there are no classes.
    pub classes: Vec<ClassId>,
}

impl Cloud {
    /// The means of encoded images. A mean without an image is left out.
    #[must_use]
    pub fn encoded(means: &[Vec<f32>], images: &LabelledImages) -> Self {
        let count = means.len().min(images.len());
        Self {
            latents: means[..count].to_vec(),
            classes: (0..count)
                .map(|index| images.label(index).unwrap_or(WITHOUT_CLASS))
                .collect(),
        }
    }

    /// Latents drawn from the class regions, class after class. The same regions give the same latents.
    #[must_use]
    pub fn drawn(regions: &ClassRegions) -> Self {
        let count = drawn_a_region(regions.classes());
        let classes = (0..regions.classes()).filter_map(class_id);
        let (mut latents, mut labels) = (Vec::new(), Vec::new());
        for class in classes {
            let drawn = regions.sample(class, 1.0, count, Seed(0));
            labels.extend(drawn.iter().map(|_| class));
            latents.extend(drawn);
        }
        Self {
            latents,
            classes: labels,
        }
    }

    /// The number of a drawn point among those of its region, from 0.
    #[must_use]
    pub fn number_in_region(&self, index: usize) -> usize {
        let region = self.classes[index];
        let first = self.classes.partition_point(|class| *class < region);
        index - first
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
