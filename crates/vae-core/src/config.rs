//! The architecture as data: what is written down, checked and built.

use burn::module::Initializer;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::{Decoder, Encoder, Vae, VaeError};

/// The distribution of a pixel given the decoder's output, and with it the reconstruction term of the ELBO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likelihood {
    /// Each pixel a Bernoulli variable, grey levels taken as probabilities: the binary cross-entropy that most VAEs on
    /// MNIST are trained with.
    Bernoulli,
    /// Each pixel Gaussian around the decoder's output with one shared variance, which is always the one that maximises
    /// the likelihood (Rybkin et al. 2021, "Simple and Effective VAE Training with Calibrated Decoders").
    Gaussian,
}

impl std::fmt::Display for Likelihood {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bernoulli => "bernoulli",
            Self::Gaussian => "gaussian",
        })
    }
}

impl std::fmt::Display for Prior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Normal => "normal",
            Self::ClassCentres => "class-centres",
        })
    }
}

impl std::str::FromStr for Prior {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "normal" => Ok(Self::Normal),
            "class-centres" => Ok(Self::ClassCentres),
            other => Err(format!(
                "unknown prior '{other}': choose normal or class-centres"
            )),
        }
    }
}

impl std::str::FromStr for Likelihood {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "bernoulli" => Ok(Self::Bernoulli),
            "gaussian" => Ok(Self::Gaussian),
            other => Err(format!(
                "unknown likelihood '{other}': choose bernoulli or gaussian"
            )),
        }
    }
}

/// The distribution of latents that the ELBO pulls the posteriors towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// N(0, I) for every image.
    Normal,
    /// N(c, I) around a learned centre c for each class; the label of a training image says which. With
    /// classes drawn evenly that is a mixture of Gaussians, and the ELBO a bound on `ln p(image | class)`
    /// (Kingma et al. 2014, "Semi-supervised Learning with Deep Generative Models", with the class acting through the
    /// latents alone). An image is still encoded without its label.
    ClassCentres,
}

/// The architecture of a [`Vae`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaeConfig {
    /// Dimensions of the latent space.
    pub latent_dim: usize,
    /// Channels of the feature maps at 14x14, 7x7 and 4x4, the same in encoder and decoder.
    pub channels: [usize; 3],
    /// Residual blocks after each change of size.
    pub blocks: usize,
    /// The distribution of a pixel.
    pub likelihood: Likelihood,
    /// The distribution of the latents.
    pub prior: Prior,
}

impl Default for VaeConfig {
    fn default() -> Self {
        Self {
            latent_dim: 32,
            channels: [32, 64, 128],
            blocks: 1,
            likelihood: Likelihood::Bernoulli,
            prior: Prior::ClassCentres,
        }
    }
}

impl VaeConfig {
    /// Largest latent size and channel count that [`validate`](Self::validate) lets through: far beyond what 784 pixels
    /// need, and small enough that a damaged file cannot ask for all memory.
    pub const LARGEST: usize = 1024;
    /// Most residual blocks that [`validate`](Self::validate) lets through.
    pub const MOST_BLOCKS: usize = 16;

    /// Checks that a network can be built.
    ///
    /// # Errors
    /// [`VaeError::Config`] names the first field that is out of range.
    pub fn validate(&self) -> Result<(), VaeError> {
        let refuse = |field, value: usize, rule| {
            let value = value.to_string();
            Err(VaeError::Config { field, value, rule })
        };
        let mut fields = vec![("latent_dim", self.latent_dim)];
        fields.extend(self.channels.map(|count| ("channels", count)));
        for (field, value) in fields {
            if !(1..=Self::LARGEST).contains(&value) {
                return refuse(field, value, "it must be from 1 to 1024");
            }
        }
        if self.blocks > Self::MOST_BLOCKS {
            return refuse("blocks", self.blocks, "it must be from 0 to 16");
        }
        Ok(())
    }

    /// Builds the network for images of `classes` classes, with fresh weights (seed the device first to make them
    /// repeatable).
    ///
    /// # Errors
    /// [`VaeError::Config`] if a field is out of range.
    pub fn init(&self, classes: usize, device: &Device) -> Result<Vae, VaeError> {
        self.validate()?;
        Ok(Vae {
            encoder: Encoder::new(self, device),
            decoder: Decoder::new(self, device),
            class_centres: match self.prior {
                Prior::Normal => None,
                Prior::ClassCentres => {
                    Some(Initializer::Zeros.init([classes.max(1), self.latent_dim], device))
                }
            },
        })
    }
}
