//! The one error of this crate.

use datasets::{DatasetError, ImageShape};
use training::TrainingError;

/// What can go wrong with a classifier.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClassifierError {
    /// The architecture cannot work.
    #[error("classifier settings: {field} is {value}, but {rule}")]
    Config {
        /// The setting concerned.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to be.
        rule: String,
    },
    /// Images without labels, from which no classifier can learn.
    #[error(
        "the {part} images have no classes, so there is nothing that a classifier could learn from them: choose images \
         with labels, such as a folder with a folder for each class"
    )]
    Unlabelled {
        /// Which images: `training` or `held-out`.
        part: &'static str,
    },
    /// Images of another shape than the network's.
    #[error(
        "the {part} images are {images} and the classifier is made for {network}: choose one shape for both"
    )]
    Shape {
        /// Which images: `training` or `held-out`.
        part: &'static str,
        /// Their shape.
        images: ImageShape,
        /// The shape of its settings.
        network: ImageShape,
    },
    /// The random changes to the training images cannot be used, or images cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The training run failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
}
