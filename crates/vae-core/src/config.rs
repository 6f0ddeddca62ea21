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

/// The architecture of a [`Vae`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaeConfig {
    /// Dimensions of the latent space.
    pub latent_dim: usize,
    /// Channels of the feature maps at 14x14, 7x7 and 4x4, the same in encoder and decoder.
    pub channels: [usize; 3],
    /// The distribution of a pixel.
    pub likelihood: Likelihood,
}

impl Default for VaeConfig {
    fn default() -> Self {
        Self {
            latent_dim: 32,
            channels: [32, 64, 128],
            likelihood: Likelihood::Bernoulli,
        }
    }
}

impl VaeConfig {
    /// Largest latent size and channel count that [`validate`](Self::validate) lets through: far beyond what 784 pixels
    /// need, and small enough that a damaged file cannot ask for all memory.
    pub const LARGEST: usize = 1024;

    /// Checks that a network can be built.
    ///
    /// # Errors
    /// [`VaeError::Config`] names the first field that is out of range.
    pub fn validate(&self) -> Result<(), VaeError> {
        let range = 1..=Self::LARGEST;
        let fields = std::iter::once(("latent_dim", self.latent_dim))
            .chain(self.channels.map(|count| ("channels", count)));
        for (field, value) in fields {
            if !range.contains(&value) {
                return Err(VaeError::Config {
                    field,
                    value: value.to_string(),
                    rule: "it must be from 1 to 1024",
                });
            }
        }
        Ok(())
    }

    /// Builds the network with fresh weights (seed the device first to make them repeatable).
    ///
    /// # Errors
    /// [`VaeError::Config`] if a field is out of range.
    pub fn init(&self, device: &Device) -> Result<Vae, VaeError> {
        self.validate()?;
        Ok(Vae {
            encoder: Encoder::new(self, device),
            decoder: Decoder::new(self, device),
        })
    }
}
