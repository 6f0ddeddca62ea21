//! What a person has set for one model: the latent, where it came from, and what to do around it.

use classifier::{LAST_LAYER, Prediction};
use datasets::{ClassId, Layer, Seed};
use explain::Method;
use latent_space::{LatentStats, Path};
use serde::{Deserialize, Serialize};
use studio::Sampler;

use super::{
    classes::first_two, conditioned::ConditionedLatent, kept_layer, model::OpenModel,
    pad::PadControls,
};
pub use super::{input_image::InputImage, start::Start};

/// Images on the way from one anchor to another; every fourth is in the strip.
pub const MORPH_STEPS: usize = 41;
/// What was set for one model. Undo and redo go through scenes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// The latent, in the VAE's own units.
    pub latent: Vec<f32>,
    /// The class that a conditional model draws it as; `None` for no class, and for any other model.
    #[serde(default)]
    pub condition: Option<ClassId>,
    /// How a model with a flow draws its images; 0 steps for any other.
    #[serde(default, alias = "sharpening")]
    pub sampler: Sampler,
    /// Dimensions that randomising and resetting leave alone.
    pub locked: Vec<bool>,
    /// The dimension that the strip and the effect map show.
    pub selected: usize,
    /// The seed of the next random draw.
    pub seed: Seed,
    /// The judge's class to explain beside the predicted one, where the person has chosen one.
    pub target: ClassId,
    /// Whether the person has. Until then it is the runner-up: the class that is likeliest after the predicted one.
    #[serde(default)]
    pub target_is_chosen: bool,
    /// The layer of the judge that the heatmaps look at.
    #[serde(with = "kept_layer")]
    pub layer: Layer,
    /// How the heatmaps weigh what they find there.
    #[serde(default)]
    pub method: Method,
    /// Whether the heatmaps show one class against the other.
    #[serde(default)]
    pub contrast: bool,
    /// Where the latent came from.
    pub start: Start,
    /// The latent as it came from there.
    pub origin: Vec<f32>,
    /// Which image of the sample is next.
    pub sample: usize,
    /// The grid of samples.
    pub anchors: AnchorControls,
    /// The way from one anchor to another.
    pub morph: MorphControls,
    /// What Compare holds the latent against, once a person has chosen.
    #[serde(default)]
    pub other: Option<OtherLatent>,
    /// Which two axes the pad has.
    #[serde(default)]
    pub pad: PadControls,
}

/// A latent to hold the current one against, with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtherLatent {
    /// What to call it.
    pub name: String,
    /// The latent, in the VAE's own units.
    pub latent: Vec<f32>,
    /// The class that a conditional model draws it as.
    #[serde(default)]
    pub condition: Option<ClassId>,
    /// Where it came from.
    pub start: Start,
    /// The latent as it came from there.
    pub origin: Vec<f32>,
}

/// What the grid of samples shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnchorControls {
    /// The class to draw.
    pub class: ClassId,
    /// Share of the class region's own spread, in 0..2.
    pub noise: f32,
    /// How many samples.
    pub count: usize,
    /// The seed of the draw.
    pub seed: Seed,
}

/// A walk between two anchors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MorphControls {
    /// Where the walk starts.
    pub from: ClassId,
    /// Where it ends.
    pub to: ClassId,
    /// The shape of the way.
    pub path: Path,
    /// The image in front, from 0 to [`MORPH_STEPS`] - 1.
    pub step: usize,
}

impl MorphControls {
    /// How far along the way the image in front is, in 0..1.
    #[must_use]
    pub fn t(&self) -> f32 {
        self.step as f32 / (MORPH_STEPS - 1) as f32
    }
}

impl Scene {
    /// The first scene of a model: the anchor of one class.
    #[must_use]
    pub fn new(model: &OpenModel, seed: Seed) -> Self {
        let space = &model.space;
        let (first, _) = first_two(model.drawn_names().len());
        let (from, to) = first_two(space.regions.classes());
        let latent = model.anchor(first);
        let selected = space.statistics.order_by_kl().first().copied();
        Self {
            origin: latent.clone(),
            locked: vec![false; latent.len()],
            selected: selected.unwrap_or(0),
            latent,
            condition: model.given(Some(first)),
            sampler: model.usual_sampler(),
            seed,
            target: first,
            target_is_chosen: false,
            layer: LAST_LAYER,
            method: Method::GradCam,
            contrast: false,
            start: Start::Anchor(first),
            sample: 0,
            anchors: AnchorControls {
                class: first,
                noise: 1.0,
                count: 36,
                seed,
            },
            morph: MorphControls {
                from,
                to,
                path: Path::Spherical,
                step: 0,
            },
            other: None,
            pad: PadControls::default(),
        }
    }

    /// Takes note of the model that it is shown with: which classes it takes, how it draws, which axes its
    /// pad can have, who judges there, and what of.
    pub fn meet(&mut self, model: &OpenModel) {
        self.condition = model.given(self.condition);
        self.sampler = model.sampler(self.sampler);
        self.pad = std::mem::take(&mut self.pad).sound(model.space.dims());
        let Some(judge) = &model.judge else { return };
        if self.target.index() >= judge.class_names.len() {
            self.target = ClassId(0);
            self.target_is_chosen = false;
        }
    }

    /// Goes to `latent`, which came from `start`.
    pub fn go(&mut self, latent: Vec<f32>, start: Start) {
        self.origin.clone_from(&latent);
        self.latent = latent;
        self.start = start;
    }

    /// Goes to the mean of an encoded image. If its class is known, a conditional model draws it as that.
    pub fn go_to_encoded(&mut self, mean: Vec<f32>, start: Start) {
        if let Start::Image(image) = &start
            && image.label.is_some()
            && image.encoded_as.is_some()
        {
            self.draw_as(image.encoded_as);
        }
        self.go(mean, start);
    }

    /// Has a conditional model draw the same latent as another class.
    pub fn draw_as(&mut self, condition: Option<ClassId>) {
        self.condition = condition;
    }

    /// Explains this class from now on, whatever is predicted; `None` for the runner-up.
    pub fn aim_at(&mut self, class: Option<ClassId>) {
        self.target = class.unwrap_or(self.target);
        self.target_is_chosen = class.is_some();
    }

    /// The class to explain beside the predicted one that the person has chosen.
    #[must_use]
    pub fn chosen_target(&self) -> Option<ClassId> {
        self.target_is_chosen.then_some(self.target)
    }

    /// The class that is explained beside the predicted one; `None` if there is no other class.
    #[must_use]
    pub fn explained(&self, prediction: Option<&Prediction>) -> Option<ClassId> {
        let runner_up = || prediction?.runner_up();
        self.chosen_target().or_else(runner_up)
    }

    /// What is decoded.
    #[must_use]
    pub fn decoded(&self) -> ConditionedLatent {
        ConditionedLatent::new(self.latent.clone(), self.condition)
    }

    /// Whether the same is decoded in another scene.
    #[must_use]
    pub fn looks_like(&self, other: &Self) -> bool {
        self.latent == other.latent
            && self.condition == other.condition
            && self.sampler == other.sampler
    }

    /// Whether the latent was changed since it came from [`Self::start`].
    #[must_use]
    pub fn edited(&self) -> bool {
        self.latent != self.origin
    }

    /// Gives every unlocked dimension a new value from the prior, and the next draw its own seed.
    pub fn randomise(&mut self) {
        let seed = self.seed;
        let draw = latent_space::sample_prior(self.latent.len(), 1, seed);
        let mut latent = draw.into_iter().next().unwrap_or_default();
        self.keep_locked(&mut latent);
        self.go(latent, Start::Prior(seed));
        self.seed = Seed(seed.0.wrapping_add(1));
    }

    /// Puts every unlocked dimension on the mean of the aggregate posterior.
    pub fn reset(&mut self, stats: &LatentStats) {
        let mut latent = stats.mean.clone();
        self.keep_locked(&mut latent);
        self.go(latent, Start::Center);
    }

    /// Puts the locked dimensions of `latent` where this scene has them.
    pub fn keep_locked(&self, latent: &mut [f32]) {
        for ((value, &old), &locked) in latent.iter_mut().zip(&self.latent).zip(&self.locked) {
            if locked {
                *value = old;
            }
        }
    }
}
