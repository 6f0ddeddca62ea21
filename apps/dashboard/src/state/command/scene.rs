//! Commands about the latent, and about what is noted of its dimensions and of the map that it lies on.

use datasets::ClassId;

use crate::state::{
    kept_direction::KeptDirection,
    notebook::Note,
    scene::{InputImage, Start},
    undo::StepId,
};

/// Where the latent goes.
#[derive(Clone, Debug, PartialEq)]
pub enum SceneCommand {
    /// Start from the mean of a class region, or of the one region of a conditional model.
    StartFromAnchor(ClassId),
    /// Keep the latent, and have a conditional model draw it as another class, or without one.
    DrawAs(Option<ClassId>),
    /// Start from an image of the model's sample, by its number.
    StartFromSample(usize),
    /// Encode an image and start from it.
    StartFromImage(InputImage),
    /// End the search for the latent of an image. What it found stays.
    StopSearch,
    /// Go back to where the latent came from.
    BackToStart,
    /// Show a latent in Explore.
    Explore {
        /// The latent.
        latent: Vec<f32>,
        /// The class that a conditional model draws it as.
        condition: Option<ClassId>,
        /// Where it came from.
        start: Start,
    },
    /// Give every unlocked dimension a new value.
    Randomise,
    /// Put every unlocked dimension on the mean.
    Reset,
    /// Unlock every dimension.
    UnlockAll,
    /// Select a dimension and show it in Explore.
    ShowDimension(usize),
    /// One step back.
    Undo,
    /// One step forward.
    Redo,
    /// Go to a step of the history.
    GoToStep(StepId),
}

/// What the person notes down.
#[derive(Clone, Debug, PartialEq)]
pub enum NotebookCommand {
    /// Ask what the person calls a dimension.
    AskForName(usize),
    /// Remember what the person says about a dimension.
    SetNote(usize, Note),
    /// Keep a direction with the model.
    KeepDirection(KeptDirection),
    /// Delete the kept direction of that name.
    DeleteDirection(String),
    /// Put a direction that was deleted back in its place.
    PutDirectionBack(usize, KeptDirection),
    /// Give a group of points of the map another name.
    RenameGroup(String, String),
    /// Give a group another of the colours of classes.
    RecolourGroup(String, usize),
    /// Delete the group of that name.
    DeleteGroup(String),
    /// Keep the direction from the mean of the second group to the mean of the first.
    KeepDifference(String, String),
    /// Take the pin of that name off the map.
    DeletePin(String),
}
