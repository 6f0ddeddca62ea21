//! What a picture was made from, as text: in the clipboard, in a PNG file's text, in a GIF file's comment. Opening it
//! brings the scene back.
//!
//! The text is that of the `recipe` crate, which the command line writes and reads, too. What only the window sets is in a
//! part of its own there, so a recipe of the command line has less: its latent, and what goes with it.

mod command_line;

use datasets::ImageShape;
use recipe::{Anchors, Cam, Latent, Picture};
use serde::{Deserialize, Serialize};
use studio::{Manifest, ModelSource};

use super::{
    controls::{Controls, Space, View},
    scene::Scene,
    sources,
    timeline::{Stop, Timeline},
};
use crate::files::store::Kind;

/// What earlier versions of the window wrote.
const EARLIER: Kind = Kind {
    file: "scene.ron",
    what: "scene",
    version: 2,
};

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureKind {
    /// The image of the latent.
    Image,
    /// The image with the evidence for its prediction over it.
    Overlay,
    /// The image beside the same with the evidence over it.
    Beside,
    /// The grid of samples in Anchors.
    Grid,
    /// The whole window.
    Window,
    /// The sheet over the two axes of the pad.
    Pad,
    /// The way from one anchor to another.
    Morph,
    /// The walk along the selected dimension.
    Traversal,
    /// The show.
    Show,
}

/// All that it takes to make a picture again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The program that wrote it, with its version.
    pub program: String,
    /// What to call the model. No path: it is nobody's business.
    pub model: String,
    /// SHA-256 over the model's weights, in hexadecimal.
    pub model_sha256: String,
    /// What to call the model whose classifier judges, if it is another one's.
    #[serde(default)]
    pub judge: Option<String>,
    /// Screen pixels a pixel, where that is known.
    #[serde(default)]
    pub scale: Option<u32>,
    /// What the picture shows.
    pub shows: PictureKind,
    /// The space that was in front.
    pub space: Space,
    /// What was set, the latent and the seeds among it.
    pub scene: Scene,
    /// How heatmaps were painted.
    #[serde(default)]
    pub view: View,
    /// Of a show: how it went,
    #[serde(default)]
    pub timeline: Option<Timeline>,
    /// and its stops.
    #[serde(default)]
    pub stops: Vec<Stop>,
}

/// What only the window reads.
#[derive(Serialize, Deserialize)]
struct OfTheWindow {
    shows: PictureKind,
    space: Space,
    scene: Scene,
    #[serde(default)]
    view: View,
    #[serde(default)]
    timeline: Option<Timeline>,
    #[serde(default)]
    stops: Vec<Stop>,
}

impl Recipe {
    /// The recipe of what is in front; `None` until the model is open.
    #[must_use]
    pub fn of(
        controls: &Controls,
        manifest: &Manifest,
        shows: PictureKind,
        stops: Vec<Stop>,
    ) -> Option<Self> {
        let show = shows == PictureKind::Show;
        Some(Self {
            program: concat!("latent-lens ", env!("CARGO_PKG_VERSION")).to_owned(),
            model: controls.model.short_name(),
            model_sha256: manifest.model_sha256(),
            judge: manifest.judge.as_ref().map(ModelSource::short_name),
            scale: None,
            shows,
            space: controls.space,
            scene: controls.scene()?.clone(),
            view: controls.view,
            timeline: show.then_some(controls.timeline),
            stops: if show { stops } else { Vec::new() },
        })
    }

    /// The recipe as text.
    ///
    /// # Errors
    /// If a part of the scene has no form in it; none of ours has such parts.
    pub fn text(&self) -> Result<String, String> {
        let window = OfTheWindow {
            shows: self.shows,
            space: self.space,
            scene: self.scene.clone(),
            view: self.view,
            timeline: self.timeline,
            stops: self.stops.clone(),
        };
        let window = serde_json::to_value(&window).map_err(|error| error.to_string())?;
        let recipe = recipe::Recipe {
            recipe_version: recipe::VERSION,
            program: self.program.clone(),
            model: self.model.clone(),
            model_sha256: self.model_sha256.clone(),
            judge: self.judge.clone(),
            scale: self.scale.filter(|scale| *scale <= recipe::MOST_SCALE),
            sampler: Some(self.scene.sampler)
                .filter(|sampler| sampler.steps > 0)
                .map(|sampler| recipe::Sampler {
                    steps: sampler.steps,
                    guidance: sampler.guidance,
                    seed: sampler.seed,
                }),
            picture: self.picture(),
            window: Some(window),
        };
        Ok(recipe.text())
    }

    /// What the command line needs to draw it, as far as it can.
    fn picture(&self) -> Picture {
        let anchors = &self.scene.anchors;
        match self.shows {
            PictureKind::Image => Picture::Latent(Latent {
                start: None,
                latent: self.scene.latent.clone(),
                condition: self.scene.condition,
            }),
            PictureKind::Overlay | PictureKind::Beside => {
                let scene = &self.scene;
                Picture::Cam(Cam {
                    start: None,
                    latent: scene.latent.clone(),
                    condition: scene.condition,
                    class: scene.contrast.then_some(scene.target),
                    contrast: scene.contrast,
                    alone: self.shows == PictureKind::Overlay,
                    layer: scene.layer.0 + 1,
                    method: scene.method,
                    opacity: self.view.opacity,
                    color_map: self.view.color_map,
                })
            }
            PictureKind::Grid => Picture::Anchors(Anchors {
                latent: Vec::new(),
                classes: vec![anchors.class],
                noise: anchors.noise,
                count: anchors.count,
                seed: anchors.seed,
            }),
            PictureKind::Window => Picture::Window,
            PictureKind::Pad => Picture::Pad,
            PictureKind::Morph => Picture::Morph,
            PictureKind::Traversal => Picture::Walk,
            PictureKind::Show => Picture::Show,
        }
    }

    /// Reads a text that [`Self::text`] made, or the command line, or an earlier version of the window.
    ///
    /// # Errors
    /// If it is another text, of a newer version, or damaged; the message says which.
    pub fn parse(text: &str) -> Result<Self, String> {
        match recipe::Recipe::parse(text) {
            Ok(recipe) => Self::of_text(recipe),
            Err(recipe::RecipeError::Other) => EARLIER.parse(text),
            Err(error) => Err(error.to_string()),
        }
    }

    fn of_text(recipe: recipe::Recipe) -> Result<Self, String> {
        let window = match recipe.window {
            Some(window) => serde_json::from_value(window)
                .map_err(|error| format!("it is damaged at {error}"))?,
            None => command_line::of_the_command_line(&recipe.picture, recipe.sampler)
                .ok_or_else(|| "it says of no latent where it is".to_owned())?,
        };
        let OfTheWindow {
            shows,
            space,
            scene,
            view,
            timeline,
            stops,
        } = window;
        Ok(Self {
            program: recipe.program,
            model: recipe.model,
            model_sha256: recipe.model_sha256,
            judge: recipe.judge,
            scale: recipe.scale,
            shows,
            space,
            scene,
            view,
            timeline,
            stops,
        })
    }

    /// Whether a shipped model has this recipe's name.
    #[must_use]
    pub fn shipped(&self) -> Option<ModelSource> {
        let named = |model: &ModelSource| model.short_name() == self.model;
        sources::shipped().into_iter().find(named)
    }
}

impl PictureKind {
    /// What it is, in words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Overlay | Self::Beside => "image with its heatmap",
            Self::Grid => "grid of samples",
            Self::Window => "window",
            Self::Pad => "sheet of the pad",
            Self::Morph => "morph",
            Self::Traversal => "walk",
            Self::Show => "show",
        }
    }

    /// Whether it holds many images: then each is smaller.
    #[must_use]
    pub fn is_sheet(self) -> bool {
        matches!(self, Self::Grid | Self::Pad)
    }

    /// Whether it moves: then it goes into a GIF file.
    #[must_use]
    pub fn moves(self) -> bool {
        matches!(self, Self::Morph | Self::Traversal | Self::Show)
    }

    /// Screen pixels a pixel of images of this shape, unless a person wants another number; 1 for the window, which has its
    /// own pixels.
    #[must_use]
    pub fn usual_scale(self, shape: ImageShape) -> usize {
        let side = match self {
            Self::Image | Self::Overlay | Self::Beside => 448,
            Self::Grid | Self::Pad => 112,
            Self::Window => return 1,
            Self::Morph | Self::Traversal | Self::Show => 224,
        };
        usize::div_ceil(side, shape.square_side())
    }
}
