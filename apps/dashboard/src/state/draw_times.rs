//! How long a model takes to draw an image, in this window and on this device.

use std::{collections::VecDeque, time::Duration};

use studio::Samples;

/// So many of the last times count: enough that one slow image does not matter.
const LAST: usize = 99;

/// The times that a model took to draw its last samples.
#[derive(Clone, Debug, Default)]
pub struct DrawTimes {
    times: VecDeque<Duration>,
    batch: usize,
    steps: usize,
}

impl DrawTimes {
    /// Takes in the times of some samples, which a flow drew in so many steps. Those of others are forgotten.
    pub fn add(&mut self, samples: &Samples, steps: usize) {
        if (self.batch, self.steps) != (samples.batch, steps) {
            self.times.clear();
        }
        (self.batch, self.steps) = (samples.batch, steps);
        self.times.extend(&samples.times);
        let surplus = self.times.len().saturating_sub(LAST);
        self.times.drain(..surplus);
    }

    /// The median; `None` before there is a time.
    #[must_use]
    pub fn median(&self) -> Option<Duration> {
        let mut times: Vec<Duration> = self.times.iter().copied().collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    }

    /// How many times the median is of.
    #[must_use]
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// Images drawn at a time: their time is shared evenly.
    #[must_use]
    pub fn batch(&self) -> usize {
        self.batch
    }
}
