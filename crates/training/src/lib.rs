//! The training loop that all networks share.
//!
//! They train the same way: shuffled batches, `AdamW` on a one-cycle schedule, an exponential average of the
//! weights, a checkpoint after each epoch and on cancellation. What differs, the loss of a batch and the figures of an
//! epoch, comes in as two closures ([`fit()`]). Networks that train against each other have several losses, and bring a step of
//! their own ([`fit_with`]). The crate knows none of the models.
//!
//! Without it each model crate would carry its own copy of resuming, and resuming is where training loops go wrong: a
//! run that was interrupted must end with the same weights, bit for bit, as one that was not. So everything random in a
//! step derives from `(seed, step)`, and everything else is in the checkpoint.

mod average;
mod checkpoint;
mod error;
mod fit;
mod identity;
mod learner;
mod look;
mod optimizer;
mod plan;
mod progress;
mod schedule;
mod seeded;

pub use average::average_weights;
pub use checkpoint::{Checkpoints, RunState};
pub use error::TrainingError;
pub use fit::{Fit, Fitted, fit, fit_with};
pub use identity::{RunIdentity, SettingChange};
pub use learner::{Learner, Losses};
pub use look::Look;
pub use optimizer::AdamW;
pub use plan::{Plan, Step};
pub use progress::{CancelToken, EpochRecord, Event, Outcome, Progress, Steering};
pub use schedule::one_cycle;
pub use seeded::seeded;
