//! A convolutional variational autoencoder (VAE) for images of any shape (Kingma and Welling 2013, "Auto-Encoding
//! Variational Bayes").
//!
//! A conditional VAE is one whose encoder and decoder are given the class of an image (Sohn et al. 2015, "Learning Structured
//! Output Representation using Deep Conditional Generative Models"); here the class scales and shifts feature maps ([`Film`]).
//! [`VaeConfig::conditional`] makes one.
//!
//! A joint model is a VAE with a [`Head`] that tells the class of an image from part of its latent, trained with the rest in one
//! objective; [`VaeConfig::head`] makes one, and [`JointConfig`] says how it learns.
//!
//! The crate holds the network ([`Vae`]), its objective ([`elbo`]), its training ([`train`]) and the encoding of the images
//! that describe its latent space afterwards ([`fit_latent`]). What is explored there has a crate of its own, `latent-space`,
//! whose types are passed on from here.
//!
//! It knows nothing of the classifier that judges its images: the two are trained apart, so that the judgement is
//! independent. Pixels are in `[0, 1]` at every entrance and exit.

mod config;
mod convolution;
mod decoder;
pub mod elbo;
mod encoder;
mod error;
mod film;
mod head;
mod inference;
mod latent_fit;
mod old_names;
mod parameters;
mod posterior;
mod train;
mod vae;

pub use config::{Likelihood, Prior, VaeConfig};
pub use convolution::ResidualBlock;
pub use decoder::{Decoder, DecoderLevel};
pub use encoder::{Encoder, EncoderLevel};
pub use error::VaeError;
pub use film::{ClassOffset, Film};
pub use head::{Head, HeadConfig};
pub use inference::{InferenceVae, Scratch};
pub use latent_fit::{LatentFit, fit_latent, region_log_likelihood};
pub use latent_space::{
    ACTIVE_THRESHOLD, ClassRegion, ClassRegions, Component, Direction, LatentSpace, LatentStats,
    Path, PrincipalDirection, Realism, RegionConfig, Typical, TypicalChoice, TypicalRule, drift,
    interpolate, principal_directions, sample_prior, traversal,
};
pub use old_names::old_tensor_names;
pub use posterior::Posterior;
pub use train::{
    Beginning, JointConfig, LABEL_DROP, TrainConfig, TrainedVae, TrainedWeights, draw_labelled,
    train, train_weights,
};
pub use vae::Vae;
