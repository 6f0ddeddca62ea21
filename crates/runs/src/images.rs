//! The images that a run learns from: a known data set, a person's own pictures, or arrays.
//!
//! How they were found is recorded in the description of the data set ([`DatasetInfo::source`]), so that whoever measures the model
//! later finds the same images without being told again.

pub mod arrays;
pub mod describe;
pub mod parts;
pub mod pictures;

use std::io;
use std::path::{Path, PathBuf};

use datasets::{
    Cache, DataFormat, DataSource, DatasetError, DatasetInfo, FolderOptions, KnownDataset,
    Preparation, Splits,
};
use serde::{Deserialize, Serialize};

pub use parts::{MIN_CLASS_IMAGES, MIN_FOLDER_IMAGES, Parts};

/// Where images come from, and how they are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ImageSource {
    /// A data set whose files are known.
    Known {
        /// Which.
        dataset: KnownDataset,
        /// The folder with its files.
        #[serde(with = "files::path_text")]
        folder: PathBuf,
    },
    /// A person's own images.
    Own(OwnImages),
}

/// A person's own images: pictures or arrays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnImages {
    /// The folder.
    #[serde(with = "files::path_text")]
    pub folder: PathBuf,
    /// Sides of the images in pixels; `None` for those that they have, or 64.
    pub side: Option<usize>,
    /// Whether pictures keep colours; `None` if any has one.
    pub colour: Option<bool>,
    /// How a picture becomes an image; `None` for as they are, or for arrays as these look.
    pub preparation: Option<Preparation>,
    /// Which images are taken, and what tells their classes.
    pub source: DataSource,
}

impl OwnImages {
    /// All images of a folder, as they are.
    #[must_use]
    pub fn all(folder: PathBuf, format: DataFormat) -> Self {
        Self {
            folder,
            side: None,
            colour: None,
            preparation: None,
            source: DataSource::all(format),
        }
    }

    fn options(&self, cache: Option<Cache>) -> FolderOptions {
        let usual = FolderOptions::default();
        FolderOptions {
            side: self.side,
            colour: self.colour,
            preparation: self.preparation.unwrap_or(usual.preparation),
            source: self.source.clone(),
            cache,
            ..usual
        }
    }
}

/// A data set that was read.
#[derive(Debug)]
pub struct Loaded {
    /// What it is.
    pub info: DatasetInfo,
    /// The three parts.
    pub splits: Splits,
    /// How it was understood and what was left out, a sentence each.
    pub notes: Vec<String>,
}

/// Why images cannot be trained on.
#[derive(Debug, thiserror::Error)]
pub enum ImagesError {
    /// They cannot be read.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The folder or a table in it was there a moment ago.
    #[error(
        "the folder of the images, or the table of their labels, has gone: bring it back, or choose another one"
    )]
    Gone(#[source] io::Error),
    /// Too few to be split.
    #[error(
        "{folder} holds {pictures} pictures, too few to train and test on: put at least {MIN_FOLDER_IMAGES} there",
        folder = .folder.display()
    )]
    TooFew {
        /// The folder.
        folder: PathBuf,
        /// How many there are.
        pictures: usize,
    },
    /// Too few in one of the parts that the data itself has.
    #[error(
        "{folder} holds {training} images for training and {testing} for testing, too few: put at least {MIN_FOLDER_IMAGES} and 1 there",
        folder = .folder.display()
    )]
    TooFewInParts {
        /// The folder.
        folder: PathBuf,
        /// Images for training.
        training: usize,
        /// Images for testing.
        testing: usize,
    },
    /// Classes that cannot be split.
    #[error(
        "{folder} has classes with fewer than {MIN_CLASS_IMAGES} images, too few to train and test on: {classes}; add images to them, or \
         take them out",
        folder = .folder.display()
    )]
    SmallClasses {
        /// The folder.
        folder: PathBuf,
        /// The first of them with how many images they have, in words.
        classes: String,
    },
}

impl ImagesError {
    /// Whether there would be enough if fewer were left out.
    #[must_use]
    pub fn is_of_too_few(&self) -> bool {
        matches!(self, Self::TooFewInParts { .. } | Self::SmallClasses { .. })
    }
}

impl ImageSource {
    /// The folder with the images.
    #[must_use]
    pub fn folder(&self) -> &Path {
        match self {
            Self::Known { folder, .. } => folder,
            Self::Own(own) => &own.folder,
        }
    }

    /// Reads the images. Prepared pictures are kept in `cache`, and found there the next time.
    ///
    /// # Errors
    ///
    /// If a file is missing, damaged or not what it should be, or there are too few images.
    pub fn load(&self, cache: Option<Cache>) -> Result<Loaded, ImagesError> {
        match self {
            Self::Known { dataset, folder } => Ok(Loaded {
                info: dataset.info(),
                splits: datasets::load(*dataset, folder)?,
                notes: Vec::new(),
            }),
            Self::Own(own) if own.source.format == DataFormat::Arrays => {
                arrays::load(&own.folder, own.side, own.preparation, own.source.clone())
            }
            Self::Own(own) => pictures::load(&own.folder, &own.options(cache)),
        }
    }
}
