//! What a run tells of itself while it goes on, and how it is asked to stop.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::SettingChange;

/// Asks a long job to stop at its next safe point. Clones share one flag.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that nobody has cancelled yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the job to stop. There is no way back.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the job was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Has a run wait between two steps, or end with what it has learned so far. Clones steer the same run.
#[derive(Debug, Clone, Default)]
pub struct Steering(Arc<(Mutex<Wish>, Condvar)>);

/// What is wanted of a run.
#[derive(Debug, Clone, Copy, Default)]
struct Wish {
    paused: bool,
    enough: bool,
}

/// How long a run that waits takes to notice that it is to stop.
const NOTICED_AFTER: Duration = Duration::from_millis(50);

impl Steering {
    /// Of a run that goes on to its end.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the run to wait, or to go on.
    pub fn set_paused(&self, paused: bool) {
        self.wish().paused = paused;
        self.0.1.notify_all();
    }

    /// Whether the run is to wait.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.wish().paused
    }

    /// Asks the run to end after the step under way as if that were its last one. There is no way back.
    pub fn end_now(&self) {
        self.wish().enough = true;
        self.0.1.notify_all();
    }

    /// Whether the run is to end with what it has learned.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.wish().enough
    }

    /// Waits until the run may go on or is to end; how long that took.
    pub(crate) fn wait(&self, cancel: &CancelToken) -> Duration {
        let began = Instant::now();
        let mut wish = self.wish();
        while wish.paused && !wish.enough && !cancel.is_cancelled() {
            let waited = self.0.1.wait_timeout(wish, NOTICED_AFTER);
            wish = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        began.elapsed()
    }

    fn wish(&self) -> MutexGuard<'_, Wish> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a run stands after an optimiser step.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Epochs of the whole run.
    pub epochs: usize,
    /// The step within the epoch, from 1.
    pub step: usize,
    /// Steps of an epoch.
    pub steps: usize,
    /// Throughput since this process took the run up.
    pub images_per_second: f64,
    /// Time left for the whole run at that throughput.
    pub eta: Duration,
    /// The loss of this step's batch.
    pub loss: f64,
}

/// What was measured at the end of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochRecord {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Wall-clock seconds that the epoch took, its evaluation included.
    pub seconds: f64,
    /// Figures by name; `train_loss` is the mean over the epoch's batches, `held_out_*` are of the averaged weights on
    /// the held-out part.
    pub metrics: BTreeMap<String, f64>,
    /// What was changed in this epoch, where the run was resumed with other settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
}

/// What a run tells whoever watches it.
#[derive(Debug)]
pub enum Event<'a> {
    /// A checkpoint was taken up, with these settings changed since it was made.
    Resumed {
        /// Steps that were taken before.
        step: usize,
        /// What is set otherwise now.
        changes: &'a [SettingChange],
    },
    /// A step was taken.
    Step(&'a Progress),
    /// An epoch has ended and was measured.
    Epoch(&'a EpochRecord),
    /// The run waits until somebody has it go on; the next step says that it does.
    Paused,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All epochs were done.
    Finished,
    /// The run was asked to stop and left a checkpoint (if it was given a place for one).
    Cancelled,
}
