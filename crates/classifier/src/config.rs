//! The settings that a network is built from, as they stand in a bundle's manifest.

use burn::tensor::Device;
use datasets::{ImageShape, KnownDataset, Layer, MAX_CLASSES};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{Classifier, ClassifierError, stages};

/// The size of a classifier: of a [`ResNet18`](crate::ResNet18), or of a [`ConvNet`](crate::ConvNet).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassifierConfig {
    /// The images that are judged. What is not square is padded to a square inside the network.
    pub shape: ImageShape,
    /// Channels of the first stage; the later ones have 2, 4 and 8 times as many. The original `ResNet` has 64.
    pub width: usize,
    /// Classes told apart, 2 to [`MAX_CLASSES`].
    pub classes: usize,
    /// Mean of the training pixels, subtracted inside the network: one value a channel, or one for all channels.
    #[serde(deserialize_with = "one_or_many")]
    pub pixel_mean: Vec<f32>,
    /// Standard deviation of the training pixels, divided by inside the network: as many values as `pixel_mean`.
    #[serde(deserialize_with = "one_or_many")]
    pub pixel_std: Vec<f32>,
}

impl Default for ClassifierConfig {
    fn default() -> Self {
        Self {
            // Manifests of format 1 do not name a shape: their images are all of this one.
            shape: KnownDataset::Mnist.shape(),
            width: 64,
            classes: 10,
            pixel_mean: vec![0.0],
            pixel_std: vec![1.0],
        }
    }
}

impl ClassifierConfig {
    /// Checks that a network can be built.
    ///
    /// # Errors
    /// [`ClassifierError::Config`] names the first field that is out of range.
    pub fn validate(&self) -> Result<(), ClassifierError> {
        let fail = |field, value: String, rule: &str| {
            let rule = rule.to_owned();
            Err(ClassifierError::Config { field, value, rule })
        };
        if !(1..=256).contains(&self.width) {
            return fail("width", self.width.to_string(), "it must be from 1 to 256");
        }
        if !(2..=MAX_CLASSES).contains(&self.classes) {
            let rule = format!("it must be from 2 to {MAX_CLASSES}");
            return fail("classes", self.classes.to_string(), &rule);
        }
        for (field, values) in [
            ("pixel_mean", &self.pixel_mean),
            ("pixel_std", &self.pixel_std),
        ] {
            if ![1, self.shape.channels()].contains(&values.len()) {
                let rule = "it must have one value a channel of the images, or one for all";
                return fail(field, format!("{values:?}"), rule);
            }
        }
        if let Some(mean) = self.pixel_mean.iter().find(|mean| !mean.is_finite()) {
            return fail("pixel_mean", mean.to_string(), "it must be a number");
        }
        let positive = |std: &f32| std.is_finite() && *std > 0.0;
        if let Some(std) = self.pixel_std.iter().find(|std| !positive(std)) {
            return fail("pixel_std", std.to_string(), "it must be above 0");
        }
        Ok(())
    }

    /// Builds a network with fresh weights (seed the device first to make them repeatable): a [`ResNet18`](crate::ResNet18)
    /// or a [`ConvNet`](crate::ConvNet).
    ///
    /// # Errors
    /// [`ClassifierError::Config`] if a field is out of range.
    pub fn init<N: Classifier>(&self, device: &Device) -> Result<N, ClassifierError> {
        self.validate()?;
        Ok(N::new(self, device))
    }

    /// How many numbers the network that [`init`](Self::init) builds has, the running statistics of its normalisations
    /// included: counted without building it, because a damaged file may describe one that takes more memory than there
    /// is. A file of weights that is too short for them belongs to another network.
    ///
    /// # Errors
    /// [`ClassifierError::Config`] if a field is out of range.
    pub fn parameters<N: Classifier>(&self) -> Result<usize, ClassifierError> {
        self.validate()?;
        Ok(N::parameters(self))
    }

    /// The layers that can be explained, first to last.
    #[must_use]
    pub fn layers(&self) -> Vec<Layer> {
        stages::layers()
    }

    /// Height and width of each layer's feature maps.
    ///
    /// These are the first sides of the images' pyramid ([`datasets::map_sides`]) and, where it has less than four, its
    /// last one again. Images of more than 64 pixels a side are halved before the first stage.
    #[must_use]
    pub fn stage_sides(&self) -> Vec<usize> {
        stages::stage_sides(self.shape)
    }

    /// A layer's name with the size of its feature maps, such as "stage 3 (7x7)".
    #[must_use]
    pub fn layer_name(&self, layer: Layer) -> String {
        stages::layer_name(self.shape, layer)
    }
}

/// Reads a list of numbers, or the single number that earlier versions wrote.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a number, or one number a channel")]
    enum OneOrMany {
        One(f32),
        Many(Vec<f32>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(value) => vec![value],
        OneOrMany::Many(values) => values,
    })
}
