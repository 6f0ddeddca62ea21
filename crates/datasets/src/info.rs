//! What a data set is, as data: a model carries this with it, so that no name has to be known to show its images, prepare
//! a person's own picture for it or train on its images again.

use serde::{Deserialize, Serialize};

use crate::{Augmentation, ClassId, DataSource, DatasetError, ImageShape, KnownDataset};

/// The most classes that a data set may have.
pub const MAX_CLASSES: usize = 1_000;

/// The most characters of a name.
pub(crate) const MAX_NAME: usize = 200;

/// A data set's name, the size of its images, its classes, and how images are prepared for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetInfo {
    /// The name in commands and paths. Nothing is derived from it.
    pub name: String,
    /// The name in prose and on the screen.
    pub title: String,
    /// The size of its images.
    pub shape: ImageShape,
    /// What the classes are called, in class order: none for images without labels, and [`MAX_CLASSES`] at most.
    pub class_names: Vec<String>,
    /// How a picture of any size becomes an image of this data set.
    pub preparation: Preparation,
    /// How training images of this data set may be changed at random without changing their class.
    pub augmentation: Augmentation,
    /// Where the images come from and under which licence, if that has to be said.
    #[serde(default)]
    pub origin: Option<String>,
    /// The files that hold it, if this project knows them; `None` for a person's own pictures.
    #[serde(default)]
    pub known: Option<KnownDataset>,
    /// How a person's own images were found, labelled and chosen; `None` for the known files, and in models from before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<DataSource>,
}

/// How a picture becomes an image of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Preparation {
    /// As MNIST was made: bright ink on black, its bounding box scaled to 20 of 28 parts of the shorter side, its centre of
    /// mass in the middle. Grey.
    Digit,
    /// As Fashion-MNIST was made: the whole picture, padded to the image's proportions, its background black. Grey.
    Object,
    /// The picture as it is, in the channels of the shape.
    Picture {
        /// What happens to a picture of other proportions.
        fit: Fit,
    },
}

impl Preparation {
    /// Whether it tells ink from paper, so that there is a threshold between them.
    #[must_use]
    pub fn has_threshold(self) -> bool {
        matches!(self, Self::Digit | Self::Object)
    }
}

/// How a picture of other proportions fills an image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fit {
    /// What reaches over on the longer side is cut off, the same on both ends.
    #[default]
    Crop,
    /// The picture is stretched.
    Stretch,
    /// The whole picture is kept, with bars in the colour of its edge.
    Pad,
    /// The object is told from a plain background and cut out with a margin of it; where there is none, as [`Self::Pad`].
    Object,
}

/// The name of a class among those of all classes, or its number if it has none.
#[must_use]
pub fn class_name(names: &[String], class: ClassId) -> String {
    let name = names.get(class.index());
    name.map_or_else(|| class.to_string(), Clone::clone)
}

impl DatasetInfo {
    /// Whether its images have classes.
    #[must_use]
    pub fn has_classes(&self) -> bool {
        !self.class_names.is_empty()
    }

    /// How many classes there are.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.class_names.len()
    }

    /// The name of a class, or its number if it has none.
    #[must_use]
    pub fn class_name(&self, class: ClassId) -> String {
        class_name(&self.class_names, class)
    }

    /// Checks what a file may get wrong: the number of classes, names that are empty, too long, no text for a screen or
    /// not unique, a preparation that does not give the shape's channels, and an augmentation out of range.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Info`] says what is wrong, and [`DatasetError::Augmentation`] what is wrong with the augmentation.
    pub fn check(&self) -> Result<(), DatasetError> {
        let wrong = |problem: String| {
            Err(DatasetError::Info {
                name: printable(&self.name),
                problem,
            })
        };
        if self.classes() > MAX_CLASSES {
            let classes = self.classes();
            return wrong(format!(
                "it has {classes} classes, and {MAX_CLASSES} is the most"
            ));
        }
        let mut names = vec![&self.name, &self.title];
        names.extend(&self.class_names);
        names.extend(self.source.iter().flat_map(DataSource::names));
        if let Some(name) = names.into_iter().find(|name| !is_name(name)) {
            let name = printable(name);
            return wrong(format!(
                "'{name}' is no name: a name has 1 to {MAX_NAME} characters and none that controls a terminal"
            ));
        }
        let mut sorted: Vec<&String> = self.class_names.iter().collect();
        sorted.sort_unstable();
        if let Some([twice, ..]) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return wrong(format!("two of its classes are called '{twice}'"));
        }
        if self.shape.is_colour() && !matches!(self.preparation, Preparation::Picture { .. }) {
            return wrong(
                "its preparation makes grey images, and its images have colours".to_owned(),
            );
        }
        self.augmentation.check()
    }
}

fn is_name(name: &str) -> bool {
    let characters = name.chars().take(MAX_NAME + 1).count();
    (1..=MAX_NAME).contains(&characters) && !name.chars().any(char::is_control)
}

/// The start of a text without characters that control a terminal.
fn printable(text: &str) -> String {
    let plain = text.chars().filter(|character| !character.is_control());
    plain.take(MAX_NAME).collect()
}
