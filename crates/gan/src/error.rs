//! The one error of the crate.

use datasets::ImageShape;
use training::TrainingError;

/// What can go wrong with a GAN.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GanError {
    /// The architecture or settings cannot work.
    #[error("GAN settings: {field} is {value}, but {rule}")]
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
    /// An image to be found has another shape than the generator's.
    #[error("the image is {found}, and the generator draws {expected}: resize the image first")]
    Shape {
        /// Of the image.
        found: ImageShape,
        /// Of the generator's images.
        expected: ImageShape,
    },
    /// A part of the network gave an infinite number, or something that is not a number.
    #[error("the {0} is not finite: the weights are damaged, or the learning rate was too high")]
    NotFinite(&'static str),
}

impl GanError {
    /// A setting that has to be something else.
    pub(crate) fn config(
        field: &'static str,
        value: &dyn ToString,
        rule: impl Into<String>,
    ) -> Self {
        Self::Config {
            field,
            value: value.to_string(),
            rule: rule.into(),
        }
    }
}
