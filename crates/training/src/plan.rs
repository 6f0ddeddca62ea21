//! What a run is to do, and what its closures are told of each step.

use datasets::Seed;

use crate::{RunIdentity, TrainingError};

/// More steps than any run takes, and few enough to count with.
const MOST_STEPS: usize = 1 << 40;

/// `AdamW` moves every weight by about the learning rate in each step. One above this takes all weights out of the range of half
/// precision within a short run.
const HIGHEST_RATE: f64 = 1_000.0;

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
    /// All that shapes the result, so that no run takes up the checkpoint of another one.
    pub identity: RunIdentity,
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
        let steps = self.images.div_ceil(self.batch_size);
        if steps
            .checked_mul(self.epochs)
            .is_none_or(|all| all > MOST_STEPS)
        {
            return Err(TrainingError::Plan(format!(
                "{} epochs of {steps} steps are more than the {MOST_STEPS} steps that a run can have",
                self.epochs
            )));
        }
        let rate = self.peak_learning_rate;
        if !(rate > 0.0 && rate <= HIGHEST_RATE) {
            return Err(TrainingError::Plan(format!(
                "the learning rate must be above 0 and at most {HIGHEST_RATE}, not {rate}"
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
