use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::{ClassifierError, ResNet18};

/// The architecture of a [`ResNet18`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResNetConfig {
    /// Channels of the first stage; the later ones have 2, 4 and 8 times as many. The original has 64.
    pub width: usize,
    /// Classes told apart.
    pub classes: usize,
    /// Mean of the training pixels, subtracted inside the network.
    pub pixel_mean: f32,
    /// Standard deviation of the training pixels, divided by inside the network.
    pub pixel_std: f32,
}

impl Default for ResNetConfig {
    fn default() -> Self {
        Self {
            width: 64,
            classes: 10,
            pixel_mean: 0.0,
            pixel_std: 1.0,
        }
    }
}

impl ResNetConfig {
    /// Checks that a network can be built.
    ///
    /// # Errors
    /// [`ClassifierError::Config`] names the first field that is out of range.
    pub fn validate(&self) -> Result<(), ClassifierError> {
        let fail = |field, value: String, rule| Err(ClassifierError::Config { field, value, rule });
        if !(1..=256).contains(&self.width) {
            return fail("width", self.width.to_string(), "it must be from 1 to 256");
        }
        if !(2..=256).contains(&self.classes) {
            return fail(
                "classes",
                self.classes.to_string(),
                "it must be from 2 to 256",
            );
        }
        if !self.pixel_mean.is_finite() {
            return fail(
                "pixel_mean",
                self.pixel_mean.to_string(),
                "it must be a number",
            );
        }
        if !(self.pixel_std.is_finite() && self.pixel_std > 0.0) {
            return fail(
                "pixel_std",
                self.pixel_std.to_string(),
                "it must be above 0",
            );
        }
        Ok(())
    }

    /// Builds the network with fresh weights (seed the device first to make them repeatable).
    ///
    /// # Errors
    /// [`ClassifierError::Config`] if a field is out of range.
    pub fn init(&self, device: &Device) -> Result<ResNet18, ClassifierError> {
        self.validate()?;
        Ok(ResNet18::new(self, device))
    }
}

/// One of the four stages of the network, named by what comes out of it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Stage {
    /// 28x28 feature maps
    Stage1,
    /// 14x14 feature maps
    Stage2,
    /// 7x7 feature maps
    Stage3,
    /// 4x4 feature maps, the last: what the pooled linear head sees
    #[default]
    Stage4,
}

impl Stage {
    /// All stages, first to last.
    pub const ALL: [Self; 4] = [Self::Stage1, Self::Stage2, Self::Stage3, Self::Stage4];

    /// Height and width of the stage's feature maps.
    #[must_use]
    pub fn side(self) -> usize {
        [28, 14, 7, 4][self.index()]
    }

    /// Position from 0.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = self.side();
        write!(f, "stage {} ({side}x{side})", self.index() + 1)
    }
}
