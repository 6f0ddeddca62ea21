//! How a person's own images were found, labelled and chosen: a model carries it, so that it is measured on the same images.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The most columns or attributes that labels are made of: 2 to the power of 9 is as many classes as there may be.
pub const MAX_LABEL_COLUMNS: usize = 9;

/// Where images come from, and which of them are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSource {
    /// What kind of files hold the images.
    pub format: DataFormat,
    /// What tells their classes.
    #[serde(default)]
    pub labels: LabelSource,
    /// The most images that are taken, see [`crate::balanced`]; all if `None`.
    #[serde(default)]
    pub limit: Option<usize>,
    /// Whether pictures that cannot be read are left out.
    #[serde(default)]
    pub skip_broken: bool,
    /// Whether pictures without a label in the table, and rows of it without a picture, are left out.
    #[serde(default)]
    pub skip_unmatched: bool,
}

/// What kind of files hold images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DataFormat {
    /// Picture files, in a folder a class, without classes, or with a table of labels.
    Pictures,
    /// Arrays: IDX, CIFAR's or `NumPy`'s files.
    Arrays,
}

/// What tells the classes of images.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelSource {
    /// The folders that pictures lie in, or what arrays say.
    #[default]
    Folders,
    /// A table with a row a picture.
    Table(TableLabels),
    /// The files of `CelebA`, as it is handed out: 0 to [`MAX_LABEL_COLUMNS`] of its attributes.
    CelebA {
        /// Their names, as in `list_attr_celeba.txt`; without any, images have no classes.
        attributes: Vec<String>,
    },
}

/// Labels in a table of text (CSV): fields divided by commas, semicolons or tabs, under a line of headings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableLabels {
    /// The file. In the description of a data set it is below the folder of the pictures, or its name alone.
    #[serde(with = "files::path_text")]
    pub file: PathBuf,
    /// The columns that make the class, 1 to [`MAX_LABEL_COLUMNS`].
    pub columns: Vec<String>,
    /// The column that names the picture; `None` for one that is called so (`file`, `image_id` and the like), or else the first.
    #[serde(default)]
    pub file_column: Option<String>,
}

impl DataSource {
    /// All images of one format, with the classes that their folders or files tell.
    #[must_use]
    pub fn all(format: DataFormat) -> Self {
        Self {
            format,
            labels: LabelSource::Folders,
            limit: None,
            skip_broken: false,
            skip_unmatched: false,
        }
    }

    /// Every name in it that a file may hold anything in.
    pub(crate) fn names(&self) -> Vec<&String> {
        match &self.labels {
            LabelSource::Folders => Vec::new(),
            LabelSource::Table(table) => table.columns.iter().chain(&table.file_column).collect(),
            LabelSource::CelebA { attributes } => attributes.iter().collect(),
        }
    }
}
