//! The pictures that there are, each with what was set for it.

use datasets::{ClassId, Seed};
use explain::{ColorMap, Method};
use serde::{Deserialize, Serialize};

use crate::names;

/// Largest share of a class's own spread that samples are drawn with.
const MOST_NOISE: f32 = 10.0;
/// Most samples a class, and most steps along a dimension.
const MOST_IMAGES: usize = 1_000;
/// Most classes, and most latent dimensions.
const MOST_ROWS: usize = 1_024;
/// Most images of a picture: more than a picture has room for, unless they are tiny.
const MOST_IN_ALL: usize = 100_000;

/// What a picture shows. In the text, `render` says which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "render", rename_all = "kebab-case")]
pub enum Picture {
    /// The image of one latent vector.
    Latent(Latent),
    /// Samples around the anchors of classes.
    Anchors(Anchors),
    /// One latent dimension after the other, from low to high.
    Traversal(Traversal),
    /// An image beside the evidence that the classifier saw in it.
    Cam(Cam),
    /// The whole window. Only the window draws it, as the four that follow.
    Window,
    /// A sheet over two directions at once, each image with its prediction.
    Pad,
    /// The way from one anchor to another, as a film.
    Morph,
    /// The walk along one dimension, as a film.
    Walk,
    /// A show, as a film.
    Show,
}

/// The image of one latent vector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latent {
    /// Where the latent came from, where that has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// The latent, in the model's own units.
    pub latent: Vec<f32>,
    /// The class that a conditional model decodes with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<ClassId>,
}

/// Samples around the anchors of classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anchors {
    /// The anchor of the first class.
    #[serde(default)]
    pub latent: Vec<f32>,
    /// The classes. Several get a row each, one fills a square. A conditional model decodes the same latents with each.
    pub classes: Vec<ClassId>,
    /// The share of each class's own spread.
    pub noise: f32,
    /// Samples a class.
    pub count: usize,
    /// The seed of the samples.
    pub seed: Seed,
}

/// One latent dimension after the other, from low to high.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Traversal {
    /// Where the latent came from, where that has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// The latent, in the model's own units.
    pub latent: Vec<f32>,
    /// The class that a conditional model decodes with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<ClassId>,
    /// The dimensions, a row each.
    pub dims: Vec<usize>,
    /// How far to go to both sides, in standard deviations.
    pub sigmas: f32,
    /// Images a row.
    pub steps: usize,
}

/// An image beside the evidence that the classifier saw in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cam {
    /// Where the latent came from, where that has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Start>,
    /// The latent, in the model's own units.
    pub latent: Vec<f32>,
    /// The class that a conditional model decodes with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<ClassId>,
    /// A class to explain beside the predicted one.
    pub class: Option<ClassId>,
    /// Whether what is explained is what speaks for one class and not for the other.
    #[serde(default, skip_serializing_if = "is_false")]
    pub contrast: bool,
    /// Whether the evidence for the predicted class is all there is, without the image beside it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub alone: bool,
    /// The stage of the classifier, counted from 1.
    pub layer: usize,
    /// How its feature maps are weighed.
    #[serde(with = "names::method")]
    pub method: Method,
    /// How much of the colours lies over the image, in 0..1.
    pub opacity: f32,
    /// The colours.
    #[serde(with = "names::color_map")]
    pub color_map: ColorMap,
}

/// Where a latent came from. A form with more fields comes before one with fewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Start {
    /// Given, in standard deviations of each dimension from its mean.
    Sigmas {
        /// As many as were given; the others are 0.
        latent_sigmas: Vec<f32>,
    },
    /// Drawn from the prior.
    Prior {
        /// The seed of the draw.
        prior_seed: Seed,
    },
    /// A sample of a class region, or of the one region of a conditional model.
    Sample {
        /// The class.
        anchor: ClassId,
        /// The share of the class's own spread.
        noise: f32,
        /// The seed of the draw.
        seed: Seed,
    },
    /// The middle of a class region, or of the one region of a conditional model.
    Anchor {
        /// The class.
        anchor: ClassId,
    },
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

impl Picture {
    /// What it is called in the text.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Latent(_) => "latent",
            Self::Anchors(_) => "anchors",
            Self::Traversal(_) => "traversal",
            Self::Cam(_) => "cam",
            Self::Window => "window",
            Self::Pad => "pad",
            Self::Morph => "morph",
            Self::Walk => "walk",
            Self::Show => "show",
        }
    }

    /// The latent that it is about, where it is about one.
    #[must_use]
    pub fn latent(&self) -> Option<&[f32]> {
        match self {
            Self::Latent(Latent { latent, .. })
            | Self::Anchors(Anchors { latent, .. })
            | Self::Traversal(Traversal { latent, .. })
            | Self::Cam(Cam { latent, .. }) => Some(latent)
                .filter(|latent| !latent.is_empty())
                .map(Vec::as_slice),
            Self::Window | Self::Pad | Self::Morph | Self::Walk | Self::Show => None,
        }
    }

    /// Whether every number is in a range that can be drawn.
    ///
    /// # Errors
    /// Which one is not.
    pub fn check(&self) -> Result<(), String> {
        let within = |what: &str, found: f32, range: std::ops::RangeInclusive<f32>| {
            let wrong = !range.contains(&found);
            wrong
                .then(|| format!("{what} is {found}"))
                .map_or(Ok(()), Err)
        };
        let count = |what: &str, found: usize, most: usize| {
            let wrong = !(1..=most).contains(&found);
            wrong
                .then(|| format!("{what} is {found}"))
                .map_or(Ok(()), Err)
        };
        let grid = |rows: usize, columns: usize| {
            let images = rows.saturating_mul(columns);
            count("the number of images", images, MOST_IN_ALL)
        };
        let latent = self.latent().unwrap_or_default();
        if latent.iter().any(|value| !value.is_finite()) {
            return Err("a coordinate of the latent is not a number".to_owned());
        }
        match self {
            Self::Anchors(anchors) => {
                count("the number of classes", anchors.classes.len(), MOST_ROWS)?;
                count("the number of samples", anchors.count, MOST_IMAGES)?;
                grid(anchors.classes.len(), anchors.count)?;
                within("the noise", anchors.noise, 0.0..=MOST_NOISE)
            }
            Self::Traversal(traversal) => {
                count("the number of dimensions", traversal.dims.len(), MOST_ROWS)?;
                count("the number of steps", traversal.steps, MOST_IMAGES)?;
                grid(traversal.dims.len(), traversal.steps)?;
                within("the reach", traversal.sigmas, f32::MIN_POSITIVE..=10.0)
            }
            Self::Cam(cam) => {
                count("the layer", cam.layer, MOST_ROWS)?;
                within("the opacity", cam.opacity, 0.0..=1.0)
            }
            _ => Ok(()),
        }
    }
}
