//! What is set in Train, and what is seen of a run there.

mod failure;
mod form;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use datasets::{KnownDataset, inspect::Inspection};
use runs::{Choice, Estimate, RunFolder, RunView, Seen};
use studio::ModelSource;

pub use failure::Failure;
pub use form::{Changed, Images, TrainForm, WhatToTrain};

/// All of Train.
#[derive(Default)]
pub struct Training {
    /// What a person sets before a run.
    pub form: TrainForm,
    /// Where models and data sets of this person are; `None` where there is no such place.
    pub home: Option<PathBuf>,
    /// Where known data sets are.
    pub known: BTreeMap<KnownDataset, PathBuf>,
    /// What was found in the folder of the form.
    pub folder: Looked,
    /// How long the run will take.
    pub estimate: Estimated,
    /// A data set on its way.
    pub fetch: Option<Fetching>,
    /// A model that is being measured.
    pub measuring: Option<Measuring>,
    /// The run that is shown, of this window or of another program.
    pub shown: Option<ShownRun>,
    /// Runs that were not finished.
    pub unfinished: Vec<RunView>,
    /// Why the last run did not begin, or ended before its time.
    pub failure: Option<Failure>,
}

/// A run that is shown.
pub struct ShownRun {
    /// What is seen of it.
    pub view: RunView,
    /// Whether another program trains it, and its files are read.
    pub watched: Option<RunFolder>,
    /// How many networks follow in this window.
    pub following: usize,
    /// The snapshot that is looked at; `None` for the newest.
    pub at: Option<usize>,
    /// Whether the newest weights are open as a model.
    pub live: Live,
    /// Whether it was asked to stop or to end, and has not yet.
    pub ending: bool,
}

/// Whether the newest weights of a run are open as a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Live {
    /// They are not.
    #[default]
    Off,
    /// They will be, with the next snapshot.
    Wanted,
    /// They are, those after so many steps.
    Open(usize),
}

/// What is known of a folder of images.
#[derive(Debug, Default)]
pub enum Looked {
    /// Nothing yet.
    #[default]
    No,
    /// Somebody is looking at this one.
    Looking(PathBuf),
    /// This is in it, or it cannot be looked at.
    Found(PathBuf, Result<Box<Inspection>, String>),
}

/// What is known of the time that a run will take.
#[derive(Debug, Default)]
pub enum Estimated {
    /// Nothing yet.
    #[default]
    No,
    /// It is being measured.
    Measuring,
    /// It was measured for these settings, in the words of their command.
    Done(String, Result<Estimate, String>),
}

/// A data set on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetching {
    /// Which.
    pub dataset: KnownDataset,
    /// What is being done.
    pub text: String,
    /// The share that is done, if it is known.
    pub share: Option<f32>,
}

/// How far measuring a model is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measuring {
    /// The figure under way.
    pub figure: String,
    /// The share that is done.
    pub share: f32,
}

/// What a thread has done for Train.
#[derive(Debug)]
pub enum TrainDone {
    /// A folder was looked at.
    Looked(PathBuf, Result<Box<Inspection>, String>),
    /// The time of a run was measured.
    Estimated(String, Result<Option<Estimate>, String>),
    /// How far fetching is.
    Fetching(Fetching),
    /// Fetching has ended.
    Fetched(Result<(), String>),
    /// How far measuring is.
    Measuring(Measuring),
    /// Measuring has ended; false if it was stopped.
    Measured(Result<bool, String>),
    /// What is seen of a run.
    Seen(Box<RunView>),
    /// The next network of the same model begins.
    Next(usize),
    /// All has ended, well or not.
    Ended(Result<bool, Failure>),
    /// Where known data sets are.
    Known(BTreeMap<KnownDataset, PathBuf>),
    /// Runs that were not finished.
    Unfinished(Vec<RunView>),
    /// What is seen of another program's run.
    Watched(Result<Box<RunView>, String>),
}

impl Training {
    /// Whether a run of this window is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let own = self.shown.as_ref().filter(|shown| shown.watched.is_none());
        own.is_some_and(|shown| shown.view.state.is_active())
    }

    /// The runs of the form, one after the other.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn choices(&self) -> Result<Vec<Choice>, String> {
        let form = &self.form;
        let source = form.source(self.known_folder(), self.has_looked())?;
        let out = form.out(self.models().as_deref())?;
        Ok(form.choices(&source, &out))
    }

    /// Where the known data set of the form is, if it is anywhere.
    #[must_use]
    pub fn known_folder(&self) -> Option<&PathBuf> {
        match self.form.images {
            Images::Known(dataset) => self.known.get(&dataset),
            Images::Folder => None,
        }
    }

    /// Whether the folder of the form was looked at and holds images.
    fn has_looked(&self) -> bool {
        let path = self.form.folder_path();
        matches!(&self.folder, Looked::Found(folder, Ok(_)) if *folder == path)
    }

    /// What the window is called while a run goes on.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        let view = &self.shown.as_ref()?.view;
        view.state.is_active().then(|| {
            let percent = 100.0 * view.share();
            match view.state {
                runs::RunState::Paused => format!("{percent:.0} %, paused - Latent Lens"),
                runs::RunState::Running => {
                    let left = duration(view.seconds_left);
                    format!("{percent:.0} %, {left} left - Latent Lens")
                }
                _ => format!("{percent:.0} % - Latent Lens"),
            }
        })
    }

    /// Where this person's data sets are fetched to.
    #[must_use]
    pub fn data(&self) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join("data"))
    }

    /// Where this person's models are made, unless another folder is named.
    #[must_use]
    pub fn models(&self) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join("models"))
    }
}

impl ShownRun {
    /// A run of this window, behind which so many others follow.
    #[must_use]
    pub fn own(view: RunView, following: usize) -> Self {
        Self {
            view,
            watched: None,
            following,
            at: None,
            live: Live::Off,
            ending: false,
        }
    }

    /// A run of another program.
    #[must_use]
    pub fn watched(view: RunView, folder: RunFolder) -> Self {
        Self {
            watched: Some(folder),
            ..Self::own(view, 0)
        }
    }

    /// The snapshot that is looked at.
    #[must_use]
    pub fn seen(&self) -> Option<&Arc<Seen>> {
        let seen = &self.view.seen;
        let newest = seen.len().checked_sub(1)?;
        seen.get(self.at.unwrap_or(newest).min(newest))
    }

    /// The model that the run makes.
    #[must_use]
    pub fn model(&self) -> ModelSource {
        ModelSource::Folder(self.view.settings.out.clone())
    }
}

/// A time as people say it: `1 h 05 min`, `3 min 20 s`, `45 s`.
#[must_use]
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "a long time".to_owned();
    }
    let seconds = seconds.max(0.0).round() as u64;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours} h {minutes:02} min")
    } else if minutes > 0 {
        format!("{minutes} min {rest:02} s")
    } else {
        format!("{rest} s")
    }
}
