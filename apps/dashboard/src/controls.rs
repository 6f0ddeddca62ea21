//! Everything that a person sets, as plain data: what the window shows follows from it and from the models.

use std::collections::BTreeMap;

use clap::ValueEnum;
use classifier::Stage;
use datasets::{ClassId, Seed};
use explain::ColorMap;
use serde::{Deserialize, Serialize};
use studio::{FrameRequest, Manifest, ModelSource};
use vae_core::{ClassRegions, LatentStats, Path};

/// How far a slider reaches to each side, in standard deviations of the aggregate posterior.
pub const RANGE_SIGMAS: f32 = 3.0;
/// Images in the traversal strip.
pub const STRIP_STEPS: usize = 11;
/// Images on the way from one anchor to another; every fourth is in the strip.
pub const MORPH_STEPS: usize = 41;
/// The class that a model shows first.
const FIRST_CLASS: ClassId = ClassId(3);

/// One of the rooms of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
pub enum Space {
    /// Move the latent and see what it draws.
    #[default]
    Explore,
    /// Draw many samples of one class, and walk between classes.
    Anchors,
    /// See where the classifier found its evidence.
    Explain,
    /// Read what was measured.
    Evaluate,
}

impl Space {
    /// Every space, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Explore, Self::Anchors, Self::Explain, Self::Evaluate];

    /// The name on the tab.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Explore => "Explore",
            Self::Anchors => "Anchors",
            Self::Explain => "Explain",
            Self::Evaluate => "Evaluate",
        }
    }
}

/// All that a person has set. A frame is a function of this and of the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Controls {
    /// The model in front.
    pub model: ModelSource,
    /// The space in front.
    pub space: Space,
    /// The seed of new scenes.
    pub seed: Seed,
    /// What was set for each model that was opened.
    pub scenes: BTreeMap<ModelSource, Scene>,
    /// How frames are painted.
    pub view: View,
}

/// What only changes how a frame is painted, so it is in no request.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Whether Explore paints the heatmap over the image.
    pub overlay: bool,
    /// The heatmap's largest share of a pixel, in 0..1.
    pub opacity: f32,
    /// The heatmap's colours.
    pub color_map: ColorMap,
}

/// What was set for one model. Undo and redo go through scenes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// The latent, in the VAE's own units.
    pub latent: Vec<f32>,
    /// Dimensions that randomising and resetting leave alone.
    pub locked: Vec<bool>,
    /// The dimension that the strip and the effect map show.
    pub selected: usize,
    /// The seed of the next random draw.
    pub seed: Seed,
    /// The class to explain beside the predicted one.
    pub target: ClassId,
    /// The stage of the classifier that the heatmaps look at.
    pub layer: Stage,
    /// Where the latent came from.
    pub start: Start,
    /// The latent as it came from there.
    pub origin: Vec<f32>,
    /// Which image of the shipped sample is next.
    pub sample: usize,
    /// The grid of samples.
    pub anchors: AnchorControls,
    /// The way from one anchor to another.
    pub morph: MorphControls,
}

/// Where a latent came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Start {
    /// Drawn from the prior.
    Prior(Seed),
    /// The mean of a class region.
    Anchor(ClassId),
    /// A sample of a class region.
    Sample {
        /// The class.
        class: ClassId,
        /// The number in the grid, from 0.
        index: usize,
    },
    /// On the way between two anchors.
    Morph {
        /// Where the way starts.
        from: ClassId,
        /// Where it ends.
        to: ClassId,
        /// How far along it, in 0..1.
        t: f32,
    },
    /// The encoder's mean for an image.
    Image(InputImage),
    /// The mean of the aggregate posterior.
    Center,
}

/// An image that was put in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputImage {
    /// What to call it.
    pub name: String,
    /// Its class, where that is known.
    pub label: Option<ClassId>,
    /// 784 grey pixels in 0..1, row by row.
    pub pixels: Vec<f32>,
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

impl Default for View {
    fn default() -> Self {
        Self {
            overlay: true,
            opacity: 0.5,
            color_map: ColorMap::Inferno,
        }
    }
}

impl Controls {
    /// The controls of a window that has just opened.
    #[must_use]
    pub fn new(model: ModelSource, space: Space, seed: Seed) -> Self {
        Self {
            model,
            space,
            seed,
            scenes: BTreeMap::new(),
            view: View::default(),
        }
    }

    /// What is set for the model in front, once it is open.
    #[must_use]
    pub fn scene(&self) -> Option<&Scene> {
        self.scenes.get(&self.model)
    }

    /// As [`Self::scene`], to change it.
    pub fn scene_mut(&mut self) -> Option<&mut Scene> {
        self.scenes.get_mut(&self.model)
    }

    /// The frame that these controls ask for, once the model is open.
    #[must_use]
    pub fn request(&self) -> Option<FrameRequest> {
        let scene = self.scene()?;
        Some(FrameRequest {
            latent: scene.latent.clone(),
            target: Some(scene.target),
            layer: scene.layer,
        })
    }

    /// Gives `model` its first scene if it has none. A model without a VAE gets none.
    pub fn open(&mut self, model: &ModelSource, manifest: &Manifest) {
        let Some(vae) = &manifest.vae else { return };
        let fits = |scene: &Scene| scene.latent.len() == vae.latent.dims();
        if !self.scenes.get(model).is_some_and(fits) {
            let scene = Scene::new(&vae.latent, &vae.regions, self.seed);
            self.scenes.insert(model.clone(), scene);
        }
    }
}

impl Scene {
    /// The first scene of a model: the anchor of one class.
    #[must_use]
    pub fn new(stats: &LatentStats, regions: &ClassRegions, seed: Seed) -> Self {
        let classes = u8::try_from(regions.classes()).unwrap_or(u8::MAX);
        let first = ClassId(FIRST_CLASS.0.min(classes.saturating_sub(1)));
        let next = ClassId((first.0 + 5) % classes.max(1));
        let latent = regions.anchor(first);
        Self {
            origin: latent.clone(),
            locked: vec![false; latent.len()],
            selected: stats.order_by_kl().first().copied().unwrap_or(0),
            latent,
            seed,
            target: first,
            layer: Stage::Stage4,
            start: Start::Anchor(first),
            sample: 0,
            anchors: AnchorControls {
                class: first,
                noise: 1.0,
                count: 36,
                seed,
            },
            morph: MorphControls {
                from: first,
                to: next,
                path: Path::Spherical,
                step: 0,
            },
        }
    }

    /// Goes to `latent`, which came from `start`.
    pub fn go(&mut self, latent: Vec<f32>, start: Start) {
        if let Some(class) = start.class() {
            self.target = class;
        }
        self.origin.clone_from(&latent);
        self.latent = latent;
        self.start = start;
    }

    /// Whether the latent was changed since it came from [`Self::start`].
    #[must_use]
    pub fn edited(&self) -> bool {
        self.latent != self.origin
    }

    /// Gives every unlocked dimension a new value from the prior, and the next draw its own seed.
    pub fn randomise(&mut self) {
        let seed = self.seed;
        let draw = vae_core::sample_prior(self.latent.len(), 1, seed);
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

    fn keep_locked(&self, latent: &mut [f32]) {
        for ((value, &old), &locked) in latent.iter_mut().zip(&self.latent).zip(&self.locked) {
            if locked {
                *value = old;
            }
        }
    }
}

impl Start {
    /// The class that the latent was meant to be of, where there was one.
    #[must_use]
    pub fn class(&self) -> Option<ClassId> {
        match self {
            Self::Anchor(class) | Self::Sample { class, .. } => Some(*class),
            Self::Morph { from, to, t } => Some(if *t < 0.5 { *from } else { *to }),
            Self::Image(image) => image.label,
            Self::Prior(_) | Self::Center => None,
        }
    }
}
