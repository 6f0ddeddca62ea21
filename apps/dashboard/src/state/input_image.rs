//! An image that was put in: a person's own, or one of the model's sample.

use datasets::{ClassId, DatasetError, Image, ImageShape, KnownDataset, LabelledImages};
use serde::{Deserialize, Serialize};

/// An image that was put in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "KeptImage", into = "KeptImage")]
pub struct InputImage {
    /// What to call it.
    pub name: String,
    /// Its class, where that is known.
    pub label: Option<ClassId>,
    /// The class that a conditional model encoded it with.
    pub encoded_as: Option<ClassId>,
    /// Whether it is a picture of the model's own that a person drew on.
    pub drawn_on: bool,
    /// The image.
    pub image: Image,
}

/// The same as files have it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename = "InputImage")]
struct KeptImage {
    name: String,
    label: Option<ClassId>,
    #[serde(default)]
    encoded_as: Option<ClassId>,
    #[serde(default)]
    drawn_on: bool,
    /// Files of version 1 do not say it: all images had one shape then.
    #[serde(default = "shape_of_version_1")]
    shape: ImageShape,
    /// `[channels, height, width]` values in 0..1.
    pixels: Vec<f32>,
}

impl InputImage {
    /// An image of a sample.
    ///
    /// # Panics
    /// If `index` is not below the number of images.
    #[must_use]
    pub fn of_sample(images: &LabelledImages, index: usize) -> Self {
        Self {
            name: format!("Test image {}", index + 1),
            label: images.label(index),
            encoded_as: None,
            drawn_on: false,
            image: images.image(index),
        }
    }
}

fn shape_of_version_1() -> ImageShape {
    KnownDataset::Mnist.shape()
}

impl TryFrom<KeptImage> for InputImage {
    type Error = DatasetError;

    fn try_from(kept: KeptImage) -> Result<Self, DatasetError> {
        Ok(Self {
            name: kept.name,
            label: kept.label,
            encoded_as: kept.encoded_as,
            drawn_on: kept.drawn_on,
            image: Image::new(kept.shape, kept.pixels)?,
        })
    }
}

impl From<InputImage> for KeptImage {
    fn from(image: InputImage) -> Self {
        Self {
            name: image.name,
            label: image.label,
            encoded_as: image.encoded_as,
            drawn_on: image.drawn_on,
            shape: image.image.shape(),
            pixels: image.image.values().to_vec(),
        }
    }
}
