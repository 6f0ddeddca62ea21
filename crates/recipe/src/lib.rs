//! What a picture was made from, as the text that its file carries.
//!
//! The window and the command line write the same text and read each other's, so that a picture made by either can be made
//! again by the other as far as it can draw such a picture. That only holds while both take the format from here: nothing
//! else knows its names. It is JSON, one object without line breaks.

mod file;
mod names;
mod picture;

use datasets::Seed;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use file::{KEYWORD, LARGEST_TEXT, png_text};
pub use names::{color_map_name, color_map_named, method_name, method_named};
pub use picture::{Anchors, Cam, Latent, Picture, Start, Traversal};

/// The version that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// Largest enlargement of a picture.
pub const MOST_SCALE: u32 = 64;
/// Strongest guidance of a diffusion.
pub const MOST_GUIDANCE: f32 = 10.0;
/// Most steps of a flow.
pub const MOST_FLOW_STEPS: usize = 64;

/// All that it takes to make a picture again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// The version of this format. The first one did not write it.
    #[serde(default = "first_version")]
    pub recipe_version: u32,
    /// The program that wrote it, with its version.
    pub program: String,
    /// What to call the model. No path: it is nobody's business.
    pub model: String,
    /// SHA-256 over the model's weights, those of the classifier that judges among them, in hexadecimal.
    pub model_sha256: String,
    /// What to call the model whose classifier judges, if it is another one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<String>,
    /// Screen pixels a pixel of the image, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
    /// How a model with a flow draws; left out where there is none. The first versions called it `sharpening`.
    #[serde(default, alias = "sharpening", skip_serializing_if = "Option::is_none")]
    pub sampler: Option<Sampler>,
    /// What is drawn.
    #[serde(flatten)]
    pub picture: Picture,
    /// Of a picture of the window: what else was set there. Only the window reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Value>,
}

/// How a flow draws: a refiner, from the decoded image to the sharp one, or a diffusion, from noise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampler {
    /// Its steps.
    pub steps: usize,
    /// How far a diffusion exaggerates the class; 1 is not at all.
    #[serde(default = "no_guidance")]
    pub guidance: f32,
    /// The seed of the noise that details follow from.
    pub seed: Seed,
}

/// Why a text is no recipe.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// It is some other text.
    #[error("it is no recipe of a picture by Latent Lens")]
    Other,
    /// A newer program wrote it.
    #[error("it is of version {0}, and this program knows version {VERSION}")]
    Newer(u32),
    /// It is a recipe, and something in it is missing or has another form.
    #[error("it is damaged: {0}")]
    Damaged(#[source] serde_json::Error),
    /// A number in it is out of range.
    #[error("it is damaged: {0}")]
    Range(String),
}

impl Recipe {
    /// The recipe as text.
    #[must_use]
    pub fn text(&self) -> String {
        self.to_json().to_string()
    }

    /// The recipe as a JSON object.
    ///
    /// # Panics
    /// Never: every part of a recipe has a form in JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("a recipe is plain data with text as keys")
    }

    /// Reads a text that [`Self::text`] made. What it does not know is passed over.
    ///
    /// # Errors
    /// [`RecipeError`] if it is another text, of a newer version, or damaged.
    pub fn parse(text: &str) -> Result<Self, RecipeError> {
        let value: Value = serde_json::from_str(text).map_err(|_| RecipeError::Other)?;
        if value.get("render").is_none() || value.get("model_sha256").is_none() {
            return Err(RecipeError::Other);
        }
        let version = value.get("recipe_version").and_then(Value::as_u64);
        if let Some(version) = version.filter(|version| *version > u64::from(VERSION)) {
            return Err(RecipeError::Newer(
                u32::try_from(version).unwrap_or(u32::MAX),
            ));
        }
        let recipe: Self = serde_json::from_value(value).map_err(RecipeError::Damaged)?;
        recipe.check().map_err(RecipeError::Range)?;
        Ok(recipe)
    }

    /// Whether every number is in a range that can be drawn: files come from outside.
    fn check(&self) -> Result<(), String> {
        if let Some(scale) = self.scale
            && !(1..=MOST_SCALE).contains(&scale)
        {
            return Err(format!("the scale is {scale}"));
        }
        if let Some(Sampler {
            steps, guidance, ..
        }) = self.sampler
        {
            if !(1..=MOST_FLOW_STEPS).contains(&steps) {
                return Err(format!("the number of steps is {steps}"));
            }
            if !(0.0..=MOST_GUIDANCE).contains(&guidance) {
                return Err(format!("the guidance is {guidance}"));
            }
        }
        self.picture.check()
    }
}

fn no_guidance() -> f32 {
    1.0
}

fn first_version() -> u32 {
    VERSION
}
