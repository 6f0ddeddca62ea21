//! The thread that trains. It has a device handle and a pool of its own, whose threads stand back, so that no frame of the window waits
//! behind a step.

use std::io;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use eframe::egui::Context;
use runs::{Computing, Run, RunControl, RunEvent, RunSettings, RunState, RunView, Start};
use training::{Checkpoints, Outcome};

use crate::app::tasks::Done;
use crate::state::train::{Failure, TrainDone};

/// How often the window hears of a run, unless something is new in it.
const TOLD_EVERY: Duration = Duration::from_millis(200);
/// How much time lies between two pictures of what a network draws.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long a window that closes waits for the checkpoint.
const LAST_CHECKPOINT: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A run under way. Dropping it stops the run, which leaves its checkpoint.
pub struct Trainer {
    /// How the run under way is asked for something: each has a control of its own.
    control: Shared,
    thread: Option<JoinHandle<()>>,
}

/// The control of the run under way.
type Shared = Arc<Mutex<RunControl>>;

fn current(control: &Shared) -> RunControl {
    let control = control.lock().unwrap_or_else(PoisonError::into_inner);
    control.clone()
}

impl Trainer {
    /// How the run under way is asked for something.
    #[must_use]
    pub fn control(&self) -> RunControl {
        current(&self.control)
    }

    /// Trains networks one after the other, each if the one before has come to its end.
    pub fn start(
        runs: Vec<(RunSettings, Start)>,
        device: Device,
        home: Option<&Path>,
        sender: Sender<Done>,
        ctx: &Context,
    ) -> io::Result<Self> {
        let control = Shared::default();
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let computing = Computing {
            device,
            device_name: format!("CPU (Flex, {threads} threads), in the window"),
        };
        let cache = cache(home);
        let teller = Teller {
            sender,
            ctx: ctx.clone(),
            told: None,
        };
        let shared = Arc::clone(&control);
        let work = move || train(&runs, (&computing, cache), &shared, teller);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("training-{index}"))
            .start_handler(|_| stand_back())
            .build()
            .map_err(io::Error::other)?;
        let thread = thread::Builder::new()
            .name("training".to_owned())
            .spawn(move || pool.install(work))?;
        Ok(Self {
            control,
            thread: Some(thread),
        })
    }
}

impl Drop for Trainer {
    fn drop(&mut self) {
        self.control().cancel.cancel();
        if let Some(thread) = self.thread.take() {
            // A disk that does not answer must not keep the window from closing.
            let end = Instant::now() + LAST_CHECKPOINT;
            while !thread.is_finished() && Instant::now() < end {
                thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

/// Has the system give this thread what the window leaves: what paints, and the models that are explored, come first. Threads that it starts
/// inherit it.
fn stand_back() {
    /// A thread of the usual priority gets about nine times as much.
    #[cfg(target_os = "linux")]
    const NICENESS: i32 = 10;
    // Where that is refused, a frame may wait for a step.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICENESS);
}

/// Where prepared pictures are kept: as on the command line, or below the folder that a test names.
pub(super) fn cache(home: Option<&Path>) -> Option<datasets::Cache> {
    let usual = || dirs::cache_dir().map(|folder| folder.join("latent-lens").join("prepared"));
    let is_usual = home.is_none_or(|home| Some(home.to_owned()) == crate::files::store::folder());
    let folder = if is_usual {
        usual()
    } else {
        home.map(|home| home.join("prepared"))
    };
    folder.map(datasets::Cache::new)
}

fn train(
    runs: &[(RunSettings, Start)],
    (computing, cache): (&Computing, Option<datasets::Cache>),
    control: &Shared,
    mut teller: Teller,
) {
    for (index, (settings, start)) in runs.iter().enumerate() {
        if index > 0 && !begin_another(control) {
            return teller.tell(TrainDone::Ended(Ok(false)));
        }
        let control = current(control);
        teller.tell(TrainDone::Next(runs.len() - index - 1));
        let run = Run {
            settings,
            start: *start,
            cache: cache.clone(),
            computing: &|| Ok(computing.clone()),
            control: &control,
            look_every: LOOK_EVERY,
        };
        let outcome = run.go(&mut |event| {
            if let RunEvent::Seen(view) = event {
                teller.show(view);
            }
        });
        match outcome {
            Ok(Outcome::Finished) => {}
            Ok(Outcome::Cancelled) => return teller.tell(TrainDone::Ended(Ok(false))),
            Err(error) => {
                let has_checkpoint = Checkpoints::new(settings.checkpoint()).exist();
                let failure = Failure::of(&error, settings, has_checkpoint);
                return teller.tell(TrainDone::Ended(Err(failure)));
            }
        }
    }
    teller.tell(TrainDone::Ended(Ok(true)));
}

/// Gives the next run a control of its own; false if the one before was asked to stop.
fn begin_another(control: &Shared) -> bool {
    let mut control = control.lock().unwrap_or_else(PoisonError::into_inner);
    let goes_on = !control.cancel.is_cancelled();
    if goes_on {
        *control = RunControl::new();
    }
    goes_on
}

/// Tells the window what is seen, not too often.
struct Teller {
    sender: Sender<Done>,
    ctx: Context,
    /// When it was told last, and what the window would miss most.
    told: Option<(Instant, RunState, usize, usize)>,
}

impl Teller {
    fn show(&mut self, view: &RunView) {
        let now = (view.state.clone(), view.seen.len(), view.history.len());
        let is_news = self.told.as_ref().is_none_or(|(at, state, seen, history)| {
            at.elapsed() > TOLD_EVERY || (state, seen, history) != (&now.0, &now.1, &now.2)
        });
        if is_news {
            self.told = Some((Instant::now(), now.0, now.1, now.2));
            self.tell(TrainDone::Seen(Box::new(view.clone())));
        }
    }

    fn tell(&self, done: TrainDone) {
        // The window may have closed meanwhile; then nobody waits for this.
        let _ = self.sender.send(done.into());
        self.ctx.request_repaint();
    }
}
