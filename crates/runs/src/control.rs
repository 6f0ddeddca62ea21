//! How a run is asked to wait, to go on, to stop, and to show its weights.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use training::{CancelToken, Steering};

/// Asks a run for something. Clones ask the same run.
#[derive(Debug, Clone, Default)]
pub struct RunControl {
    /// Ends the run after the step under way; its checkpoint stays.
    pub cancel: CancelToken,
    /// Has the run wait between two steps, or end with what it has learned.
    pub steering: Steering,
    live: Arc<AtomicBool>,
}

impl RunControl {
    /// Nothing is asked of the run yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Has the newest weights saved as a model with each snapshot, or not any more.
    pub fn set_live(&self, live: bool) {
        self.live.store(live, Ordering::Relaxed);
    }

    /// Whether the newest weights are saved as a model with each snapshot.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live.load(Ordering::Relaxed)
    }
}
