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
    pub remedy: String,
    /// The run, if it can go on from its last checkpoint.
    pub goes_on: Option<Box<RunSettings>>,
    /// Whether it should go on with a lower learning rate.
    pub too_fast: bool,
}

/// What happened, what to do where there is a checkpoint that helps, and what to do without one.
struct Words {
    title: &'static str,
    going_on: Option<&'static str>,
    anew: &'static str,
}

impl Failure {
    /// The words for an error. `has_checkpoint` says whether there is something to go on from.
    #[must_use]
    pub fn of(error: &RunError, settings: &RunSettings, has_checkpoint: bool) -> Self {
        let Words {
            title,
            going_on,
            anew,
        } = words(error);
        let going_on = going_on.filter(|_| has_checkpoint);
        // Only of a run that has begun can something have been lost.
        let kept = match error {
            RunError::Unfinished { .. } => "",
            _ if going_on.is_some() => "The last good weights are kept. ",
            RunError::Studio(_) if !has_checkpoint => "No weights were kept yet. ",
            _ => "",
        };
        Self {
            title,
            text: error.to_string(),
            remedy: format!("{kept}{}", going_on.unwrap_or(anew)),
            goes_on: going_on.map(|_| Box::new(settings.clone())),
            too_fast: matches!(error.of_training(), Some(TrainingError::NotFinite { .. })),
        }
    }

    /// A thread or a device that is not there.
    #[must_use]
    pub fn other(text: String) -> Self {
        Self {
            title: "The run could not begin",
            text,
            remedy: "Try again; if it happens again, please report it.".to_owned(),
            goes_on: None,
            too_fast: false,
        }
    }
}

fn words(error: &RunError) -> Words {
    let (title, going_on, anew) = match error {
        RunError::Unfinished { .. } => (
            "There is an unfinished run",
            Some("Go on with it, or choose another name."),
            "Choose another name.",
        ),
        RunError::Finished { .. } => (
            "There is a model of this name",
            None,
            "Choose another name; a model is never replaced from here.",
        ),
        RunError::Classes { .. } | RunError::RareClass { .. } => (
            "These images do not fit this kind of model",
            None,
            "Choose another kind, or other images.",
        ),
        RunError::Unwritable { .. } => (
            "The folder takes no files",
            Some("Make room, or get leave to write there, and go on."),
            "Choose a folder that you may write to.",
        ),
        RunError::Device(_) => (
            "There is nothing to compute on",
            Some("Start the program anew and go on; if it happens again, please report it."),
            "Start the program anew; if it happens again, please report it.",
        ),
        RunError::Images(ImagesError::Dataset(_) | ImagesError::Gone(_)) => (
            "The images cannot be read",
            Some("Bring the folder back as it was, and go on."),
            "Bring the folder back as it was, or choose another one.",
        ),
        RunError::Images(_) => (
            "There are too few images",
            Some("Bring the folder back as it was, and go on."),
            "Add some, or choose another folder.",
        ),
        RunError::Studio(error) => return of_training(error),
    };
    Words {
        title,
        going_on,
        anew,
    }
}

fn of_training(error: &StudioError) -> Words {
    let (title, going_on, anew) = match (error.of_training(), error) {
        (_, StudioError::Busy { .. }) => (
            "Another program trains this model",
            None,
            "Wait until it has ended, or choose another name.",
        ),
        (_, error) if error.is_of_weights() => (
            "The numbers ran away",
            None,
            "Choose another name, and a lower learning rate under Settings.",
        ),
        (_, error) if error.is_damage() => (
            "The model of this name is damaged",
            None,
            "Choose another name; a model is never replaced from here.",
        ),
        (_, error) if error.is_of_settings() => (
            "These settings cannot work",
            None,
            "Change them under Settings.",
        ),
        (Some(TrainingError::NotFinite { .. }), _) => (
            "The numbers ran away",
            Some("Go on from there with half the learning rate."),
            "Begin again with a lower learning rate, under Settings.",
        ),
        (Some(TrainingError::Images(_)), _) => (
            "The images cannot be read any more",
            Some("Bring the folder back as it was, and go on."),
            "Bring the folder back as it was, or choose another one.",
        ),
        (Some(TrainingError::Unwritable { .. }), _) | (_, StudioError::Write { .. }) => (
            "The disk takes no more",
            Some("Make room, or get leave to write there, and go on."),
            "Make room, or get leave to write there, and begin again.",
        ),
        (Some(TrainingError::OtherRun { .. }), _) => (
            "The unfinished run was another one",
            None,
            "Choose another name, or set what that run had.",
        ),
        (Some(TrainingError::Checkpoint { .. }), _) => (
            "The unfinished run is damaged",
            None,
            "Choose another name, and begin again.",
        ),
        _ => (
            "The run ended early",
            Some("Go on from there."),
            "Begin again; if it happens again, please report it.",
        ),
    };
    Words {
        title,
        going_on,
        anew,
    }
}
