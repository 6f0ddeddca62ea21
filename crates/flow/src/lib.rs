//! Rectified flows (Liu et al. 2022, "Flow Straight and Fast"; Lipman et al. 2022, "Flow Matching for Generative Modeling"):
//! a network says in which direction and how fast a point moves on its straight path to an image, and a few steps follow it.
//!
//! There are two uses for it. *Diffusion* goes from noise to images, of a class if one is given. The *refiner* goes from the
//! blurred picture that a decoder draws, with noise added, to an image as sharp as those it was trained on: the detail is
//! invented, the picture stays. [`FlowConfig`] makes either.
//!
//! The crate holds the network ([`VelocityNet`]), how it draws, its form for a CPU ([`InferenceFlow`]) and its training
//! ([`train`]). It knows no VAE: whoever trains a refiner hands over the pictures that it begins with ([`Pictures`]). On its way
//! from noise to an image a point is in the network's own units, pixels in `[-1, 1]`; at every other entrance and exit pixels are
//! in `[0, 1]`.

mod attention;
mod block;
mod coarse_noise;
mod config;
mod embedding;
mod error;
mod inference;
mod layers;
mod parameters;
mod patches;
mod sampling;
mod train;
mod unet;
mod velocity;

pub use attention::Attention;
pub use block::Block;
pub use coarse_noise::CoarseNoise;
pub use config::FlowConfig;
pub use embedding::Embedding;
pub use error::FlowError;
pub use inference::{InferenceFlow, Scratch};
pub use sampling::{from_pixels, to_pixels};
pub use train::{Beginning, Pictures, TrainConfig, TrainedFlow, train};
pub use unet::{Level, Middle};
pub use velocity::VelocityNet;
