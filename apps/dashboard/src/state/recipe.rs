//! What a picture was made from, as text: in the clipboard, in a PNG file's text, in a GIF file's comment. Opening it
//! brings the scene back.

use datasets::ImageShape;
use serde::{Deserialize, Serialize};
use studio::{Manifest, ModelSource};

use super::{
    controls::{Controls, Space},
    scene::Scene,
    sources,
    timeline::{Stop, Timeline},
};
use crate::files::store::Kind;

/// How the text begins, so that it is told from any other.
pub const RECIPE: Kind = Kind {
    file: "scene.ron",
    what: "scene",
    version: 2,
};

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PictureKind {
    /// The image of the latent.
    Image,
    /// The grid of samples in Anchors.
    Grid,
    /// The whole window.
    Window,
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
    /// What the picture shows.
    pub shows: PictureKind,
    /// The space that was in front.
    pub space: Space,
    /// What was set, the latent and the seeds among it.
    pub scene: Scene,
    /// Of a show: how it went,
    #[serde(default)]
    pub timeline: Option<Timeline>,
    /// and its stops.
    #[serde(default)]
    pub stops: Vec<Stop>,
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
            shows,
            space: controls.space,
            scene: controls.scene()?.clone(),
            timeline: show.then_some(controls.timeline),
            stops: if show { stops } else { Vec::new() },
        })
    }

    /// The recipe as text.
    ///
    /// # Errors
    /// As [`Kind::text`].
    pub fn text(&self) -> Result<String, String> {
        RECIPE.text(self)
    }

    /// Reads a text that [`Self::text`] made.
    ///
    /// # Errors
    /// If it is another text, of a newer version, or damaged; the message says which.
    pub fn parse(text: &str) -> Result<Self, String> {
        RECIPE.parse(text)
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
            Self::Grid => "grid of samples",
            Self::Window => "window",
            Self::Morph => "morph",
            Self::Traversal => "walk",
            Self::Show => "show",
        }
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
            Self::Image => 448,
            Self::Grid => 112,
            Self::Window => return 1,
            Self::Morph | Self::Traversal | Self::Show => 224,
        };
        usize::div_ceil(side, shape.square_side())
    }
}
