use std::path::PathBuf;

use classifier::ClassifierError;
use vae_core::VaeError;

/// What can go wrong between a bundle on disk and a frame.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StudioError {
    /// A model name is neither a shipped model nor a folder.
    #[error(
        "there is no model '{0}': name a shipped one (mnist, fashion-mnist) or the folder of a bundle"
    )]
    UnknownModel(String),
    /// A file of a bundle is missing, damaged or does not fit the manifest.
    #[error("model {model}: {file}: {reason}. {remedy}")]
    Bundle {
        /// The model.
        model: String,
        /// The file concerned.
        file: String,
        /// What is wrong with it.
        reason: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The bundle has no network of this kind.
    #[error(
        "model {model} has no {part} yet: make one with `latent-lens train {part} --out {model}`"
    )]
    MissingPart {
        /// The model.
        model: String,
        /// `vae` or `classifier`.
        part: &'static str,
    },
    /// A request does not fit the model.
    #[error("this request does not fit the model: {0}")]
    Request(String),
    /// A model computed something that is not a number.
    #[error(
        "the model's answer is not a number ({0}): its weights or this latent are out of range; reset the latent"
    )]
    NotFinite(String),
    /// A file or folder cannot be written.
    #[error("cannot write {path}: {reason}. Choose a folder that you may write to")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Training failed.
    #[error("{0}")]
    Training(String),
    /// The thread that owns the models is gone.
    #[error(
        "the model thread stopped ({0}): restart the program, and report this if it happens again"
    )]
    Worker(String),
}

impl StudioError {
    pub(crate) fn write(path: &std::path::Path, reason: impl std::fmt::Display) -> Self {
        Self::Write {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}

impl From<VaeError> for StudioError {
    fn from(error: VaeError) -> Self {
        Self::Training(error.to_string())
    }
}

impl From<ClassifierError> for StudioError {
    fn from(error: ClassifierError) -> Self {
        Self::Training(error.to_string())
    }
}
