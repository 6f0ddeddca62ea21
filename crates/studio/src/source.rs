//! Where models come from, and how they are named.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{MANIFEST, ShippedModel, StudioError};

/// Where a model comes from.
///
/// Written and read as the name of a shipped model or the path of a folder. A folder that is called like a shipped model
/// is meant by `./mnist`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ModelSource {
    /// Part of the program.
    Shipped(ShippedModel),
    /// A bundle on disk.
    Folder(#[serde(with = "files::path_text")] PathBuf),
}

impl ModelSource {
    /// The shipped model of this name.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Self> {
        ShippedModel::find(name).map(Self::Shipped)
    }

    /// The model that a name or a path stands for: that of a folder, or of the manifest in one. Paths need not be Unicode.
    ///
    /// # Errors
    /// [`StudioError::UnknownModel`] if there is neither.
    pub fn named(name: &OsStr) -> Result<Self, StudioError> {
        if let Some(shipped) = name.to_str().and_then(Self::shipped) {
            return Ok(shipped);
        }
        let path = PathBuf::from(name);
        if path.is_dir() {
            return Ok(Self::Folder(path));
        }
        if path.file_name() == Some(MANIFEST.as_ref()) && path.is_file() {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            return Ok(Self::Folder(folder.unwrap_or(Path::new(".")).to_owned()));
        }
        Err(StudioError::UnknownModel(path.display().to_string()))
    }

    /// The last part of the name: short enough for a title, and free of machine paths.
    #[must_use]
    pub fn short_name(&self) -> String {
        match self {
            Self::Shipped(model) => model.name().to_owned(),
            Self::Folder(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
        }
    }
}

/// As [`FromStr`] reads it again: a folder that is called like a shipped model is written `./mnist`.
impl fmt::Display for ModelSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped(model) => f.write_str(model.name()),
            Self::Folder(path) => {
                let text = path.display().to_string();
                if ShippedModel::find(&text).is_some() {
                    f.write_str("./")?;
                }
                f.write_str(&text)
            }
        }
    }
}

impl FromStr for ModelSource {
    type Err = StudioError;

    fn from_str(text: &str) -> Result<Self, StudioError> {
        Self::named(OsStr::new(text))
    }
}
