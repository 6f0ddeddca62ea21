//! What a model decodes: a latent, and the class that a conditional model is given with it.

use datasets::ClassId;
use studio::{Conditions, GalleryRequest};

/// A latent, and the class that a conditional model draws it as.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionedLatent {
    /// The latent, in the VAE's own units.
    pub latent: Vec<f32>,
    /// The class; `None` for no class, and for a model that takes none.
    pub condition: Option<ClassId>,
}

impl ConditionedLatent {
    /// A latent with a class.
    #[must_use]
    pub fn new(latent: Vec<f32>, condition: Option<ClassId>) -> Self {
        Self { latent, condition }
    }
}

/// The question for the images of latents, each drawn as its class.
#[must_use]
pub fn gallery(drawn: impl IntoIterator<Item = ConditionedLatent>) -> GalleryRequest {
    let pairs = drawn
        .into_iter()
        .map(|drawn| (drawn.latent, drawn.condition));
    let (latents, conditions): (Vec<_>, Vec<_>) = pairs.unzip();
    let first = conditions.first().copied().flatten();
    let conditions = if conditions.iter().all(|condition| *condition == first) {
        Conditions::Same(first)
    } else {
        Conditions::Each(conditions)
    };
    GalleryRequest {
        conditions,
        ..GalleryRequest::new(latents)
    }
}
