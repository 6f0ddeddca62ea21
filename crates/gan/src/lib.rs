//! A class-conditional generative adversarial network (GAN) for images of any shape (Goodfellow et al. 2014, "Generative
//! Adversarial Nets").
//!
//! A [`Generator`] turns latents from N(0, I) into images, and a [`Discriminator`] scores how real images look. Each pair of a
//! real and a drawn image is compared (Jolicoeur-Martineau 2018, "The relativistic discriminator"), and the discriminator is
//! held smooth at both, the recipe of Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN Baseline". Burn has no
//! second derivatives, so the norm of the discriminator's gradient is estimated by a finite difference ([`loss`]).
//!
//! The crate holds the networks, their training ([`train`]), the generator as it runs on a CPU ([`InferenceGenerator`]), the
//! directions in latent space that change its images most ([`PrincipalAxes`]), and the search for the latent of an image
//! ([`Search`]), since a GAN has no encoder.
//!
//! It knows nothing of the classifiers that judge its images. Pixels are in `[0, 1]` at every entrance and exit.

mod axes;
mod blocks;
mod config;
mod discriminator;
mod error;
mod generator;
mod inference;
pub mod loss;
mod parameters;
mod search;
mod train;

use burn::module::Module;

pub use axes::{PrincipalAxes, principal_axes};
pub use blocks::ResidualBlock;
pub use config::GanConfig;
pub use discriminator::{Discriminator, DiscriminatorLevel};
pub use error::GanError;
pub use generator::{Generator, GeneratorLevel};
pub use inference::{InferenceGenerator, Scratch};
pub use parameters::Parameters;
pub use search::{Found, Search, SearchConfig, SearchProgress, find};
pub use train::{Beginning, LABEL_DROP, TrainConfig, TrainedGan, train};

/// Both networks. Made by [`GanConfig::init`].
#[derive(Module, Debug)]
pub struct Gan {
    /// Latents to images.
    pub generator: Generator,
    /// Images to scores; needed for training alone.
    pub discriminator: Discriminator,
}
