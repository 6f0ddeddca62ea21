//! All that is seen of a run, as plain data: the same for the program that trains and for one that looks on.

use std::path::PathBuf;
use std::sync::Arc;

use datasets::{DatasetInfo, Image};
use serde::{Deserialize, Serialize};
use training::EpochRecord;

use crate::RunSettings;

/// Losses of steps that are kept: enough for a curve as wide as a window.
pub const MOST_LOSSES: usize = 600;
/// Snapshots that are kept.
pub const MOST_SEEN: usize = 160;

/// What a run is doing, or how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    /// It reads its images.
    Preparing,
    /// It trains.
    Running,
    /// It waits until somebody has it go on.
    Paused,
    /// All steps are done; the model is described and saved.
    Saving,
    /// It was stopped, and can go on from its checkpoint.
    Stopped,
    /// The model is there.
    Finished,
    /// It failed, for this reason.
    Failed(String),
    /// Its program ended without a word; it can go on from its last checkpoint.
    Crashed,
}

impl RunState {
    /// Whether its program is at work on it.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(
            self,
            Self::Preparing | Self::Running | Self::Paused | Self::Saving
        )
    }

    /// In one word, as lists show it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Saving => "saving",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Failed(_) => "failed",
            Self::Crashed => "crashed",
        }
    }
}

/// The loss of a step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Steps of the whole run, this one included.
    pub step: usize,
    /// Its loss.
    pub loss: f64,
}

/// What the network made of the same images and latents after so many steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The steps that it had learned from.
    pub step: usize,
    /// Held-out images, encoded and decoded again.
    pub reconstructions: Vec<Image>,
    /// Fixed latents, drawn.
    pub samples: Vec<Image>,
    /// Where held-out images lie, on the plane of the two principal directions.
    pub points: Vec<[f32; 2]>,
}

/// All that is seen of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunView {
    /// What it is.
    pub settings: RunSettings,
    /// What it is doing.
    pub state: RunState,
    /// The data set, once it was read.
    pub dataset: Option<DatasetInfo>,
    /// Images to learn from, and held-out ones.
    pub images: [usize; 2],
    /// Steps so far, and of the whole run.
    pub steps: [usize; 2],
    /// Epochs of the whole run.
    pub epochs: usize,
    /// Throughput since the run was taken up.
    pub images_per_second: f64,
    /// Seconds that are left at that throughput.
    pub seconds_left: f64,
    /// The loss of some of the steps, evenly over the run.
    pub losses: Vec<Curve>,
    /// What was measured after each epoch.
    pub history: Vec<EpochRecord>,
    /// The held-out images that are drawn again in every snapshot.
    pub originals: Vec<Image>,
    /// The classes of the images whose places are in every snapshot; none without labels.
    pub classes: Vec<u16>,
    /// Snapshots, evenly over the run.
    pub seen: Vec<Arc<Seen>>,
    /// The folder in which the newest weights can be opened, and after how many steps they were saved there.
    pub live: Option<(PathBuf, usize)>,
    /// What of the run could not be written down, which did not stop it.
    pub trouble: Option<String>,
}

impl RunView {
    /// A run that has not begun.
    #[must_use]
    pub fn new(settings: RunSettings) -> Self {
        let (epochs, _) = settings.network.epochs_and_batch();
        Self {
            settings,
            state: RunState::Preparing,
            dataset: None,
            images: [0; 2],
            steps: [0; 2],
            epochs,
            images_per_second: 0.0,
            seconds_left: 0.0,
            losses: Vec::new(),
            history: Vec::new(),
            originals: Vec::new(),
            classes: Vec::new(),
            seen: Vec::new(),
            live: None,
            trouble: None,
        }
    }

    /// How far it is, in 0..=1.
    #[must_use]
    pub fn share(&self) -> f64 {
        let [done, all] = self.steps;
        if all == 0 {
            return 0.0;
        }
        (done as f64 / all as f64).min(1.0)
    }

    /// Steps of an epoch.
    #[must_use]
    pub fn steps_an_epoch(&self) -> usize {
        self.steps[1] / self.epochs.max(1)
    }
}
