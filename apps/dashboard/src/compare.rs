//! Compare: two latents of a model, or two models on one image. What is held against what, and the questions that follow.
//!
//! Of two models only one is in front, and an image that both are given may have to be decoded first. So these questions
//! follow from the controls and from what came back, where all others follow from the controls alone.

use crate::channel::{Channel, Job};
use datasets::{ClassId, KnownDataset};
use serde::{Deserialize, Serialize};
use studio::{
    Frame, GalleryRequest, Manifest, Method, ModelSource, ReconstructRequest, Reconstruction,
    Reply, Request, VaePart,
};

use crate::{
    bookmarks::Bookmark,
    controls::{Controls, InputImage, Scene, Space, Start},
    jobs::{self, job},
    panels::{explore::start_in_words, top_bar::model_title},
    session::Session,
};

/// The channels whose answers are kept for Compare, whichever model is in front.
pub const CHANNELS: [Channel; 3] = [
    Channel::CompareInput,
    Channel::CompareLeft,
    Channel::CompareRight,
];

/// What is set in Compare, for all models alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareControls {
    /// What is held against what.
    pub with: With,
    /// The model on the right, once a person has chosen.
    pub model: Option<ModelSource>,
}

/// What stands on the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum With {
    /// Another latent of the model in front.
    #[default]
    Latent,
    /// Another model, with the same image.
    Model,
}

/// A latent to hold the current one against, with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtherLatent {
    /// What to call it.
    pub name: String,
    /// The latent, in the VAE's own units.
    pub latent: Vec<f32>,
    /// Where it came from.
    pub start: Start,
    /// The latent as it came from there.
    pub origin: Vec<f32>,
}

/// What a person asks of Compare.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareCommand {
    /// Put a copy of the current latent on the right.
    KeepLatent,
    /// Put the mean of a class region on the right.
    Anchor(ClassId),
    /// Put the latent of a bookmark on the right, by its place in the list.
    Bookmark(usize),
    /// Put a model on the right, and open it if it is not open.
    Model(ModelSource),
    /// Ask for the folder of a model for the right.
    AskForModel,
    /// Change the sides.
    Swap,
    /// Change the sides, and show what was on the right in Explore.
    Explore,
}

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The current latent, or the model in front.
    Left,
    /// The other one.
    Right,
}

impl Side {
    /// Where its questions go.
    #[must_use]
    pub fn channel(self) -> Channel {
        match self {
            Self::Left => Channel::CompareLeft,
            Self::Right => Channel::CompareRight,
        }
    }
}

/// An answer with the job that it was given to.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What was asked, and of which model.
    pub job: Job,
    /// What came back.
    pub reply: Reply,
    /// Counts up with each answer: whoever keeps a picture of one compares it.
    pub revision: u64,
}

impl Compared {
    /// The image of this side, with its verdict and evidence.
    #[must_use]
    pub fn frame(&self) -> Option<&Frame> {
        match &self.reply {
            Reply::Frame(frame) => Some(frame),
            Reply::Reconstructed(found) => Some(&found.frame),
            _ => None,
        }
    }

    /// What the model made of the image that both were given.
    #[must_use]
    pub fn reconstruction(&self) -> Option<&Reconstruction> {
        match &self.reply {
            Reply::Reconstructed(found) => Some(found),
            _ => None,
        }
    }

    /// The image that was given: 784 pixels in 0..1.
    #[must_use]
    pub fn input(&self) -> Option<&[f32]> {
        match &self.job.request {
            Request::Reconstruct(request) => Some(&request.pixels),
            _ => None,
        }
    }

    /// The latent that was asked about.
    #[must_use]
    pub fn latent(&self) -> Option<&[f32]> {
        match &self.job.request {
            Request::Frame(request) => Some(&request.latent),
            _ => None,
        }
    }

    /// How its evidence was found.
    #[must_use]
    pub fn method(&self) -> Method {
        match &self.job.request {
            Request::Frame(request) => request.method,
            Request::Reconstruct(request) => request.method,
            _ => Method::default(),
        }
    }
}

impl OtherLatent {
    /// A copy of the latent of a scene.
    #[must_use]
    pub fn of(scene: &Scene, manifest: &Manifest) -> Self {
        Self {
            name: start_in_words(scene, manifest),
            latent: scene.latent.clone(),
            start: scene.start.clone(),
            origin: scene.origin.clone(),
        }
    }

    /// The mean of a class region.
    ///
    /// # Panics
    /// If the model has no such class.
    #[must_use]
    pub fn anchor(class: ClassId, vae: &VaePart, manifest: &Manifest) -> Self {
        let latent = vae.regions.anchor(class);
        Self {
            name: format!("Anchor of class {}", manifest.class_name(class)),
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
pub fn other_latent(scene: &Scene, vae: &VaePart, manifest: &Manifest) -> OtherLatent {
    let chosen = scene.other.clone();
    chosen.unwrap_or_else(|| OtherLatent::anchor(scene.morph.to, vae, manifest))
}

/// The model on the right: the chosen one, or else the first shipped one that is not in front.
#[must_use]
pub fn other_model(controls: &Controls) -> ModelSource {
    let front = |model: &ModelSource| *model == controls.model;
    let chosen = controls.compare.model.clone();
    chosen.filter(|model| !front(model)).unwrap_or_else(|| {
        let [first, second] = KnownDataset::ALL.map(ModelSource::Shipped);
        if front(&first) { second } else { first }
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
        Reply::Gallery(gallery) if decoded.job == decode(&controls.model, scene) => {
            Some(InputImage {
                name: format!("Decoded by {}", model_title(&controls.model)),
                label: None,
                pixels: gallery.images.first()?.clone(),
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
        (With::Model, Side::Right) => other_model(controls),
        _ => controls.model.clone(),
    };
    let answer = session.compared(side.channel())?;
    let kind = match controls.compare.with {
        With::Latent => answer.latent().is_some(),
        With::Model => answer.input().is_some(),
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
        With::Latent => latents(controls, session),
        With::Model => models(controls, session),
    };
    jobs.unwrap_or_default()
}

fn latents(controls: &Controls, session: &Session) -> Option<Vec<Job>> {
    let manifest = session.manifest(&controls.model)?;
    let (scene, vae) = (controls.scene()?, manifest.vae.as_ref()?);
    let left = controls.request()?;
    let mut right = left.clone();
    right.latent = other_latent(scene, vae, manifest).latent;
    let side = |side: Side, request| job(&controls.model, side.channel(), Request::Frame(request));
    Some(vec![side(Side::Left, left), side(Side::Right, right)])
}

fn models(controls: &Controls, session: &Session) -> Option<Vec<Job>> {
    let scene = controls.scene()?;
    let other = other_model(controls);
    let mut wanted = Vec::new();
    if !matches!(scene.start, Start::Image(_)) {
        wanted.push(decode(&controls.model, scene));
    }
    if session.model(&other).is_none() {
        wanted.push(jobs::open(&other));
    }
    if let Some(image) = input(controls, session) {
        let request = ReconstructRequest {
            pixels: image.pixels,
            layer: scene.layer,
            method: scene.method,
            contrast: scene.contrast,
        };
        let side = |model, side: Side| {
            let request = Request::Reconstruct(request.clone());
            job(model, side.channel(), request)
        };
        wanted.push(side(&controls.model, Side::Left));
        if session.manifest(&other).is_some() {
            wanted.push(side(&other, Side::Right));
        }
    }
    Some(wanted)
}

/// The question for the image of the current latent.
fn decode(model: &ModelSource, scene: &Scene) -> Job {
    let latents = vec![scene.latent.clone()];
    let request = Request::Gallery(GalleryRequest { latents });
    job(model, Channel::CompareInput, request)
}
