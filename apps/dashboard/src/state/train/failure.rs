//! Why a run did not begin or ended before its time, and what to do: in words for a person who did not write the program.

use runs::{ImagesError, RunError, RunSettings};
use studio::StudioError;
use training::TrainingError;

/// Why a run did not begin or ended before its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What happened, in a few words.
    pub title: &'static str,
    /// What exactly.
    pub text: String,
    /// What to do.
    pub remedy: &'static str,
    /// The run, if it can go on from its last checkpoint.
    pub goes_on: Option<Box<RunSettings>>,
    /// Whether it should go on with a lower learning rate.
    pub too_fast: bool,
}

impl Failure {
    /// The words for an error. `has_checkpoint` says whether there is something to go on from.
    #[must_use]
    pub fn of(error: &RunError, settings: &RunSettings, has_checkpoint: bool) -> Self {
        let (title, remedy) = words(error);
        let too_fast = matches!(error.of_training(), Some(TrainingError::NotFinite { .. }));
        let other_run = matches!(error.of_training(), Some(TrainingError::OtherRun { .. }));
        Self {
            title,
            text: error.to_string(),
            remedy,
            goes_on: (has_checkpoint && !other_run).then(|| Box::new(settings.clone())),
            too_fast,
        }
    }

    /// A thread or a device that is not there.
    #[must_use]
    pub fn other(text: String) -> Self {
        Self {
            title: "The run could not begin",
            text,
            remedy: "Try again; if it happens again, please report it.",
            goes_on: None,
            too_fast: false,
        }
    }
}

fn words(error: &RunError) -> (&'static str, &'static str) {
    match error {
        RunError::Unfinished { .. } => (
            "There is an unfinished run",
            "Go on with it, or choose another name.",
        ),
        RunError::Finished { .. } => (
            "There is a model of this name",
            "Choose another name; a model is never replaced from here.",
        ),
        RunError::Classes { .. } | RunError::RareClass { .. } => (
            "These images do not fit this kind of model",
            "Choose another kind, or other images.",
        ),
        RunError::Unwritable { .. } => (
            "The folder takes no files",
            "Choose a folder that you may write to.",
        ),
        RunError::Device(_) => (
            "There is nothing to compute on",
            "Start the program anew; if it happens again, please report it.",
        ),
        RunError::Images(ImagesError::Dataset(_) | ImagesError::Gone(_)) => (
            "The images cannot be read",
            "Bring the folder back as it was, or choose another one.",
        ),
        RunError::Images(_) => (
            "There are too few images",
            "Add some, or choose another folder.",
        ),
        RunError::Studio(StudioError::Busy { .. }) => (
            "Another program trains this model",
            "Wait until it has ended, or choose another name.",
        ),
        RunError::Studio(error) => of_training(error),
    }
}

fn of_training(error: &StudioError) -> (&'static str, &'static str) {
    match (error.of_training(), error) {
        (Some(TrainingError::NotFinite { .. }), _) => (
            "The numbers ran away",
            "The last good weights are kept. Go on from there with half the learning rate.",
        ),
        (Some(TrainingError::Images(_)), _) => (
            "The images cannot be read any more",
            "The last good weights are kept. Bring the folder back as it was, and go on.",
        ),
        (Some(TrainingError::Unwritable { .. }), _) | (_, StudioError::Write { .. }) => (
            "The disk takes no more",
            "The last good weights are kept. Make room, or get leave to write there, and go on.",
        ),
        (Some(TrainingError::OtherRun { .. }), _) => (
            "The unfinished run was another one",
            "Choose another name, or set what that run had.",
        ),
        (Some(TrainingError::Plan(_)), _) => {
            ("These settings cannot work", "Change them under Settings.")
        }
        _ => ("The run ended early", "What was saved before is as it was."),
    }
}
