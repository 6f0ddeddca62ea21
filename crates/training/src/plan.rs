//! What a run is to do, and what its closures are told of each step.

use datasets::Seed;

use crate::TrainingError;

/// How long and how fast to train.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Training images; batches are drawn from `0..images`.
    pub images: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Passes over the training images.
    pub epochs: usize,
    /// The highest learning rate of the one-cycle schedule.
    pub peak_learning_rate: f64,
    /// Decay of the averaged weights per step; it is ramped up as `(1 + step) / (10 + step)`, so that the first weights
    /// are soon forgotten.
    pub average_decay: f64,
    /// Seed of batch order and of everything random in a step.
    pub seed: Seed,
    /// All settings that shape the result, in words; see [`RunState::fingerprint`](crate::RunState::fingerprint).
    pub fingerprint: String,
}

/// What the closures are told about the step they work for.
#[derive(Debug)]
pub struct Step<'a> {
    /// Indices of the batch's images.
    pub indices: &'a [usize],
    /// Seed for whatever is random in this step.
    pub seed: Seed,
    /// The steps of the whole run before this one.
    pub number: usize,
    /// Epochs done, with the fraction of the one under way.
    pub epochs_done: f64,
}

impl<'a> Step<'a> {
    /// Step `number` of the whole run, counted from 0, in epochs of `steps`.
    pub(crate) fn new(plan: &Plan, steps: usize, number: usize, indices: &'a [usize]) -> Self {
        Self {
            indices,
            seed: plan.seed.derive(number as u64),
            number,
            epochs_done: number as f64 / steps as f64,
        }
    }
}

impl Plan {
    /// Refuses a plan with which nothing can be trained.
    pub(crate) fn check(&self) -> Result<(), TrainingError> {
        for (name, value) in [
            ("training images", self.images),
            ("epochs", self.epochs),
            ("batch size", self.batch_size),
        ] {
            if value == 0 {
                return Err(TrainingError::Plan(format!("{name} must be at least 1")));
            }
        }
        if !(self.peak_learning_rate.is_finite() && self.peak_learning_rate > 0.0) {
            return Err(TrainingError::Plan(format!(
                "the learning rate must be a positive number, not {}",
                self.peak_learning_rate
            )));
        }
        if !(0.0..=1.0).contains(&self.average_decay) {
            return Err(TrainingError::Plan(format!(
                "the decay of the averaged weights must be from 0 to 1, not {}",
                self.average_decay
            )));
        }
        Ok(())
    }
}
