//! Compare: two latents of a model, two models on one image, or all models of a domain. What is held against what, and the
//! questions that follow.
//!
//! Of several models only one is in front, and an image that two are given may have to be decoded first. So these questions
//! follow from the controls and from what came back, where all others follow from the controls alone.

use datasets::ClassId;
use studio::{ModelSource, ReconstructRequest, Reply, Request, Sampler};

use super::{
    bookmarks::Bookmark,
    compared::{Compared, Side},
    conditioned,
    controls::{CompareWith, Controls, Space},
    families,
    jobs::{self, job},
    model::OpenModel,
    origin::{anchor_in_words, drawn_in_words, start_in_words},
    reconstructions,
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
            condition: scene.condition,
            start: scene.start.clone(),
            origin: scene.origin.clone(),
        }
    }

    /// The anchor of a class.
    ///
    /// # Panics
    /// If the model does not draw such a class.
    #[must_use]
    pub fn anchor(class: ClassId, model: &OpenModel) -> Self {
        let latent = model.anchor(class);
        let condition = model.given(Some(class));
        let (anchor, drawn) = (
            anchor_in_words(class, model),
            drawn_in_words(condition, model),
        );
        Self {
            name: format!("{anchor}{drawn}"),
            condition,
            start: Start::Anchor(class),
            origin: latent.clone(),
            latent,
        }
    }

    /// The latent of a scene as another class, which a conditional model is given.
    #[must_use]
    pub fn drawn_as(class: ClassId, scene: &Scene, model: &OpenModel) -> Self {
        let mut drawn = scene.clone();
        drawn.draw_as(model.given(Some(class)));
        Self::of(&drawn, model)
    }

    /// The latent of a bookmark, under the bookmark's name.
    #[must_use]
    pub fn bookmark(kept: &Bookmark) -> Self {
        Self {
            name: kept.name.clone(),
            latent: kept.scene.latent.clone(),
            condition: kept.scene.condition,
            start: kept.scene.start.clone(),
            origin: kept.scene.origin.clone(),
        }
    }
}

/// The latent on the right. Until a person has chosen one it is the anchor where the morph in Anchors ends, or, of a
/// conditional model, the latent on the left as another class, so that there is something to see.
#[must_use]
pub fn other_latent(scene: &Scene, model: &OpenModel) -> OtherLatent {
    if let Some(chosen) = &scene.other {
        return chosen.clone();
    }
    let next = scene.condition.map_or(0, |class| class.index() + 1);
    let next = next % model.drawn_names().len().max(1);
    match model.drawn(next).filter(|_| model.is_conditional()) {
        Some(next) => OtherLatent::drawn_as(next, scene, model),
        None => OtherLatent::anchor(scene.morph.to, model),
    }
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
    let open = session.open(&controls.model)?;
    match &decoded.reply {
        Reply::Gallery(gallery) if decoded.job == decode(controls, scene, open) => {
            Some(InputImage {
                name: format!("Decoded by {}", model_title(&controls.model)),
                // It is of the class that it was drawn as.
                label: open.given(scene.condition),
                encoded_as: None,
                drawn_on: false,
                image: gallery.images.first()?.clone(),
            })
        }
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
        // There are more than two sides.
        CompareWith::Families | CompareWith::Reconstructions => false,
    };
    (kind && answer.job.model == model).then_some(answer)
}

/// The models that Compare shows beside the one in front.
fn beside(controls: &Controls, session: &Session) -> Vec<ModelSource> {
    match controls.compare.with {
        CompareWith::Model if controls.space == Space::Compare => vec![other_model(controls)],
        with if with.is_of_families() && controls.space == Space::Compare => {
            let columns = families::columns(controls, session).into_iter();
            columns.map(|column| column.model).collect()
        }
        _ => Vec::new(),
    }
}

/// What Compare needs an answer to: nothing unless it is in front, but that the models are closed which it had opened.
#[must_use]
pub fn wanted(controls: &Controls, session: &Session, gesture: bool) -> Vec<Job> {
    let jobs = match controls.compare.with {
        _ if controls.space != Space::Compare => None,
        CompareWith::Latent => latents(controls, session),
        CompareWith::Model => models(controls, session),
        CompareWith::Families => Some(families::wanted(controls, session, gesture)),
        CompareWith::Reconstructions => Some(reconstructions::wanted(controls, session)),
    };
    let mut jobs = jobs.unwrap_or_default();
    jobs.extend(close(controls, session));
    jobs
}

/// The question that gives the memory of models back which were opened for Compare, and which it does not show any more. What
/// is known of them stays.
fn close(controls: &Controls, session: &Session) -> Option<Job> {
    let beside = beside(controls, session);
    let needed = |model: &ModelSource| *model == controls.model || beside.contains(model);
    let idle: Vec<ModelSource> = session
        .aside()
        .filter(|model| !needed(model))
        .cloned()
        .collect();
    let request = Request::Close(idle.clone());
    (!idle.is_empty()).then(|| job(controls, &controls.model, Channel::Close, request))
}

fn latents(controls: &Controls, session: &Session) -> Option<Vec<Job>> {
    let model = session.open(&controls.model)?;
    let left = controls.request(model)?;
    let mut right = left.clone();
    let other = other_latent(controls.scene()?, model);
    right.latent = other.latent;
    right.condition = model.given(other.condition);
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
    let (front, behind) = (session.open(&controls.model), session.open(&other));
    if let Some(front) = front.filter(|_| !matches!(scene.start, Start::Image(_))) {
        wanted.push(decode(controls, scene, front));
    }
    if session.model(&other).is_none() {
        wanted.push(jobs::open_beside(controls, &other));
    }
    if let (Some(given), Some(front)) = (input(controls, session), front) {
        let side = |model: &ModelSource, open: &OpenModel, side: Side| {
            let frame = controls.request(open)?;
            let same = open.info().class_names == front.info().class_names;
            let label = given.label.filter(|_| same);
            let scene = controls.scenes.get(model);
            let class = label.or_else(|| scene.and_then(|scene| scene.condition));
            let request = ReconstructRequest {
                image: given.image.clone(),
                condition: open.given(class),
                // Two models are held against the image itself.
                sampler: Sampler::default(),
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
fn decode(controls: &Controls, scene: &Scene, open: &OpenModel) -> Job {
    let drawn = jobs::given(scene.decoded(), open);
    let request = Request::Gallery(conditioned::gallery([drawn]));
    job(controls, &controls.model, Channel::CompareInput, request)
}
