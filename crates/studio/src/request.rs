//! What can be asked of a model and what it answers: plain data, comparable, without a tensor.

use std::sync::Arc;
use std::time::Duration;

use classifier::{LAST_LAYER, Prediction};
use datasets::{ClassId, Image, Layer};
use explain::{Heatmap, Method};
use gan::{Search, SearchProgress};

use crate::{Conditions, Sampler};

/// A point in latent space, and what to explain about its image.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameRequest {
    /// The latent, `latent_dim` coordinates.
    pub latent: Vec<f32>,
    /// The class that a conditional model decodes it with.
    pub condition: Option<ClassId>,
    /// How a model with a refiner sharpens the decoded image.
    pub sampler: Sampler,
    /// A class to explain beside the predicted one.
    pub target: Option<ClassId>,
    /// Whether the likeliest class after the predicted one is explained in place of a target, where there is none.
    pub runner_up: bool,
    /// Which of the classifier's feature maps are weighed for the explanation.
    pub layer: Layer,
    /// How the feature maps are weighed.
    pub method: Method,
    /// Whether to show what speaks for a class and not for the other one: the predicted class against the target and
    /// the target against the predicted class, or against the runner-up where they are the same.
    pub contrast: bool,
}

impl FrameRequest {
    /// Decodes without a class and does not sharpen, and explains the predicted class by Grad-CAM at the last layer.
    #[must_use]
    pub fn new(latent: Vec<f32>) -> Self {
        Self {
            latent,
            condition: None,
            sampler: Sampler::default(),
            target: None,
            runner_up: false,
            layer: LAST_LAYER,
            method: Method::GradCam,
            contrast: false,
        }
    }
}

/// What a person sees of one latent.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The decoded image.
    pub image: Image,
    /// What a classifier says to it, if one judges this model.
    pub verdict: Option<Verdict>,
    /// What the model's own head takes the image for, if it has one. It was trained together with what drew the image, so it is
    /// no judge, and it is not calibrated.
    pub own_head: Option<Prediction>,
    /// Time spent.
    pub timings: Timings,
}

/// What a classifier says to an image, and the evidence for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The classifier's opinion.
    pub prediction: Prediction,
    /// The evidence for the predicted class.
    pub predicted_map: Heatmap,
    /// The evidence for the target class, if one was asked for.
    pub target_map: Option<Heatmap>,
}

/// How long each stage of a frame took, results on the host included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timings {
    /// Latent to image.
    pub decode: Duration,
    /// Image to logits.
    pub classify: Duration,
    /// Feature maps to heatmaps.
    pub explain: Duration,
}

impl Timings {
    /// The whole frame.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.decode + self.classify + self.explain
    }
}

/// The way from noise to the image of a latent, in a diffusion.
#[derive(Debug, Clone, PartialEq)]
pub struct PathRequest {
    /// The latent.
    pub latent: Vec<f32>,
    /// The class that a conditional model draws it with.
    pub condition: Option<ClassId>,
    /// How many steps there are, and what the rest of the noise follows from.
    pub sampler: Sampler,
}

/// Many latents at once.
#[derive(Debug, Clone, PartialEq)]
pub struct GalleryRequest {
    /// The latents, `latent_dim` coordinates each.
    pub latents: Vec<Vec<f32>>,
    /// The classes that a conditional model decodes them with.
    pub conditions: Conditions,
    /// How a model with a refiner sharpens the decoded images: all with the same noise, as it would each of them alone.
    pub sampler: Sampler,
}

impl GalleryRequest {
    /// Decodes without a class, and does not sharpen.
    #[must_use]
    pub fn new(latents: Vec<Vec<f32>>) -> Self {
        Self {
            latents,
            conditions: Conditions::default(),
            sampler: Sampler::default(),
        }
    }
}

/// Many images, each with the classifier's opinion if there is one, in the order of the request.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gallery {
    /// The images.
    pub images: Vec<Image>,
    /// One an image; empty if no classifier judges this model.
    pub predictions: Vec<Prediction>,
}

/// An image to find in latent space.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodeRequest {
    /// The image.
    pub image: Image,
    /// The class that a conditional model encodes it with: best the image's own.
    pub condition: Option<ClassId>,
}

impl EncodeRequest {
    /// Encodes without a class.
    #[must_use]
    pub fn new(image: Image) -> Self {
        Self {
            image,
            condition: None,
        }
    }
}

/// Where an image lies in latent space.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoded {
    /// Mean of the posterior, or the best latent that a search has found.
    pub mean: Vec<f32>,
    /// Natural logarithm of the posterior's variance; empty where there is no posterior, because the latent was searched for.
    pub log_var: Vec<f32>,
    /// How far the search is, in a model without an encoder.
    pub search: Option<SearchProgress>,
}

impl Encoded {
    /// What a search has come to.
    pub(crate) fn found(search: &Search) -> Self {
        Self {
            mean: search.found().latent.clone(),
            log_var: Vec::new(),
            search: Some(search.progress()),
        }
    }
}

/// Many images to find in latent space.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodeManyRequest {
    /// The images. Shared, because a job is copied on its way.
    pub images: Arc<[Image]>,
    /// The classes that a conditional model encodes them with: best the images' own.
    pub conditions: Conditions,
}

impl EncodeManyRequest {
    /// Encodes without a class.
    #[must_use]
    pub fn new(images: Arc<[Image]>) -> Self {
        Self {
            images,
            conditions: Conditions::default(),
        }
    }
}

/// An image to encode and to decode again, and what to explain about what comes back.
#[derive(Debug, Clone, PartialEq)]
pub struct ReconstructRequest {
    /// The image.
    pub image: Image,
    /// The class that a conditional model encodes and decodes it with: best the image's own.
    pub condition: Option<ClassId>,
    /// How a model with a refiner sharpens the reconstruction.
    pub sampler: Sampler,
    /// Which of the classifier's feature maps are weighed for the explanation.
    pub layer: Layer,
    /// How the feature maps are weighed.
    pub method: Method,
    /// Whether to show what speaks for the predicted class and not for the runner-up.
    pub contrast: bool,
}

impl ReconstructRequest {
    /// The first half of it.
    pub(crate) fn to_encode(&self) -> EncodeRequest {
        EncodeRequest {
            image: self.image.clone(),
            condition: self.condition,
        }
    }

    /// Encodes and decodes without a class, does not sharpen, and explains the predicted class by Grad-CAM at the last layer.
    #[must_use]
    pub fn new(image: Image) -> Self {
        Self {
            image,
            condition: None,
            sampler: Sampler::default(),
            layer: LAST_LAYER,
            method: Method::GradCam,
            contrast: false,
        }
    }
}

/// What a model makes of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconstruction {
    /// Where the image lies in latent space.
    pub encoded: Encoded,
    /// The frame of the posterior's mean: the reconstruction, and what the classifier says about it.
    pub frame: Frame,
    /// Mean over all values of the squared difference between the image and the reconstruction.
    pub squared_error: f32,
}

/// What each latent dimension changes around a latent.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectsRequest {
    /// The latent.
    pub latent: Vec<f32>,
    /// The class that a conditional model decodes with.
    pub condition: Option<ClassId>,
    /// How a diffusion draws; no other model looks at it, since invented detail tells nothing of a dimension.
    pub sampler: Sampler,
    /// How far to step to each side, in standard deviations of the aggregate posterior.
    pub step_sigmas: f32,
}

/// What each latent dimension changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// For each dimension, the image a step up less the image a step down: `[channels, height, width]` in `[-1, 1]`.
    pub maps: Vec<Vec<f32>>,
}

/// A latent to hold against those of training images.
#[derive(Debug, Clone, PartialEq)]
pub struct RealismRequest {
    /// The latent.
    pub latent: Vec<f32>,
    /// The class that a conditional model decodes it, and encodes its image, with.
    pub condition: Option<ClassId>,
}

impl RealismRequest {
    /// Decodes and encodes without a class.
    #[must_use]
    pub fn new(latent: Vec<f32>) -> Self {
        Self {
            latent,
            condition: None,
        }
    }
}

/// How usual a latent and its image are, held against those of training images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Realistic {
    /// `ln p(z)` under the learned prior, in nats.
    pub log_density: f32,
    /// Training images, in percent, whose latents lie where images are rarer: 50 is usual, 0 is off the map.
    pub density_percentile: f32,
    /// Distance between the latent and the mean of its image's posterior, in standard deviations of the aggregate
    /// posterior (root mean square over the dimensions).
    pub drift_sigmas: f32,
    /// Training images, in percent, that drift less: 50 is usual, 100 is more than any.
    pub drift_percentile: f32,
}
