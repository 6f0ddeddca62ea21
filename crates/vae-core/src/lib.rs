//! A convolutional variational autoencoder (VAE) for 28x28 grey images (Kingma and Welling 2013, "Auto-Encoding
//! Variational Bayes").
//!
//! The crate holds the network ([`Vae`]), its objective ([`elbo`]), its training ([`train`]) and what a person explores
//! afterwards: which latent dimensions carry information ([`LatentStats`]), where each class lives in latent space
//! ([`ClassRegions`]), and ways to walk there ([`traversal`], [`interpolate`]).
//!
//! It knows nothing of the classifier that judges its images: the two are trained apart, so that the judgement is
//! independent. Pixels are in `[0, 1]` at every entrance and exit.

mod config;
mod convolution;
mod decoder;
mod direction;
pub mod elbo;
mod encoder;
mod error;
mod inference;
mod latent_fit;
mod mixture;
mod posterior;
mod realism;
mod region;
mod stats;
mod train;
mod vae;
mod walk;

pub use config::{Likelihood, Prior, VaeConfig};
pub use convolution::ResidualBlock;
pub use decoder::Decoder;
pub use direction::{Direction, PrincipalDirection, principal_directions};
pub use encoder::Encoder;
pub use error::VaeError;
pub use inference::{InferenceVae, Room};
pub use latent_fit::{LatentFit, RegionConfig, fit_latent};
pub use posterior::Posterior;
pub use realism::{Realism, drift};
pub use region::{ClassRegion, ClassRegions, Component};
pub use stats::{ACTIVE_THRESHOLD, LatentStats};
pub use train::{Beginning, TrainConfig, TrainedVae, train};
pub use vae::Vae;
pub use walk::{Path, interpolate, sample_prior, traversal};
