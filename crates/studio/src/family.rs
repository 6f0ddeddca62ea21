//! The families of models that make images.

use serde::{Deserialize, Serialize};
use vae_core::{Prior, VaeConfig};

use crate::Architecture;

/// What kind of model makes the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// A VAE whose prior is N(0, I).
    Vae,
    /// A VAE whose prior has a learned centre for each class.
    ClassCentres,
    /// A VAE whose encoder and decoder are given the class.
    Conditional,
    /// A VAE that was trained together with a head that tells classes apart.
    Joint,
    /// A VAE of any of these kinds whose images a refiner gives detail.
    Refined,
    /// The generator of a generative adversarial network.
    Gan,
    /// A flow from noise to images.
    Diffusion,
}

impl Family {
    /// The family of a model of this architecture, without a refiner.
    #[must_use]
    pub fn of(architecture: &Architecture) -> Self {
        match architecture {
            Architecture::Vae(vae) => Self::of_vae(&vae.config),
            Architecture::Gan(_) => Self::Gan,
            Architecture::Diffusion(_) => Self::Diffusion,
        }
    }

    fn of_vae(config: &VaeConfig) -> Self {
        match (config.conditional, config.prior) {
            _ if config.head.is_some() => Self::Joint,
            (true, _) => Self::Conditional,
            (false, Prior::Normal) => Self::Vae,
            (false, Prior::ClassCentres) => Self::ClassCentres,
        }
    }

    /// Whether a model of this family finds the latent of an image, so that it can draw that image again.
    #[must_use]
    pub fn has_encoder(self) -> bool {
        match self {
            Self::Vae | Self::ClassCentres | Self::Conditional | Self::Joint | Self::Refined => {
                true
            }
            Self::Gan | Self::Diffusion => false,
        }
    }

    /// Its name in lists and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vae => "vae",
            Self::ClassCentres => "class-centres",
            Self::Conditional => "conditional",
            Self::Joint => "joint",
            Self::Refined => "refined",
            Self::Gan => "gan",
            Self::Diffusion => "diffusion",
        }
    }
}

impl std::fmt::Display for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
