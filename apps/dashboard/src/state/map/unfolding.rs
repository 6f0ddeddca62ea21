//! A layout by t-SNE on its way.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use studio::{Tsne, TsneSettings};

use super::MapPoint;

/// What is known of a layout that a thread works on, or has worked out.
#[derive(Debug, Default)]
pub struct Unfolding {
    at: Option<Tsne>,
    cancelled: Arc<AtomicBool>,
}

impl Unfolding {
    /// What the thread looks at to know whether it is still wanted. It also tells this layout's news from others'.
    #[must_use]
    pub fn cancelled(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// Takes news from the thread that has this flag.
    pub fn receive(&mut self, flag: &Arc<AtomicBool>, at: Tsne) {
        if Arc::ptr_eq(flag, &self.cancelled) {
            self.at = Some(at);
        }
    }

    /// The places so far, once there are any.
    #[must_use]
    pub fn layout(&self) -> Option<&[MapPoint]> {
        self.at.as_ref().map(|at| at.layout.as_slice())
    }

    /// Steps taken, and all of them.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let done = self.at.as_ref().map_or(0, |at| at.step);
        (done, TsneSettings::default().steps)
    }

    /// Whether the layout is worked out.
    #[must_use]
    pub fn done(&self) -> bool {
        let (done, all) = self.progress();
        done >= all
    }
}

/// Nobody waits for the rest.
impl Drop for Unfolding {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}
