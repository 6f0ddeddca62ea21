//! Training a network of a model from beginning to end: nothing is lost, nothing is hidden, and it can be stopped.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use burn::tensor::Device;
use datasets::Cache;
use studio::{Snapshot, Snapshots, TrainingRun};
use training::{Checkpoints, Event, Outcome};

use crate::recorder::Recorder;
use crate::{Loaded, Network, RunControl, RunError, RunSettings, RunState, RunView, Start, checks};

/// What keeps a record of a run, and who is told of it.
type Watching<'a> = (Recorder, &'a mut dyn FnMut(RunEvent<'_>));

/// Where a run computes.
#[derive(Debug, Clone)]
pub struct Computing {
    /// The device.
    pub device: Device,
    /// The device in words, for the record.
    pub device_name: String,
}

/// Why there is no device to compute on.
pub type DeviceError = Box<dyn Error + Send + Sync>;

/// What a person should know of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// How the images were understood, or what was left out.
    Images(String),
    /// There is no checkpoint to go on from.
    FromTheBeginning {
        /// The network.
        network: Network,
        /// The model's folder.
        folder: PathBuf,
    },
    /// The images have no classes, so the prior is normal.
    NormalPrior,
    /// The run is short.
    FewSteps {
        /// The steps that it takes.
        steps: usize,
        /// As many as are enough to begin with.
        enough: usize,
        /// The epochs that would make so many.
        epochs: usize,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Images(text) => f.write_str(text),
            Self::FromTheBeginning { network, folder } => write!(
                f,
                "{} has no checkpoint of a {}; starting from the beginning",
                folder.display(),
                network.name()
            ),
            Self::NormalPrior => {
                f.write_str("the pictures have no classes, so the prior is normal")
            }
            Self::FewSteps { steps, .. } => write!(
                f,
                "{steps} steps are few, and the pictures may stay blurred and alike"
            ),
        }
    }
}

/// What a run tells.
#[derive(Debug)]
pub enum RunEvent<'a> {
    /// Something that a person should know.
    Note(Note),
    /// The images are there, and training begins.
    Begins(&'a Loaded, &'a Computing),
    /// What the training tells.
    Training(&'a Event<'a>),
    /// What is seen of the run has changed.
    Seen(&'a RunView),
}

/// A run that is about to begin.
pub struct Run<'a> {
    /// What it is.
    pub settings: &'a RunSettings,
    /// How it deals with what is there.
    pub start: Start,
    /// Where prepared pictures are kept; without it they are prepared each time.
    pub cache: Option<Cache>,
    /// Where it computes; asked for when the images are there, which may be refused.
    pub computing: &'a dyn Fn() -> Result<Computing, DeviceError>,
    /// How it is asked for something meanwhile.
    pub control: &'a RunControl,
    /// How much time lies between two snapshots.
    pub look_every: Duration,
}

impl Run<'_> {
    /// Reads the images, trains, saves the model, and leaves in the model's folder what was seen.
    ///
    /// # Errors
    /// [`RunError`] if the folder holds what would be lost, if images or folder cannot be used, and if training fails. The last checkpoint
    /// stays.
    pub fn go(self, see: &mut dyn FnMut(RunEvent<'_>)) -> Result<Outcome, RunError> {
        let (settings, network) = (self.settings, self.settings.network.network());
        let goes_on = checks::refuse_losses(settings, self.start)?;
        settings.network.check(&settings.out)?;
        if self.start == Start::GoOn && !goes_on {
            see(RunEvent::Note(Note::FromTheBeginning {
                network,
                folder: settings.out.clone(),
            }));
        }
        let loaded = settings.images.load(self.cache.clone())?;
        for note in &loaded.notes {
            see(RunEvent::Note(Note::Images(note.clone())));
        }
        let folder = settings.images.folder();
        checks::refuse_unlabelled(network, folder, &loaded)?;
        checks::refuse_rare_classes(network, folder, &loaded)?;
        let computing = (self.computing)().map_err(RunError::Device)?;
        let fresh = checks::ensure_writable(&settings.out)?;
        see(RunEvent::Begins(&loaded, &computing));
        let notes = settings
            .network
            .notes(&loaded.info, loaded.splits.train.len());
        for note in notes {
            see(RunEvent::Note(note));
        }
        let outcome = self.record(goes_on, &loaded, &computing, see);
        if outcome.is_err() && fresh {
            // Only removes it if it is empty, which is when there is nothing to go on from.
            let _ = fs::remove_dir(&settings.out);
        }
        outcome
    }

    /// Trains, and writes down what is seen.
    fn record(
        &self,
        goes_on: bool,
        loaded: &Loaded,
        computing: &Computing,
        see: &mut dyn FnMut(RunEvent<'_>),
    ) -> Result<Outcome, RunError> {
        let recorder = Recorder::start(self.settings, goes_on, loaded)?;
        see(RunEvent::Seen(recorder.view()));
        let live = recorder.live();
        let shared = RefCell::new((recorder, see));
        let outcome = self.train((loaded, computing), &live, &shared);
        let (mut recorder, see) = shared.into_inner();
        let state = match &outcome {
            Ok(Outcome::Finished) => RunState::Finished,
            Ok(Outcome::Cancelled) => RunState::Stopped,
            Err(error) => RunState::Failed(error.to_string()),
        };
        recorder.end(state);
        see(RunEvent::Seen(recorder.view()));
        let checkpoints = Checkpoints::new(self.settings.checkpoint());
        recorder.close(outcome.is_ok() || checkpoints.exist());
        outcome
    }

    fn train(
        &self,
        (loaded, computing): (&Loaded, &Computing),
        live: &Path,
        shared: &RefCell<Watching<'_>>,
    ) -> Result<Outcome, RunError> {
        let mut watch = |event: Event<'_>| {
            let (recorder, see) = &mut *shared.borrow_mut();
            recorder.see(&event);
            see(RunEvent::Training(&event));
            see(RunEvent::Seen(recorder.view()));
        };
        let mut look = |snapshot: Snapshot| {
            let (recorder, see) = &mut *shared.borrow_mut();
            recorder.look(snapshot);
            see(RunEvent::Seen(recorder.view()));
        };
        let live = || self.control.is_live().then(|| live.to_owned());
        let mut run = TrainingRun {
            dataset: &loaded.info,
            sample: Some(&loaded.splits.test),
            train: &loaded.splits.train,
            held_out: &loaded.splits.held_out,
            command: &self.settings.command,
            out: &self.settings.out,
            resume: self.start == Start::GoOn,
            replace_damaged: self.start == Start::Replace,
            device: &computing.device,
            device_name: &computing.device_name,
            cancel: &self.control.cancel,
            steering: Some(&self.control.steering),
            snapshots: Some(Snapshots {
                every: self.look_every,
                live: &live,
                see: &mut look,
            }),
            watch: &mut watch,
        };
        Ok(self.settings.network.train(&mut run)?)
    }
}
