//! What a run is, as plain data that can be written down and taken up again.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{ImageSource, NetworkSettings};

/// What a run is: which network it trains, how, on which images, and where the model is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// The images.
    pub images: ImageSource,
    /// The network and its settings.
    pub network: NetworkSettings,
    /// The model's folder. The other networks of a model that is there stay as they are.
    #[serde(with = "files::path_text")]
    pub out: PathBuf,
    /// The command that does the same.
    pub command: String,
}

impl RunSettings {
    /// Where the training keeps its checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        let name = self.network.network().name();
        self.out.join(format!("checkpoint-{name}"))
    }
}

/// How a run deals with what is in its folder already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Nothing may be lost: a finished network or a checkpoint that is there is refused.
    New,
    /// A checkpoint that is there is taken up.
    GoOn,
    /// What is there is replaced.
    Replace,
}
