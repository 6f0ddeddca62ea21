//! Where a latent came from.

use datasets::{ClassId, Seed};
use serde::{Deserialize, Serialize};

use super::input_image::InputImage;

/// Where a latent came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// Drawn from the prior.
    Prior(Seed),
    /// The mean of a class region, or of the one region of a conditional model, which was given the class.
    Anchor(ClassId),
    /// A sample of a class region, or of the one region of a conditional model, which was given the class.
    Sample {
        /// The class.
        class: ClassId,
        /// The number in the grid, from 0.
        index: usize,
    },
    /// On the way between two anchors.
    Morph {
        /// Where the way starts.
        from: ClassId,
        /// Where it ends.
        to: ClassId,
        /// How far along it, in 0..1.
        t: f32,
    },
    /// On the way between two stops of a show.
    Between {
        /// What the show left last.
        from: String,
        /// Where it goes.
        to: String,
        /// How far along the way, in 0..1.
        t: f32,
        /// The class of the nearer stop, where it has one.
        class: Option<ClassId>,
    },
    /// On the way from another latent to a class region.
    Towards {
        /// The class.
        class: ClassId,
        /// How far along the way, in 0..1.
        t: f32,
    },
    /// The encoder's mean for an image.
    Image(InputImage),
    /// The mean of the aggregate posterior.
    Center,
    /// The mean of a group of points on the map.
    Group {
        /// How many points.
        count: usize,
    },
}

impl Start {
    /// The class that the latent was meant to be of, where there was one.
    #[must_use]
    pub fn class(&self) -> Option<ClassId> {
        match self {
            Self::Anchor(class) | Self::Sample { class, .. } | Self::Towards { class, .. } => {
                Some(*class)
            }
            Self::Morph { from, to, t } => Some(if *t < 0.5 { *from } else { *to }),
            Self::Between { class, .. } => *class,
            Self::Image(image) => image.label,
            Self::Prior(_) | Self::Center | Self::Group { .. } => None,
        }
    }
}
