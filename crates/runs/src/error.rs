//! Why a run does not begin, or ends before its time.

use std::io;
use std::path::PathBuf;

use studio::StudioError;
use training::TrainingError;

use crate::run::DeviceError;
use crate::{ImagesError, Network};

/// Why a run does not begin, or ends before its time.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder holds a run that was not finished.
    #[error("{} holds the checkpoint of an unfinished run", .checkpoint.display())]
    Unfinished {
        /// The folder of the checkpoint.
        checkpoint: PathBuf,
    },
    /// The folder holds a network that would be lost.
    #[error("{} already has a finished {what}", .folder.display())]
    Finished {
        /// The model's folder.
        folder: PathBuf,
        /// What it has.
        what: String,
    },
    /// The network needs classes, and the images have too few.
    #[error("{}", of_few_classes(*.network, .folder, *.classes))]
    Classes {
        /// The network.
        network: Network,
        /// The folder of the images.
        folder: PathBuf,
        /// How many classes they have.
        classes: usize,
    },
    /// A class has too few images.
    #[error(
        "the class `{class}` of {} has {images} pictures to learn from, after a fifth of all pictures was put aside for testing and a \
         tenth for measuring, and {fewest} is the least: add pictures of it (ten will do), or leave the class out",
        .folder.display()
    )]
    RareClass {
        /// The class.
        class: String,
        /// The folder of the images.
        folder: PathBuf,
        /// How many there are to learn from.
        images: usize,
        /// How many there have to be.
        fewest: usize,
    },
    /// The model's folder takes no files.
    #[error("{} cannot be written to", .folder.display())]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no device to compute on.
    #[error("{0}")]
    Device(DeviceError),
    /// The images cannot be trained on.
    #[error(transparent)]
    Images(#[from] ImagesError),
    /// The training, or saving what came of it, failed.
    #[error(transparent)]
    Studio(#[from] StudioError),
}

impl RunError {
    /// What ended the training itself, if that is what it is about.
    #[must_use]
    pub fn of_training(&self) -> Option<&TrainingError> {
        match self {
            Self::Studio(error) => error.of_training(),
            _ => None,
        }
    }
}

fn of_few_classes(network: Network, folder: &std::path::Path, classes: usize) -> String {
    let folder = folder.display();
    if network == Network::Conditional {
        return format!(
            "{folder} holds pictures without classes, and a conditional VAE is given the class: put the pictures of each class into a \
             sub-folder of its own, or train a VAE without classes"
        );
    }
    let found = if classes == 0 {
        "pictures without classes"
    } else {
        "pictures of one class"
    };
    let what = match network {
        Network::Joint => "joint model",
        other => other.name(),
    };
    format!(
        "{folder} holds {found}, and a {what} needs two classes at least: put the pictures of each class into a sub-folder of its own, or \
         leave it out and train a VAE alone"
    )
}
