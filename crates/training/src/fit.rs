//! The loop: batches ahead of their steps, one loss, one optimiser, averaged weights, a checkpoint after each epoch.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::Tensor;
use datasets::{DatasetError, shuffled_batches};

use crate::{
    CancelToken, Checkpoints, EpochRecord, Event, Learner, Look, Losses, Outcome, Plan, Progress,
    RunState, Steering, Step, TrainingError, average_weights, checkpoint::Loaded, one_cycle,
};

/// How often the loss of fresh weights that of an epoch is where they ran too far.
const TOO_FAR: f64 = 10.0;

/// Batches that are ready before their step begins.
const BATCHES_AHEAD: usize = 1;

/// Where a run of a network `M` keeps its checkpoints, who may stop it and who watches it.
pub struct Fit<'a, M> {
    /// Where to keep checkpoints; without it, an interrupted run is lost.
    pub checkpoints: Option<&'a Checkpoints>,
    /// Take up the checkpoint if there is one.
    pub resume: bool,
    /// Asks the run to stop after the step under way.
    pub cancel: &'a CancelToken,
    /// Has the run wait between two steps, or end early.
    pub steering: Option<&'a Steering>,
    /// Looks at the averaged weights now and then.
    pub look: Option<Look<'a, M>>,
    /// Called after every step and every epoch.
    pub watch: &'a mut dyn FnMut(Event<'_>),
}

impl<'a, M: 'a> Fit<'a, M> {
    /// The same for a network of which `M` is a part.
    #[must_use]
    pub fn within<N: 'a>(self, part: fn(&N) -> &M) -> Fit<'a, N> {
        Fit {
            checkpoints: self.checkpoints,
            resume: self.resume,
            cancel: self.cancel,
            steering: self.steering,
            look: self.look.map(|look| look.within(part)),
            watch: self.watch,
        }
    }
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
/// images costs the step nothing. Both it and `measure` fail where images cannot be read. `loss` gives the scalar loss of a batch, `measure` the figures of the averaged weights
/// after an epoch.
///
/// # Errors
/// [`TrainingError`] for a plan without images, batches or epochs or with rates out of range, images that cannot be read, a loss that is
/// not finite, and checkpoints that cannot be written or do not belong to this run.
pub fn fit<M: Module, B: Send>(
    model: M,
    optimizer: ModuleOptimizer,
    plan: &Plan,
    run: Fit<'_, M>,
    batch: impl Fn(&Step<'_>) -> Result<B, DatasetError> + Sync,
    mut loss: impl FnMut(&M, B, &Step<'_>) -> Tensor<1>,
    measure: impl FnMut(&M) -> Result<BTreeMap<String, f64>, DatasetError>,
) -> Result<Fitted<M>, TrainingError> {
    let step = |learner: &mut Learner<M>, batch: B, step: &Step<'_>| {
        let loss = loss(learner.model(), batch, step);
        learner.descend(&loss).into()
    };
    fit_with(model, optimizer, plan, run, batch, step, measure)
}

/// As [`fit`], with `step` in the place of a loss: it takes one step of training, with as many losses as it needs.
///
/// # Errors
/// As [`fit`]; of the losses of a step, all have to be finite.
pub fn fit_with<M: Module, B: Send>(
    model: M,
    optimizer: ModuleOptimizer,
    plan: &Plan,
    run: Fit<'_, M>,
    batch: impl Fn(&Step<'_>) -> Result<B, DatasetError> + Sync,
    mut step: impl FnMut(&mut Learner<M>, B, &Step<'_>) -> Losses,
    mut measure: impl FnMut(&M) -> Result<BTreeMap<String, f64>, DatasetError>,
) -> Result<Fitted<M>, TrainingError> {
    plan.check()?;
    let Fit {
        checkpoints,
        resume,
        cancel,
        steering,
        look,
        watch,
    } = run;
    let from = checkpoints.filter(|_| resume);
    let mut trainer = Trainer::start(model, optimizer, plan, [checkpoints, from], watch)?;
    let mut watched = Watched {
        cancel,
        steering,
        look,
        watch,
    };
    while trainer.state.history.len() < plan.epochs {
        let mut started = Instant::now();
        let before = trainer.state.epoch_seconds;
        let (end, waited) = trainer.epoch(plan, &mut watched, &batch, &mut step)?;
        // Nobody counts the time of a pause.
        started += waited;
        trainer.state.epoch_seconds = before + started.elapsed().as_secs_f64();
        if end != EpochEnd::Done {
            // What follows an early end may fail, too.
            trainer.save(checkpoints)?;
        }
        if end == EpochEnd::Cancelled {
            return Ok(trainer.finish(Outcome::Cancelled));
        }
        if end == EpochEnd::Enough {
            trainer.note_early_end(plan);
        }
        trainer.end_epoch(plan, measure(&trainer.average)?, before, started);
        if let Some(record) = trainer.state.history.last() {
            (watched.watch)(Event::Epoch(record));
        }
        if end == EpochEnd::Enough {
            break;
        }
        trainer.save(checkpoints)?;
    }
    if let Some(look) = &mut watched.look {
        look.now(&trainer.average, trainer.state.step);
    }
    Ok(trainer.finish(Outcome::Finished))
}

/// Whether a checkpoint's counts can come from this plan; a damaged one would skip steps or never end.
fn check_counts(
    state: &RunState,
    plan: &Plan,
    steps: usize,
    checkpoints: &Checkpoints,
) -> Result<(), TrainingError> {
    let epochs = state.history.len();
    if epochs > plan.epochs {
        return Err(TrainingError::Plan(format!(
            "the run has done {epochs} epochs already, so it cannot end after {}: give it {epochs} or more",
            plan.epochs
        )));
    }
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

/// Why no further step of an epoch is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EpochEnd {
    /// There is none.
    Done,
    /// The run is to stop, and perhaps go on later.
    Cancelled,
    /// The run is to end with what it has learned.
    Enough,
}

/// Who may stop a run, have it wait, and look at it.
struct Watched<'a, M> {
    cancel: &'a CancelToken,
    steering: Option<&'a Steering>,
    look: Option<Look<'a, M>>,
    watch: &'a mut dyn FnMut(Event<'_>),
}

impl<M: Module> Watched<'_, M> {
    /// Waits as long as somebody has the run wait; how long that was.
    fn wait(&mut self) -> Duration {
        let Some(steering) = self.steering.filter(|steering| steering.is_paused()) else {
            return Duration::ZERO;
        };
        (self.watch)(Event::Paused);
        steering.wait(self.cancel)
    }

    /// Whether the run is to end with what it has learned.
    fn is_enough(&self) -> bool {
        self.steering.is_some_and(Steering::is_enough)
    }
}

struct Trainer<M> {
    learner: Learner<M>,
    average: M,
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
        [checkpoints, from]: [Option<&Checkpoints>; 2],
        watch: &mut dyn FnMut(Event<'_>),
    ) -> Result<Self, TrainingError> {
        let average = model.valid();
        let identity = match checkpoints {
            Some(checkpoints) => checkpoints.identify(&plan.identity),
            None => plan.identity.clone(),
        };
        let steps = plan.images.div_ceil(plan.batch_size);
        let mut loaded = match from {
            Some(checkpoints) if checkpoints.exist() => {
                let loaded = checkpoints.load(&identity, model, average, optimizer)?;
                check_counts(&loaded.state, plan, steps, checkpoints)?;
                let (step, changes) = (loaded.state.step, &loaded.changes);
                watch(Event::Resumed { step, changes });
                loaded
            }
            _ => Loaded {
                state: RunState::default(),
                model,
                average,
                optimizer,
                changes: Vec::new(),
            },
        };
        loaded.state.identity = identity;
        let changes = loaded.changes.iter().map(|change| {
            let step = loaded.state.step;
            format!("after {step} steps {change}")
        });
        loaded.state.epoch_changes.extend(changes);
        let Loaded {
            state,
            model,
            average,
            optimizer,
            ..
        } = loaded;
        let rate = plan.peak_learning_rate;
        Ok(Self {
            learner: Learner {
                model,
                optimizer,
                rate,
            },
            average,
            state,
            steps,
            taken: 0,
            clock: Instant::now(),
        })
    }

    /// Takes the steps that are left of the epoch under way, and says why it ends and how long it had to wait.
    fn epoch<'a, B: Send>(
        &mut self,
        plan: &Plan,
        watched: &mut Watched<'a, M>,
        batch: &(impl Fn(&Step<'_>) -> Result<B, DatasetError> + Sync),
        take: &mut impl FnMut(&mut Learner<M>, B, &Step<'_>) -> Losses,
    ) -> Result<(EpochEnd, Duration), TrainingError>
    where
        M: 'a,
    {
        let epoch = self.state.history.len();
        let mut waited = Duration::ZERO;
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
                let pause = watched.wait();
                (waited, self.clock) = (waited + pause, self.clock + pause);
                if watched.cancel.is_cancelled() {
                    return Ok((EpochEnd::Cancelled, waited));
                }
                // An epoch in which nothing was learned is none.
                if watched.is_enough() && self.state.step > epoch * steps {
                    return Ok((EpochEnd::Enough, waited));
                }
                let losses = self.step(plan, batch?, &at(index), take);
                let step = done + index - epoch * steps;
                if let Some(loss) = losses.not_finite() {
                    return Err(TrainingError::NotFinite {
                        epoch: epoch + 1,
                        step: step + 1,
                        loss,
                        too_far: self.ran_too_far(),
                    });
                }
                let progress = self.progress(plan, epoch, step, losses.loss);
                (watched.watch)(Event::Step(&progress));
                if let Some(look) = &mut watched.look {
                    look.at(&self.average, self.state.step);
                }
            }
            Ok((EpochEnd::Done, waited))
        })
    }

    /// One step of training; a step whose losses are not all finite does not count.
    fn step<B>(
        &mut self,
        plan: &Plan,
        batch: B,
        step: &Step<'_>,
        take: &mut impl FnMut(&mut Learner<M>, B, &Step<'_>) -> Losses,
    ) -> Losses {
        self.learner.rate = one_cycle(
            self.state.step,
            self.steps * plan.epochs,
            plan.peak_learning_rate,
        );
        let losses = take(&mut self.learner, batch, step);
        if losses.not_finite().is_some() {
            return losses;
        }
        let ramp = (1.0 + self.state.step as f64) / (10.0 + self.state.step as f64);
        let decay = plan.average_decay.min(ramp);
        self.average = average_weights(self.average.clone(), &self.learner.model, decay);
        self.state.add(&losses);
        self.taken += 1;
        losses
    }

    /// Whether the weights of the last checkpoint are of no use: no step can be taken from them, or what was measured of them is no number or a
    /// loss many times that of fresh weights.
    fn ran_too_far(&self) -> bool {
        let none = BTreeMap::new();
        let last = self.state.history.last();
        let last = last.map_or(&none, |epoch| &epoch.metrics);
        let loss = last.get("train_loss").zip(self.state.first_loss);
        let grown = loss.is_some_and(|(&loss, first)| loss > TOO_FAR * (first.abs() + 1.0));
        self.taken == 0 || grown || last.values().any(|value| !value.is_finite())
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
            eta: Duration::try_from_secs_f64(seconds_a_step * left as f64).unwrap_or(Duration::MAX),
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
        let steps = self.state.step - self.state.history.len() * self.steps;
        for (name, sum) in self.state.end_epoch() {
            metrics.insert(format!("train_{name}"), sum / steps.max(1) as f64);
        }
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
            changes: std::mem::take(&mut self.state.epoch_changes),
        });
    }

    /// Records that a person ended the run before its last step.
    fn note_early_end(&mut self, plan: &Plan) {
        let (taken, planned) = (self.state.step, self.steps * plan.epochs);
        let text = format!("ended by hand after {taken} of {planned} steps");
        self.state.epoch_changes.push(text);
    }

    fn save(&self, checkpoints: Option<&Checkpoints>) -> Result<(), TrainingError> {
        match checkpoints {
            Some(checkpoints) => {
                let Learner {
                    model, optimizer, ..
                } = &self.learner;
                checkpoints.save(&self.state, model, &self.average, optimizer)
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
