//! The one error of the crate.

use datasets::DatasetError;
use latent_space::LatentSpaceError;
use training::TrainingError;

/// What can go wrong with a VAE.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaeError {
    /// The architecture or training settings cannot work.
    #[error("VAE settings: {field} is {value}, but {rule}")]
    Config {
        /// The setting concerned.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to be.
        rule: String,
    },
    /// The training run failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// The latent space could not be described.
    #[error("the latent space cannot be fitted: {0}")]
    LatentSpace(#[from] LatentSpaceError),
    /// How images are to be changed at random cannot work, or images cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// A part of the network gave an infinite number, or something that is not a number.
    #[error("the {0}'s output is not finite")]
    NotFinite(&'static str),
}
