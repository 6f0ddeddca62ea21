use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use datasets::KnownDataset;
use serde::{Deserialize, Serialize};

use crate::StudioError;

/// Where a model comes from.
///
/// Written and read as `mnist`, `fashion-mnist` or the path of a folder. A folder that is called like a shipped model
/// is meant by `./mnist`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ModelSource {
    /// Part of the program.
    Shipped(KnownDataset),
    /// A bundle on disk.
    Folder(PathBuf),
}

impl ModelSource {
    /// The last part of the name: short enough for a title, and free of machine paths.
    #[must_use]
    pub fn short_name(&self) -> String {
        match self {
            Self::Shipped(dataset) => dataset.slug().to_owned(),
            Self::Folder(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
        }
    }
}

impl fmt::Display for ModelSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped(dataset) => f.write_str(dataset.slug()),
            Self::Folder(path) => write!(f, "{}", path.display()),
        }
    }
}

impl FromStr for ModelSource {
    type Err = StudioError;

    fn from_str(text: &str) -> Result<Self, StudioError> {
        if let Ok(dataset) = text.parse() {
            return Ok(Self::Shipped(dataset));
        }
        let path = PathBuf::from(text);
        if path.is_dir() {
            return Ok(Self::Folder(path));
        }
        Err(StudioError::UnknownModel(text.to_owned()))
    }
}
