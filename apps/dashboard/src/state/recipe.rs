//! What a picture was made from, as text: in the clipboard, in a PNG file's text, in a GIF file's comment. Opening it
//! brings the scene back.
//!
//! The text is that of the `recipe` crate, which the command line writes and reads, too. What only the window sets is in a
//! part of its own there, so a recipe of the command line has less: its latent, and what goes with it.

use datasets::{ClassId, ImageShape, Seed};
use latent_space::Path;
use recipe::{Anchors, Latent, Picture};
use serde::{Deserialize, Serialize};
use studio::{FrameRequest, Manifest, ModelSource};

use super::{
    controls::{Controls, Space},
    scene::{AnchorControls, MorphControls, Scene, Start},
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

/// The largest noise of a grid in the window.
const MOST_NOISE: f32 = 2.0;

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
            }),
            PictureKind::Grid => Picture::Anchors(Anchors {
                latent: Vec::new(),
                classes: vec![anchors.class],
                noise: anchors.noise,
                count: anchors.count,
                seed: anchors.seed,
            }),
            PictureKind::Window => Picture::Window,
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
            None => of_the_command_line(&recipe.picture)
                .ok_or_else(|| "it says of no latent where it is".to_owned())?,
        };
        let OfTheWindow {
            shows,
            space,
            scene,
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

/// What the window shows of a picture that the command line drew; `None` of one without a latent.
fn of_the_command_line(picture: &Picture) -> Option<OfTheWindow> {
    let latent = picture.latent()?.to_vec();
    let (shows, space, start) = match picture {
        Picture::Latent(latent) => (PictureKind::Image, Space::Explore, &latent.start),
        Picture::Traversal(traversal) => (PictureKind::Traversal, Space::Explore, &traversal.start),
        Picture::Cam(cam) => (PictureKind::Image, Space::Explain, &cam.start),
        Picture::Anchors(_) => (PictureKind::Grid, Space::Anchors, &None),
        Picture::Window | Picture::Morph | Picture::Walk | Picture::Show => return None,
    };
    let mut scene = scene_at(latent, start.as_ref());
    match picture {
        Picture::Anchors(anchors) => {
            let class = *anchors.classes.first()?;
            scene.start = Start::Anchor(class);
            scene.anchors = AnchorControls {
                class,
                noise: anchors.noise.min(MOST_NOISE),
                count: anchors.count,
                seed: anchors.seed,
            };
        }
        Picture::Traversal(traversal) => scene.selected = *traversal.dims.first()?,
        Picture::Cam(cam) => {
            scene.target = cam.class.unwrap_or(scene.target);
            scene.layer = datasets::Layer(cam.layer.saturating_sub(1));
            scene.method = cam.method;
        }
        _ => {}
    }
    Some(OfTheWindow {
        shows,
        space,
        scene,
        timeline: None,
        stops: Vec::new(),
    })
}

/// A scene at a latent that came from outside, with all else as at first.
fn scene_at(latent: Vec<f32>, start: Option<&recipe::Start>) -> Scene {
    let first = FrameRequest::new(Vec::new());
    let (start, anchors) = match start {
        Some(recipe::Start::Anchor { anchor }) => (Start::Anchor(*anchor), None),
        Some(recipe::Start::Prior { prior_seed }) => (Start::Prior(*prior_seed), None),
        Some(recipe::Start::Sample {
            anchor,
            noise,
            seed,
        }) => {
            let (class, index) = (*anchor, 0);
            (Start::Sample { class, index }, Some((class, *noise, *seed)))
        }
        Some(recipe::Start::Sigmas { .. }) | None => (Start::Center, None),
    };
    let class = start.class().unwrap_or(ClassId(0));
    // Nothing is known of where the middle is, so a latent that was given is told as one that was moved from there.
    let origin = match start {
        Start::Center => vec![0.0; latent.len()],
        _ => latent.clone(),
    };
    let (grid, noise, seed) = anchors.unwrap_or((class, 1.0, Seed::default()));
    Scene {
        locked: vec![false; latent.len()],
        latent,
        selected: 0,
        seed: Seed::default(),
        target: class,
        target_is_free: false,
        layer: first.layer,
        method: first.method,
        contrast: first.contrast,
        start,
        origin,
        sample: 0,
        anchors: AnchorControls {
            class: grid,
            noise: noise.min(MOST_NOISE),
            count: 36,
            seed,
        },
        morph: MorphControls {
            from: class,
            to: ClassId(0),
            path: Path::Spherical,
            step: 0,
        },
        other: None,
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
