//! The points of a map.

use datasets::{ClassId, LabelledImages, Seed};

use crate::state::model::OpenModel;

/// How many latents a map has whose model came without a sample, the same number of each region.
const DRAWN: usize = 400;
/// Stands for the class of images without one.
const WITHOUT_CLASS: ClassId = ClassId(0);

/// How many latents of each of so many classes or regions a map has whose model came without a sample.
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

    /// Latents drawn for each class, class after class. The same model gives the same latents. The classes of a conditional
    /// model share its one region, and each has latents of its own there.
    #[must_use]
    pub fn drawn(open: &OpenModel) -> Self {
        let names = open.drawn_names().len();
        let count = drawn_a_region(names);
        let (mut latents, mut labels) = (Vec::new(), Vec::new());
        for class in (0..names).filter_map(|index| open.drawn(index)) {
            let region = open.anchoring(class).region;
            let seed = Seed(
                open.given(Some(class))
                    .map_or(0, |class| class.index() as u64),
            );
            let drawn = open.space.regions.sample(region, 1.0, count, seed);
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
