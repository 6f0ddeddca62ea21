//! Why a latent space could not be described, or a description not be read.

/// What can go wrong with a description of a latent space.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LatentSpaceError {
    /// A setting with which no regions can be fitted.
    #[error("{field} is {value}, but {rule}")]
    Config {
        /// The setting.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to be.
        rule: &'static str,
    },
    /// The numbers of an encoder do not fit together.
    #[error("the encodings do not fit together: {0}")]
    Encodings(String),
    /// The encoder gave an infinite number, or something that is not a number.
    #[error("the encoder's output is not finite")]
    NotFinite,
    /// A region needs images with some variance.
    #[error(
        "{region} has {images} images to learn from, and 2 is the least that has a variance: add some, or leave it out"
    )]
    TooFewImages {
        /// The region: a class, or all images.
        region: String,
        /// Its images.
        images: usize,
    },
    /// The latents of a region lie on top of each other or far outside of all range.
    #[error("the covariance of {region} is not positive definite")]
    Covariance {
        /// The region: a class, or all images.
        region: String,
    },
    /// An array of a description is missing, of the wrong shape or holds impossible numbers.
    #[error("the array '{name}' {reason}")]
    Array {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The description is of another space than the one expected.
    #[error("{field} is {found}, and {expected} was expected")]
    Mismatch {
        /// What was compared.
        field: &'static str,
        /// What the description says.
        found: usize,
        /// What it should say.
        expected: usize,
    },
}

impl LatentSpaceError {
    pub(crate) fn config(
        field: &'static str,
        value: impl std::fmt::Display,
        rule: &'static str,
    ) -> Self {
        Self::Config {
            field,
            value: value.to_string(),
            rule,
        }
    }
}
