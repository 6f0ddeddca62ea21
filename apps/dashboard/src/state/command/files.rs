//! Commands about models, files and the clipboard.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::ColorImage;
use studio::ModelSource;

use crate::state::{recipe::PictureKind, sheet::Sheet};

/// Which model is in front.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelCommand {
    /// Bring a model to the front, and open it if it is not open.
    Open(ModelSource),
    /// Put a model away that a folder holds.
    Close(ModelSource),
    /// Try again to open the model in front.
    Retry,
    /// Have the classifier of another model judge the images of the model in front, or only its own.
    Judge(Option<ModelSource>),
    /// Ask for a model folder.
    AskForFolder,
}

/// What is read from files and written to them.
#[derive(Clone, Debug, PartialEq)]
pub enum FileCommand {
    /// Ask for an image file.
    AskForImage,
    /// Read an image from a file, encode it and start from it. If that is in doubt, the import card asks.
    OpenImage(PathBuf),
    /// Ask where to save a picture.
    AskWhereToSave(PictureKind),
    /// Save a picture: what it shows, where, and in how many screen pixels a pixel.
    Save(PictureKind, PathBuf, usize),
    /// Stop making a film.
    CancelFilm,
    /// Ask where to save the numbers or the picture of a plot.
    AskWhereToSaveSheet(Sheet),
    /// Save a plot that was asked about.
    SaveSheet(PathBuf),
}

/// What is copied and pasted.
#[derive(Clone, Debug, PartialEq)]
pub enum ClipboardCommand {
    /// Copy the image in front to the clipboard.
    CopyImage,
    /// Copy the scene to the clipboard, as text.
    CopyScene,
    /// Ask the system for what is on the clipboard.
    AskForPaste,
    /// Show the scene that was pasted as text.
    Paste(String),
    /// Bring a picture from the clipboard to the model's shape, encode it and start from it. If that is in doubt, the import card asks.
    PasteImage(Arc<ColorImage>),
}

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An image to encode.
    OpenImage,
    /// A model's folder.
    OpenModel,
    /// The folder of a model for Compare.
    CompareModel,
    /// Where to save a picture.
    Save(PictureKind),
    /// Where to save a plot.
    SaveSheet,
    /// A folder of images to train on.
    TrainFolder,
    /// Where to save the pictures of a run as a film.
    SaveRunFilm,
}

impl Purpose {
    /// Whether something is written there.
    #[must_use]
    pub fn saves(self) -> bool {
        match self {
            Self::Save(_) | Self::SaveSheet | Self::SaveRunFilm => true,
            Self::OpenImage | Self::OpenModel | Self::CompareModel | Self::TrainFolder => false,
        }
    }
}
