//! What a person asks for, apart from moving a control: panels send commands, the app carries them out.

use std::path::PathBuf;

use datasets::ClassId;
use eframe::egui::{Rect, ThemePreference};
use studio::ModelSource;

use crate::{
    controls::{Space, Start},
    sheet::Sheet,
};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Bring a space to the front.
    Show(Space),
    /// Bring a model to the front, and open it if it is not open.
    OpenModel(ModelSource),
    /// Try again to open the model in front.
    RetryModel,
    /// Change between dark, light and the system's choice.
    Theme(ThemePreference),
    /// Start from the mean of a class region.
    StartFromAnchor(ClassId),
    /// Start from an image of the shipped sample, by its number.
    StartFromSample(usize),
    /// Go back to where the latent came from.
    BackToStart,
    /// Read an image from a file, encode it and start from it.
    OpenImage(PathBuf),
    /// Show a latent in Explore.
    Explore {
        /// The latent.
        latent: Vec<f32>,
        /// Where it came from.
        start: Start,
    },
    /// Give every unlocked dimension a new value.
    Randomise,
    /// Put every unlocked dimension on the mean.
    Reset,
    /// Select a dimension and show it in Explore.
    ShowDimension(usize),
    /// One step back.
    Undo,
    /// One step forward.
    Redo,
    /// Ask for an image file.
    AskForImage,
    /// Ask for a model folder.
    AskForModel,
    /// Ask where to save the image.
    AskWhereToSave,
    /// Save the image in front as a PNG file.
    SaveImage(PathBuf),
    /// Ask where to save the numbers or the picture of a plot.
    AskWhereToSaveSheet(Sheet),
    /// Photograph this part of the window, then ask where to save it.
    Photograph {
        /// What it shows, as the start of a file name.
        name: String,
        /// Where it is, in points.
        rect: Rect,
    },
    /// Save a plot that was asked about.
    SaveSheet(PathBuf),
    /// Copy the image in front to the clipboard.
    CopyImage,
    /// Show or hide the keyboard shortcuts.
    ToggleHelp,
    /// Take a notice away.
    Dismiss(u64),
}
