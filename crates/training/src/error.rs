//! Why a training run stops.

use std::error::Error;
use std::path::{Path, PathBuf};

/// Why a training run stopped without a model.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The plan holds a value with which nothing can be trained.
    #[error("cannot train: {0}")]
    Plan(String),
    /// The loss became NaN or infinite; the last checkpoint is still good.
    #[error(
        "the loss became {loss} in epoch {epoch}, step {step}: the run stopped before the weights were damaged. \
         Try a lower --learning-rate, or go on from the last checkpoint with --resume and a lower rate"
    )]
    NotFinite {
        /// Epoch, from 1.
        epoch: usize,
        /// Step within the epoch, from 1.
        step: usize,
        /// The loss as it was read.
        loss: f64,
    },
    /// A checkpoint belongs to a run with other settings.
    #[error(
        "the checkpoint in {path} belongs to another run ({found}; this one is {expected}). \
         Resume with the settings of that run, or remove the folder to start anew"
    )]
    OtherRun {
        /// The checkpoint folder.
        path: PathBuf,
        /// The settings that the checkpoint was made with.
        found: String,
        /// The settings of this run.
        expected: String,
    },
    /// A checkpoint file cannot be read or written.
    #[error(
        "checkpoint {path}: {reason}. Remove the folder to start anew, or choose another output folder"
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

impl TrainingError {
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
