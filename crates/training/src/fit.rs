//! The loop: batches ahead of their steps, one loss, one optimiser, averaged weights, a checkpoint after each epoch.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Tensor;
use datasets::{Seed, shuffled_batches};

use crate::{
    CancelToken, Checkpoints, EpochRecord, Event, Outcome, Progress, RunState, TrainingError,
    average_weights, one_cycle,
};

/// Batches that are ready before their step begins.
const BATCHES_AHEAD: usize = 1;

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
    /// All settings that shape the result, in words; see [`RunState::fingerprint`].
    pub fingerprint: String,
}

/// What the closures are told about the step they work for.
#[derive(Debug)]
pub struct Step<'a> {
    /// Indices of the batch's images.
    pub indices: &'a [usize],
    /// Seed for whatever is random in this step.
    pub seed: Seed,
    /// Epochs done, with the fraction of the one under way.
    pub epochs_done: f64,
}

impl<'a> Step<'a> {
    /// Step `number` of the whole run, counted from 0, in epochs of `steps`.
    fn new(plan: &Plan, steps: usize, number: usize, indices: &'a [usize]) -> Self {
        Self {
            indices,
            seed: plan.seed.derive(number as u64),
            epochs_done: number as f64 / steps as f64,
        }
    }
}

/// Where a run keeps its checkpoints, who may stop it and who watches it.
pub struct Fit<'a> {
    /// Where to keep checkpoints; without it, an interrupted run is lost.
    pub checkpoints: Option<&'a Checkpoints>,
    /// Take up the checkpoint if there is one.
    pub resume: bool,
    /// Asks the run to stop after the step under way.
    pub cancel: &'a CancelToken,
    /// Called after every step and every epoch.
    pub watch: &'a mut dyn FnMut(Event<'_>),
}

/// A trained network.
#[derive(Debug)]
pub struct Fitted<M> {
    /// The averaged weights, on the plain device.
    pub model: M,
    /// One record an epoch.
    pub history: Vec<EpochRecord>,
    /// Whether all epochs were done.
    pub outcome: Outcome,
}

/// Trains `model` (on an autodiff device) and returns its averaged weights.
///
/// `batch` makes what a step learns from; it runs on a thread of its own, a step ahead, so that reading and augmenting
/// images costs the step nothing. `loss` gives the scalar loss of a batch, `measure` the figures of the averaged weights
/// after an epoch.
///
/// # Errors
/// [`TrainingError`] for a plan without images, batches or epochs or with rates out of range, a loss that is not finite,
/// and checkpoints that cannot be written or do not belong to this run.
pub fn fit<M: Module, B: Send>(
    model: M,
    optimizer: ModuleOptimizer,
    plan: &Plan,
    run: Fit<'_>,
    batch: impl Fn(&Step<'_>) -> B + Sync,
    mut loss: impl FnMut(&M, B, &Step<'_>) -> Tensor<1>,
    mut measure: impl FnMut(&M) -> BTreeMap<String, f64>,
) -> Result<Fitted<M>, TrainingError> {
    check(plan)?;
    let Fit {
        checkpoints,
        resume,
        cancel,
        watch,
    } = run;
    let from = checkpoints.filter(|_| resume);
    let mut trainer = Trainer::start(model, optimizer, plan, from)?;
    while trainer.state.history.len() < plan.epochs {
        let started = Instant::now();
        let before = trainer.state.epoch_seconds;
        let done = trainer.epoch(plan, cancel, watch, &batch, &mut loss)?;
        trainer.state.epoch_seconds = before + started.elapsed().as_secs_f64();
        if !done {
            trainer.save(checkpoints)?;
            return Ok(trainer.finish(Outcome::Cancelled));
        }
        trainer.end_epoch(plan, measure(&trainer.average), before, started);
        if let Some(record) = trainer.state.history.last() {
            watch(Event::Epoch(record));
        }
        trainer.save(checkpoints)?;
    }
    Ok(trainer.finish(Outcome::Finished))
}

fn check(plan: &Plan) -> Result<(), TrainingError> {
    for (name, value) in [
        ("training images", plan.images),
        ("epochs", plan.epochs),
        ("batch size", plan.batch_size),
    ] {
        if value == 0 {
            return Err(TrainingError::Plan(format!("{name} must be at least 1")));
        }
    }
    if !(plan.peak_learning_rate.is_finite() && plan.peak_learning_rate > 0.0) {
        return Err(TrainingError::Plan(format!(
            "the learning rate must be a positive number, not {}",
            plan.peak_learning_rate
        )));
    }
    if !(0.0..=1.0).contains(&plan.average_decay) {
        return Err(TrainingError::Plan(format!(
            "the decay of the averaged weights must be from 0 to 1, not {}",
            plan.average_decay
        )));
    }
    Ok(())
}

/// Whether a checkpoint's counts can come from this plan; a damaged one would skip steps or never end.
fn check_counts(
    state: &RunState,
    steps: usize,
    checkpoints: &Checkpoints,
) -> Result<(), TrainingError> {
    let epochs = state.history.len();
    if state.step / steps == epochs {
        return Ok(());
    }
    Err(TrainingError::damaged(
        &checkpoints.latest(),
        format!(
            "it counts {} steps and {epochs} epochs, but an epoch has {steps} steps",
            state.step
        ),
    ))
}

struct Trainer<M> {
    model: M,
    average: M,
    optimizer: ModuleOptimizer,
    state: RunState,
    steps: usize,
    /// Steps and time since this process took the run up, for the throughput.
    taken: usize,
    clock: Instant,
}

impl<M: Module> Trainer<M> {
    fn start(
        model: M,
        optimizer: ModuleOptimizer,
        plan: &Plan,
        from: Option<&Checkpoints>,
    ) -> Result<Self, TrainingError> {
        let average = model.valid();
        let fresh = RunState {
            fingerprint: plan.fingerprint.clone(),
            ..RunState::default()
        };
        let steps = plan.images.div_ceil(plan.batch_size);
        let (state, model, average, optimizer) = match from {
            Some(checkpoints) if checkpoints.exist() => {
                let loaded = checkpoints.load(&plan.fingerprint, model, average, optimizer)?;
                check_counts(&loaded.0, steps, checkpoints)?;
                loaded
            }
            _ => (fresh, model, average, optimizer),
        };
        Ok(Self {
            model,
            average,
            optimizer,
            state,
            steps,
            taken: 0,
            clock: Instant::now(),
        })
    }

    /// Takes the steps that are left of the epoch under way; false if it was cancelled.
    fn epoch<B: Send>(
        &mut self,
        plan: &Plan,
        cancel: &CancelToken,
        watch: &mut dyn FnMut(Event<'_>),
        batch: &(impl Fn(&Step<'_>) -> B + Sync),
        loss: &mut impl FnMut(&M, B, &Step<'_>) -> Tensor<1>,
    ) -> Result<bool, TrainingError> {
        let epoch = self.state.history.len();
        let (steps, done) = (self.steps, self.state.step);
        let batches = shuffled_batches(plan.images, plan.batch_size, plan.seed, epoch);
        let left = &batches[done - epoch * steps..];
        let at = |index: usize| Step::new(plan, steps, done + index, &left[index]);
        thread::scope(|scope| {
            let (sender, prepared) = mpsc::sync_channel(BATCHES_AHEAD);
            scope.spawn(move || {
                // An error means that training ended before its last step.
                let mut batches = (0..left.len()).map(|index| batch(&at(index)));
                let _ = batches.try_for_each(|batch| sender.send(batch));
            });
            // If making a batch panics, the channel ends early, and the panic goes on when the scope does.
            for (index, batch) in prepared.iter().enumerate() {
                if cancel.is_cancelled() {
                    return Ok(false);
                }
                let value = self.step(plan, batch, &at(index), loss);
                let step = done + index - epoch * steps;
                if !value.is_finite() {
                    return Err(TrainingError::NotFinite {
                        epoch: epoch + 1,
                        step: step + 1,
                        loss: value,
                    });
                }
                watch(Event::Step(&self.progress(plan, epoch, step, value)));
            }
            Ok(true)
        })
    }

    /// One optimiser step; the weights stay as they were if the loss is not finite.
    fn step<B>(
        &mut self,
        plan: &Plan,
        batch: B,
        step: &Step<'_>,
        loss: &mut impl FnMut(&M, B, &Step<'_>) -> Tensor<1>,
    ) -> f64 {
        let loss = loss(&self.model, batch, step);
        let value = f64::from(loss.clone().into_scalar::<f32>());
        if !value.is_finite() {
            return value;
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
        let rate = one_cycle(
            self.state.step,
            self.steps * plan.epochs,
            plan.peak_learning_rate,
        );
        self.model = self.optimizer.step(rate, self.model.clone(), gradients);
        let ramp = (1.0 + self.state.step as f64) / (10.0 + self.state.step as f64);
        let decay = plan.average_decay.min(ramp);
        self.average = average_weights(self.average.clone(), &self.model, decay);
        self.state.step += 1;
        self.state.epoch_loss_sum += value;
        self.taken += 1;
        value
    }

    fn progress(&self, plan: &Plan, epoch: usize, index: usize, loss: f64) -> Progress {
        let seconds_a_step = self.clock.elapsed().as_secs_f64() / self.taken.max(1) as f64;
        let left = self.steps * plan.epochs - self.state.step;
        Progress {
            epoch: epoch + 1,
            epochs: plan.epochs,
            step: index + 1,
            steps: self.steps,
            images_per_second: plan.batch_size as f64 / seconds_a_step.max(1e-9),
            eta: Duration::from_secs_f64(seconds_a_step * left as f64),
            loss,
        }
    }

    fn end_epoch(
        &mut self,
        plan: &Plan,
        mut metrics: BTreeMap<String, f64>,
        seconds_before: f64,
        started: Instant,
    ) {
        let mean_loss = self.state.epoch_loss_sum / self.steps as f64;
        metrics.insert("train_loss".to_owned(), mean_loss);
        let rate = one_cycle(
            self.state.step,
            self.steps * plan.epochs,
            plan.peak_learning_rate,
        );
        metrics.insert("learning_rate".to_owned(), rate);
        self.state.history.push(EpochRecord {
            epoch: self.state.history.len() + 1,
            seconds: seconds_before + started.elapsed().as_secs_f64(),
            metrics,
        });
        self.state.epoch_loss_sum = 0.0;
        self.state.epoch_seconds = 0.0;
    }

    fn save(&self, checkpoints: Option<&Checkpoints>) -> Result<(), TrainingError> {
        match checkpoints {
            Some(checkpoints) => {
                checkpoints.save(&self.state, &self.model, &self.average, &self.optimizer)
            }
            None => Ok(()),
        }
    }

    fn finish(self, outcome: Outcome) -> Fitted<M> {
        Fitted {
            model: self.average,
            history: self.state.history,
            outcome,
        }
    }
}
