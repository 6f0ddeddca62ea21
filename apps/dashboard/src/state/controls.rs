//! Everything that a person sets, as plain data: what the window shows follows from it and from the models.

use std::collections::BTreeMap;

use clap::ValueEnum;
use datasets::{ClassId, Seed};
use explain::ColorMap;
use serde::{Deserialize, Serialize};
use studio::{FrameRequest, ModelSource};

use super::{
    bookmarks::Bookmarks, class_strip::ClassStrip, dock::DockLayout,
    family_controls::FamilyControls, map::MapSettings, model::OpenModel, scene::Scene,
    timeline::Timeline, validation,
};

/// How far a slider reaches to each side, in standard deviations of the aggregate posterior.
pub const RANGE_SIGMAS: f32 = 3.0;
/// Images in the traversal strip.
pub const STRIP_STEPS: usize = 11;
/// Steps on the whole way to another class, in Explain.
pub const COUNTERFACTUAL_STEPS: usize = 40;

/// One of the tabs of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
pub enum Space {
    /// Move the latent and see what it draws.
    #[default]
    Explore,
    /// Draw many samples of one class, and walk between classes.
    Anchors,
    /// See where the classifier found its evidence.
    Explain,
    /// See where images lie in latent space.
    Map,
    /// See two latents, or two models, or all models of a domain, side by side.
    Compare,
    /// Read what was measured.
    Evaluate,
    /// Train a model, and see it learn.
    Train,
}

impl Space {
    /// Every space, in the order of the tabs.
    pub const ALL: [Self; 7] = [
        Self::Explore,
        Self::Anchors,
        Self::Explain,
        Self::Map,
        Self::Compare,
        Self::Evaluate,
        Self::Train,
    ];

    /// Whether the latent, or what is drawn from it, is seen there.
    #[must_use]
    pub fn shows_latent(self) -> bool {
        !matches!(self, Self::Evaluate | Self::Train)
    }

    /// Whether a heatmap can lie on the picture there.
    #[must_use]
    pub fn shows_heatmap(self) -> bool {
        matches!(self, Self::Explore | Self::Compare)
    }

    /// The name on the tab.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Explore => "Explore",
            Self::Anchors => "Anchors",
            Self::Explain => "Explain",
            Self::Map => "Map",
            Self::Compare => "Compare",
            Self::Evaluate => "Evaluate",
            Self::Train => "Train",
        }
    }
}

/// All that a person has set. A frame is a function of this and of the model.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something that is shown or not"
)]
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
    /// The show: through which stops, and how.
    #[serde(default)]
    pub timeline: Timeline,
    /// The bookmarks of each model. They have a file of their own.
    #[serde(skip)]
    pub bookmarks: Bookmarks,
    /// Whose classifier judges a model's images, where the person chose that of another model.
    #[serde(default)]
    pub judges: BTreeMap<ModelSource, ModelSource>,
    /// Whether Explain shows what would have to change, in place of the evidence.
    #[serde(default)]
    pub counterfactual: bool,
    /// Which classes stand under the image of a conditional model.
    #[serde(default)]
    pub class_strip: ClassStrip,
    /// What Compare holds side by side.
    #[serde(default)]
    pub compare: CompareControls,
    /// How the map is shown.
    #[serde(default)]
    pub map: MapSettings,
    /// Whether Explore shows the images of the sample that are most like the picture.
    #[serde(default)]
    pub nearest: bool,
    /// Where the panels are.
    #[serde(default)]
    pub layout: DockLayout,
    /// Whether the pad is unfolded over the sliders of Explore.
    #[serde(default)]
    pub pad_unfolded: bool,
    /// Whether the steps that undo goes through are seen.
    #[serde(default)]
    pub history_unfolded: bool,
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

/// What is set in Compare, for all models alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompareControls {
    /// What is held against what.
    pub with: CompareWith,
    /// The model on the right, once a person has chosen.
    pub model: Option<ModelSource>,
    /// What the models of one domain are asked.
    #[serde(default)]
    pub families: FamilyControls,
}

/// What is held against what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareWith {
    /// Another latent of the model in front.
    #[default]
    Latent,
    /// Another model, with the same image.
    Model,
    /// All models of the domain, with the same class, noise and seed.
    Families,
    /// Real images, and what each model of the domain makes of them.
    Reconstructions,
}

impl CompareWith {
    /// Whether it shows all models of the domain.
    #[must_use]
    pub fn is_of_families(self) -> bool {
        matches!(self, Self::Families | Self::Reconstructions)
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
            timeline: Timeline::default(),
            bookmarks: Bookmarks::new(),
            judges: BTreeMap::new(),
            counterfactual: false,
            class_strip: ClassStrip::default(),
            compare: CompareControls {
                families: FamilyControls {
                    seed,
                    ..FamilyControls::default()
                },
                ..CompareControls::default()
            },
            map: MapSettings::default(),
            nearest: false,
            layout: DockLayout::default(),
            pad_unfolded: false,
            history_unfolded: false,
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

    /// Class and seed of the samples that the space in front shows, if it shows any.
    pub fn samples_mut(&mut self) -> Option<(&mut ClassId, &mut Seed)> {
        match self.space {
            Space::Anchors => {
                let anchors = &mut self.scene_mut()?.anchors;
                Some((&mut anchors.class, &mut anchors.seed))
            }
            Space::Compare if self.compare.with == CompareWith::Families => {
                let families = &mut self.compare.families;
                Some((&mut families.class, &mut families.seed))
            }
            _ => None,
        }
    }

    /// The frame that these controls ask for of the model in front. What its judge does not have is not asked for.
    #[must_use]
    pub fn request(&self, model: &OpenModel) -> Option<FrameRequest> {
        let scene = self.scene()?;
        let judge = model.judge.as_ref();
        let known = judge.map_or(0, |judge| judge.class_names.len());
        let last = judge.and_then(|judge| judge.layers.last());
        Some(FrameRequest {
            latent: scene.latent.clone(),
            condition: model.given(scene.condition),
            sampler: model.sampler(scene.sampler),
            target: scene
                .chosen_target()
                .filter(|target| target.index() < known),
            runner_up: true,
            layer: last.map_or(scene.layer, |(last, _)| scene.layer.min(*last)),
            method: scene.method,
            contrast: scene.contrast,
        })
    }

    /// Gives `source` its first scene if it has none that fits. A class that the model does not have is dropped.
    pub fn open(&mut self, source: &ModelSource, model: &OpenModel) {
        let fits = |scene: &Scene| validation::fits(scene, model);
        if !self.scenes.get(source).is_some_and(fits) {
            let scene = Scene::new(model, self.seed);
            self.scenes.insert(source.clone(), scene);
        }
        if let Some(scene) = self.scenes.get_mut(source) {
            scene.meet(model);
        }
    }
}
