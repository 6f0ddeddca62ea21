//! The networks that a run can train.

use serde::{Deserialize, Serialize};
use studio::{Manifest, TrainingRecord};

/// One of the networks of a model: the one that makes images, of either kind, or one that judges them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Network {
    /// The VAE.
    Vae,
    /// The VAE that is given the class.
    Conditional,
    /// What gives a VAE's images detail.
    Refiner,
    /// The VAE with a head that tells the class.
    Joint,
    /// The GAN.
    Gan,
    /// The flow from noise.
    Diffusion,
    /// The classifier.
    Classifier,
    /// The second judge.
    Judge,
}

impl Network {
    /// Every network.
    pub const ALL: [Self; 8] = [
        Self::Vae,
        Self::Conditional,
        Self::Joint,
        Self::Gan,
        Self::Diffusion,
        Self::Refiner,
        Self::Classifier,
        Self::Judge,
    ];

    /// As in file names: that of its checkpoint, for one.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vae | Self::Conditional | Self::Joint => "vae",
            Self::Refiner => "refiner",
            Self::Gan => "gan",
            Self::Diffusion => "diffusion",
            Self::Classifier => "classifier",
            Self::Judge => "judge",
        }
    }

    /// As in the command that trains it.
    #[must_use]
    pub fn command_name(self) -> &'static str {
        match self {
            Self::Conditional => "conditional",
            Self::Joint => "joint",
            other => other.name(),
        }
    }

    /// Whether it is what makes the images, of which a model has one.
    #[must_use]
    pub fn makes_images(self) -> bool {
        match self {
            Self::Vae | Self::Conditional | Self::Joint | Self::Gan | Self::Diffusion => true,
            Self::Refiner | Self::Classifier | Self::Judge => false,
        }
    }

    /// The fewest classes that it can be trained on.
    #[must_use]
    pub fn fewest_classes(self) -> usize {
        match self {
            Self::Vae | Self::Refiner | Self::Gan | Self::Diffusion => 0,
            Self::Conditional => 1,
            Self::Joint | Self::Classifier | Self::Judge => 2,
        }
    }

    /// The fewest images of a class: one image tells a judge what the class is, and two have the variance that a region of the latent
    /// space needs.
    #[must_use]
    pub fn fewest_of_a_class(self) -> usize {
        match self {
            Self::Vae | Self::Joint => 2,
            Self::Conditional | Self::Classifier | Self::Judge => 1,
            Self::Refiner | Self::Gan | Self::Diffusion => 0,
        }
    }

    /// What a manifest says about the training of this network, or of another one of its kind, if it has it.
    #[must_use]
    pub fn record(self, manifest: &Manifest) -> Option<&TrainingRecord> {
        match self {
            Self::Vae | Self::Conditional | Self::Joint | Self::Gan | Self::Diffusion => {
                manifest.generator.as_ref().map(|part| &part.training)
            }
            Self::Refiner => manifest.refiner.as_ref().map(|part| &part.training),
            Self::Classifier => manifest.classifier.as_ref().map(|part| &part.training),
            Self::Judge => manifest.second_judge.as_ref().map(|part| &part.training),
        }
    }
}
