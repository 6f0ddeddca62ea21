//! How a latent comes to show a class.

use datasets::{ClassId, Seed};

use crate::GeneratorPart;

/// What it takes to draw a class: a region to draw latents from, and a class to decode them with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchoring {
    /// The region of latent space.
    pub region: ClassId,
    /// The class that a conditional model is given; `None` for any other model.
    pub condition: Option<ClassId>,
}

impl Anchoring {
    /// The seed of the latents of a class: classes that share a region have latents of their own.
    #[must_use]
    pub fn seed(&self, seed: Seed) -> Seed {
        self.condition
            .map_or(seed, |class| seed.derive(class.index() as u64))
    }
}

impl GeneratorPart {
    /// How a class is drawn: from its own region of latent space, or, of a conditional model, from the one region over all images
    /// with the class given to the decoder. Whether there is such a class is not looked at.
    #[must_use]
    pub fn anchoring(&self, class: ClassId) -> Anchoring {
        if self.is_conditional() {
            Anchoring {
                region: ClassId(0),
                condition: Some(class),
            }
        } else {
            Anchoring {
                region: class,
                condition: None,
            }
        }
    }
}
