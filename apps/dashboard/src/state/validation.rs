//! Whether a scene that came from a file fits a model: files are changed by hand, and folders hold other models tomorrow.

use datasets::ClassId;

use super::{
    model::OpenModel,
    scene::{MORPH_STEPS, OtherLatent, Scene, Start},
};

/// More samples than any grid here has.
const MOST_SAMPLES: usize = 1_000;

/// More images than a map has, whose points are numbered.
const MOST_NUMBERED: usize = 1_000_000;

/// Whether everything that `scene` names is there in the model, and every number is in its range. What the judge is asked
/// about is not looked at: another may judge tomorrow. Nor is the class that a conditional model is given: one that it does
/// not have is dropped when the scene meets it.
#[must_use]
pub fn fits(scene: &Scene, model: &OpenModel) -> bool {
    let dims = model.space.dims();
    let latent = |latent: &[f32]| latent.len() == dims && latent.iter().all(|v| v.is_finite());
    let region = |class: ClassId| class.index() < model.space.regions.classes();
    let drawn = |class: ClassId| class.index() < model.drawn_names().len();
    let class = |class: ClassId| class.index() < model.info().classes() || region(class);
    let start = |start: &Start| match start {
        Start::Prior(_) | Start::Center | Start::Group { .. } => true,
        Start::Anchor(of) => drawn(*of),
        Start::Sample { class: of, index } => drawn(*of) && *index < MOST_NUMBERED,
        Start::Morph { from, to, t } => region(*from) && region(*to) && (0.0..=1.0).contains(t),
        Start::Towards { class: to, t } => region(*to) && (0.0..=1.0).contains(t),
        Start::Between { t, class: of, .. } => (0.0..=1.0).contains(t) && of.is_none_or(drawn),
        Start::Image(image) => {
            image.image.shape() == model.shape() && image.label.is_none_or(class)
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
        && [anchors.class, morph.from, morph.to].into_iter().all(drawn)
        && (0.0..=2.0).contains(&anchors.noise)
        && (1..=MOST_SAMPLES).contains(&anchors.count)
        && morph.step < MORPH_STEPS
        && scene.sample < MOST_NUMBERED
}
