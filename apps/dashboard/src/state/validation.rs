//! Whether a scene that came from a file fits a model: files are changed by hand, and folders hold other models tomorrow.

use datasets::{ClassId, PIXELS};
use studio::VaePart;

use super::scene::{MORPH_STEPS, OtherLatent, Scene, Start};

/// More samples than any grid here has.
const MOST_SAMPLES: usize = 1_000;

/// Whether everything that `scene` names is there in the model, and every number is in its range.
#[must_use]
pub fn fits(scene: &Scene, vae: &VaePart) -> bool {
    let dims = vae.latent.dims();
    let latent = |latent: &[f32]| latent.len() == dims && latent.iter().all(|v| v.is_finite());
    let class = |class: ClassId| class.index() < vae.regions.classes();
    let start = |start: &Start| match start {
        Start::Prior(_) | Start::Center | Start::Group { .. } => true,
        Start::Anchor(of) | Start::Sample { class: of, .. } => class(*of),
        Start::Morph { from, to, t } => class(*from) && class(*to) && (0.0..=1.0).contains(t),
        Start::Towards { class: to, t } => class(*to) && (0.0..=1.0).contains(t),
        Start::Between { t, class: of, .. } => (0.0..=1.0).contains(t) && of.is_none_or(class),
        Start::Image(image) => {
            image.pixels.len() == PIXELS
                && image.pixels.iter().all(|value| (0.0..=1.0).contains(value))
                && image.label.is_none_or(class)
        }
    };
    let (anchors, morph) = (&scene.anchors, &scene.morph);
    let other =
        |other: &OtherLatent| latent(&other.latent) && latent(&other.origin) && start(&other.start);
    start(&scene.start)
        && scene.other.as_ref().is_none_or(other)
        && latent(&scene.latent)
        && latent(&scene.origin)
        && scene.locked.len() == dims
        && scene.selected < dims
        && [scene.target, anchors.class, morph.from, morph.to]
            .into_iter()
            .all(class)
        && (0.0..=2.0).contains(&anchors.noise)
        && (1..=MOST_SAMPLES).contains(&anchors.count)
        && morph.step < MORPH_STEPS
}
