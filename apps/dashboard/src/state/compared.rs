//! Answers of Compare, each with the job that it was given to: both sides are looked at, whichever model is in front.

use crate::state::channel::{Channel, Job};
use datasets::{ClassId, Image};
use studio::{Frame, Method, Reconstruction, Reply, Request, SampleRequest, Samples};

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

    /// The image that was given.
    #[must_use]
    pub fn input(&self) -> Option<&Image> {
        match &self.job.request {
            Request::Reconstruct(request) => Some(&request.image),
            _ => None,
        }
    }

    /// The class that a conditional model was given.
    #[must_use]
    pub fn condition(&self) -> Option<ClassId> {
        match &self.job.request {
            Request::Frame(request) => request.condition,
            Request::Reconstruct(request) => request.condition,
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

    /// The samples that came back, with what was asked.
    #[must_use]
    pub fn samples(&self) -> Option<(&SampleRequest, &Samples)> {
        match (&self.job.request, &self.reply) {
            (Request::Samples(request), Reply::Samples(samples)) => Some((request, samples)),
            _ => None,
        }
    }

    /// The images that were given, and what became of each.
    #[must_use]
    pub fn reconstructions(&self) -> Option<(&[Image], &[Image])> {
        match (&self.job.request, &self.reply) {
            (Request::ReconstructMany(request), Reply::ReconstructedMany(images)) => {
                Some((&request.images, images))
            }
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
