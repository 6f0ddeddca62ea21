//! Why a training run stops.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use datasets::DatasetError;

use crate::SettingChange;

/// Why a training run stopped without a model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// The plan holds a value with which nothing can be trained.
    #[error("cannot train: {0}")]
    Plan(String),
    /// Images could not be read. What was trained before is in the last checkpoint.
    #[error(transparent)]
    Images(#[from] DatasetError),
    /// The loss became NaN or infinite; the last checkpoint is as it was.
    #[error(
        "the loss became {loss} in epoch {epoch}, step {step}{}", instead(*too_far)
    )]
    NotFinite {
        /// Epoch, from 1.
        epoch: usize,
        /// Step within the epoch, from 1.
        step: usize,
        /// The loss as it was read.
        loss: f64,
        /// Whether the weights of the last checkpoint had run too far already, so that going on from them does not help, however slowly: no step
        /// could be taken from them, or their loss was ten times that of fresh weights.
        too_far: bool,
    },
    /// A checkpoint belongs to a run of other images, another architecture or other settings.
    #[error(
        "the checkpoint in {path} belongs to another run: {}. Resume with what that run had, start anew in its place, or choose \
         another output folder",
        in_words(differences)
    )]
    OtherRun {
        /// The checkpoint folder.
        path: PathBuf,
        /// What differs.
        differences: Vec<SettingChange>,
    },
    /// A checkpoint cannot be written; the one before it is still good.
    #[error(
        "checkpoint {path} cannot be written: {reason}. What was saved before it is intact: make room or get leave to write there, \
         then resume the run"
    )]
    Unwritable {
        /// The file or folder concerned.
        path: PathBuf,
        /// What the system said.
        reason: String,
        /// The error in which it said so.
        source: io::Error,
    },
    /// The checkpoint of a run that has ended cannot be removed; nothing needs it any more.
    #[error(
        "the run has ended, and its checkpoint {path} cannot be removed: {source}. Remove it yourself"
    )]
    Unremovable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A checkpoint file cannot be read or is damaged.
    #[error(
        "checkpoint {path}: {reason}. If it cannot be restored, start the run anew in its place, or choose another output folder"
    )]
    Checkpoint {
        /// The file or folder concerned.
        path: PathBuf,
        /// What went wrong with it.
        reason: String,
        /// The error that says so, if there is one.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
}

/// What to do where numbers ran away.
fn instead(too_far: bool) -> &'static str {
    if too_far {
        ", and the weights had run too far before. Start anew with a lower learning rate"
    } else {
        ": the run stopped there. Resume it from its last checkpoint with a lower learning rate, or start anew with one"
    }
}

fn in_words(differences: &[SettingChange]) -> String {
    let texts: Vec<String> = differences.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

impl TrainingError {
    /// A file or folder of a checkpoint cannot be written.
    pub(crate) fn unwritable(path: &Path, source: io::Error) -> Self {
        Self::Unwritable {
            path: path.to_owned(),
            reason: source.to_string(),
            source,
        }
    }

    /// A file or folder of a checkpoint gave an error.
    pub(crate) fn checkpoint(path: &Path, error: impl Error + Send + Sync + 'static) -> Self {
        Self::Checkpoint {
            path: path.to_owned(),
            reason: error.to_string(),
            source: Some(Box::new(error)),
        }
    }

    /// A file of a checkpoint can be read, and is not as it was written.
    pub(crate) fn damaged(path: &Path, reason: impl Into<String>) -> Self {
        Self::Checkpoint {
            path: path.to_owned(),
            reason: reason.into(),
            source: None,
        }
    }
}
