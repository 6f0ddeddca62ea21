//! What a person asks for, apart from moving a control: panels send commands, the app carries them out.

use std::{path::PathBuf, sync::Arc};

use datasets::ClassId;
use eframe::egui::{ColorImage, Rect, ThemePreference};
use studio::ModelSource;

use crate::{
    compare::CompareCommand,
    controls::{InputImage, Space, Start},
    notebook::{KeptDirection, Note},
    panels::dock::DockCommand,
    recipe::Shows,
    sheet::Sheet,
    timeline::Stops,
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
    /// Ask where to save a picture.
    AskWhereToSave(Shows),
    /// Save a picture: what it shows, where, and in how many screen pixels a pixel.
    Save(Shows, PathBuf, usize),
    /// Stop making a film.
    CancelFilm,
    /// Copy the scene to the clipboard, as text.
    CopyScene,
    /// Ask the system for what is on the clipboard.
    AskForPaste,
    /// Show the scene that was pasted as text.
    Paste(String),
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
    /// Present, or stop presenting.
    Present(bool),
    /// Keep the scene as a bookmark.
    AddBookmark,
    /// Go to a bookmark, by its place in the list.
    JumpTo(usize),
    /// Go so many bookmarks on, or back.
    StepBookmark(isize),
    /// Give a bookmark a name.
    RenameBookmark(usize, String),
    /// Take a bookmark away.
    DeleteBookmark(usize),
    /// Play the show, or pause it.
    TogglePlay,
    /// Let the show go through these stops.
    Through(Stops),
    /// Go to a step of the show.
    Seek(usize),
    /// Go so many stops of the show on, or back.
    StepStop(isize),
    /// Window, zoom and folded parts as they were on the first day.
    ResetLayout,
    /// Forget what was set and what was opened; bookmarks stay.
    ForgetSession,
    /// Close the window.
    Quit,
    /// Take a notice away.
    Dismiss(u64),

    /// Show or hide the heatmap.
    ToggleHeatmap,
    /// Open the command palette, or close it.
    TogglePalette,
    /// Show a hint of the tour, counted from 0; `None` ends the tour for good.
    Tour(Option<usize>),
    /// Take the sheet to draw on out, or put it away.
    Draw,
    /// Encode an image and start from it.
    StartFromImage(InputImage),
    /// Bring a picture from the clipboard to 28x28 pixels, encode it and start from it.
    PasteImage(Arc<ColorImage>),
    /// Unlock every dimension.
    UnlockAll,
    /// Ask what the person calls a dimension.
    NameDimension(usize),
    /// Keep a direction with the model.
    KeepDirection(KeptDirection),
    /// Forget the kept direction of that name.
    ForgetDirection(String),
    /// Remember what the person says about a dimension.
    SetNote(usize, Note),

    /// Lay the points of the map out by t-SNE.
    UnfoldMap,
    /// Ask for the points of the map again.
    RetryMap,
    /// Change what Compare holds side by side.
    Compare(CompareCommand),
    /// Fold or move a panel.
    Dock(DockCommand),
}
