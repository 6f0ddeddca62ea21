//! The one error of the crate.

use classifier::ClassifierError;
use datasets::{DatasetError, ImageShape};
use studio::StudioError;
use vae_core::VaeError;

/// Why a model was not measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// There is no figure of this name.
    #[error("there is no figure '{name}': choose from {}", known.join(", "))]
    UnknownFigure {
        /// What was asked for.
        name: String,
        /// The names of all figures.
        known: Vec<&'static str>,
    },
    /// The likelihood of binary images was asked of a VAE whose pixels are not binary.
    #[error(
        "nll_nats is about binary pixels, and this VAE has Gaussian ones: measure a VAE with a Bernoulli likelihood"
    )]
    GaussianPixels,
    /// There is nothing to measure on.
    #[error("the data set has no test images to measure on: add some")]
    NoTestImages,
    /// A figure was asked for that this model cannot have.
    #[error("{name} cannot be measured of this model: {reason}; leave this figure out")]
    Absent {
        /// The figure.
        name: &'static str,
        /// What is missing.
        reason: &'static str,
    },
    /// Only figures were asked for that would say nothing about so few images; this is the first of them.
    #[error(
        "{name} cannot be measured: {reason}; add pictures to the data set, or leave this figure out"
    )]
    TooFew {
        /// The figure.
        name: &'static str,
        /// How many images there are, and how many it takes.
        reason: String,
    },
    /// The images are of another size than the model's.
    #[error(
        "the test images are {found}, and the model's {expected}: this is another data set, so name the one that it was trained on"
    )]
    OtherShape {
        /// The shape of the test images.
        found: ImageShape,
        /// The shape of the model's images.
        expected: ImageShape,
    },
    /// The labels of the data are not the model's classes.
    #[error(
        "the test images have no labels, or labels beyond the {classes} classes of the model: this is another data set, so name the \
         one that it was trained on"
    )]
    OtherClasses {
        /// The classes of the model.
        classes: usize,
    },
    /// The user asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// A model could not answer.
    #[error(transparent)]
    Studio(#[from] StudioError),
    /// A network could not be made or trained.
    #[error(transparent)]
    Classifier(#[from] ClassifierError),
    /// A VAE could not be made or trained.
    #[error(transparent)]
    Vae(#[from] VaeError),
    /// Generated images do not make a data set.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}
