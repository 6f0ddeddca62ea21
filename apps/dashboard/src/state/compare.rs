//! Compare: two latents of a model, or two models on one image. What is held against what, and the questions that follow.
//!
//! Of two models only one is in front, and an image that both are given may have to be decoded first. So these questions
//! follow from the controls and from what came back, where all others follow from the controls alone.

use datasets::ClassId;
use studio::{GalleryRequest, ModelSource, ReconstructRequest, Reply, Request};

use super::{
    bookmarks::Bookmark,
    compared::{Compared, Side},
    controls::{CompareWith, Controls, Space},
    jobs::{self, job},
    model::OpenModel,
    origin::{anchor_in_words, start_in_words},
    scene::{InputImage, OtherLatent, Scene, Start},
    session::Session,
    sources::{self, model_title},
};
use crate::state::channel::{Channel, Job};

impl OtherLatent {
    /// A copy of the latent of a scene.
    #[must_use]
    pub fn of(scene: &Scene, model: &OpenModel) -> Self {
        Self {
            name: start_in_words(scene, model),
            latent: scene.latent.clone(),
            start: scene.start.clone(),
            origin: scene.origin.clone(),
        }
    }

    /// The mean of a region.
    ///
    /// # Panics
    /// If the model has no such region.
    #[must_use]
    pub fn anchor(class: ClassId, model: &OpenModel) -> Self {
        let latent = model.space.regions.anchor(class);
        Self {
            name: anchor_in_words(class, model),
            start: Start::Anchor(class),
            origin: latent.clone(),
            latent,
        }
    }

    /// The latent of a bookmark, under the bookmark's name.
    #[must_use]
    pub fn bookmark(kept: &Bookmark) -> Self {
        Self {
            name: kept.name.clone(),
            latent: kept.scene.latent.clone(),
            start: kept.scene.start.clone(),
            origin: kept.scene.origin.clone(),
        }
    }
}

/// The latent on the right. Until a person has chosen one it is the anchor where the morph in Anchors ends, so that
/// there is something to see.
#[must_use]
pub fn other_latent(scene: &Scene, model: &OpenModel) -> OtherLatent {
    let chosen = scene.other.clone();
    chosen.unwrap_or_else(|| OtherLatent::anchor(scene.morph.to, model))
}

/// The model on the right: the chosen one, or else the first shipped one that is not in front.
#[must_use]
pub fn other_model(controls: &Controls) -> ModelSource {
    let front = |model: &ModelSource| *model == controls.model;
    let chosen = controls.compare.model.clone();
    chosen.filter(|model| !front(model)).unwrap_or_else(|| {
        let other = sources::shipped().into_iter().find(|model| !front(model));
        other.unwrap_or_else(|| controls.model.clone())
    })
}

/// The image that both models are given: the one that the scene started from if that was an image, or else the decoded
/// one, once it is here.
#[must_use]
pub fn input(controls: &Controls, session: &Session) -> Option<InputImage> {
    let scene = controls.scene()?;
    if let Start::Image(image) = &scene.start {
        return Some(image.clone());
    }
    let decoded = session.compared(Channel::CompareInput)?;
    match &decoded.reply {
        Reply::Gallery(gallery) if decoded.job == decode(controls, scene) => Some(InputImage {
            name: format!("Decoded by {}", model_title(&controls.model)),
            label: None,
            image: gallery.images.first()?.clone(),
        }),
        _ => None,
    }
}

/// The last answer of a side, if it is about what stands there now: an older one of the same kind and model stays until
/// the newer one comes.
#[must_use]
pub fn seen<'a>(controls: &Controls, session: &'a Session, side: Side) -> Option<&'a Compared> {
    let model = match (controls.compare.with, side) {
        (CompareWith::Model, Side::Right) => other_model(controls),
        _ => controls.model.clone(),
    };
    let answer = session.compared(side.channel())?;
    let kind = match controls.compare.with {
        CompareWith::Latent => answer.latent().is_some(),
        CompareWith::Model => answer.input().is_some(),
    };
    (kind && answer.job.model == model).then_some(answer)
}

/// What Compare needs an answer to: nothing unless it is in front.
#[must_use]
pub fn wanted(controls: &Controls, session: &Session) -> Vec<Job> {
    if controls.space != Space::Compare {
        return Vec::new();
    }
    let jobs = match controls.compare.with {
        CompareWith::Latent => latents(controls, session),
        CompareWith::Model => models(controls, session),
    };
    jobs.unwrap_or_default()
}

fn latents(controls: &Controls, session: &Session) -> Option<Vec<Job>> {
    let model = session.open(&controls.model)?;
    let left = controls.request(model)?;
    let mut right = left.clone();
    right.latent = other_latent(controls.scene()?, model).latent;
    let side = |side: Side, request| {
        let request = Request::Frame(request);
        job(controls, &controls.model, side.channel(), request)
    };
    Some(vec![side(Side::Left, left), side(Side::Right, right)])
}

fn models(controls: &Controls, session: &Session) -> Option<Vec<Job>> {
    let scene = controls.scene()?;
    let other = other_model(controls);
    let mut wanted = Vec::new();
    if !matches!(scene.start, Start::Image(_)) {
        wanted.push(decode(controls, scene));
    }
    if session.model(&other).is_none() {
        wanted.push(jobs::open(controls, &other));
    }
    let (front, behind) = (session.open(&controls.model), session.open(&other));
    if let (Some(given), Some(front)) = (input(controls, session), front) {
        let side = |model: &ModelSource, open: &OpenModel, side: Side| {
            let frame = controls.request(open)?;
            let request = ReconstructRequest {
                image: given.image.clone(),
                condition: None,
                layer: frame.layer,
                method: frame.method,
                contrast: frame.contrast,
            };
            let fits = given.image.shape() == open.shape();
            let request = Request::Reconstruct(request);
            fits.then(|| job(controls, model, side.channel(), request))
        };
        wanted.extend(side(&controls.model, front, Side::Left));
        wanted.extend(behind.and_then(|open| side(&other, open, Side::Right)));
    }
    Some(wanted)
}

/// The question for the image of the current latent.
fn decode(controls: &Controls, scene: &Scene) -> Job {
    let latents = vec![scene.latent.clone()];
    let request = Request::Gallery(GalleryRequest::new(latents));
    job(controls, &controls.model, Channel::CompareInput, request)
}
