//! What preparing a picture gives: the image, where it was found, and what a person should know about it.

use std::fmt;

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use super::shades::Shades;
use crate::Image;

/// A part of a picture, in pixels of the upright and turned picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// The first column.
    pub left: u32,
    /// The first row.
    pub top: u32,
    /// Columns, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
}

impl Region {
    /// All of a picture of so many pixels.
    #[must_use]
    pub fn whole(width: u32, height: u32) -> Self {
        Self {
            left: 0,
            top: 0,
            width,
            height,
        }
    }

    /// What of it lies in a picture of so many pixels; `None` if nothing does.
    #[must_use]
    pub fn within(self, width: u32, height: u32) -> Option<Self> {
        let end = |start: u32, length: u32, whole: u32| start.saturating_add(length).min(whole);
        let right = end(self.left, self.width, width);
        let bottom = end(self.top, self.height, height);
        (right > self.left && bottom > self.top).then(|| Self {
            width: right - self.left,
            height: bottom - self.top,
            ..self
        })
    }

    /// The same part of a picture that this one was cut out of, `corner` being where.
    pub(super) fn moved_by(self, corner: [u32; 2]) -> Self {
        Self {
            left: self.left + corner[0],
            top: self.top + corner[1],
            ..self
        }
    }

    /// This part of a picture, in which it lies.
    pub(super) fn cut_out_of(self, picture: &DynamicImage) -> DynamicImage {
        picture.crop_imm(self.left, self.top, self.width, self.height)
    }

    /// A square around this part whose side is its longer side times `factor`, as far as it lies in a picture of this size.
    pub(super) fn around(self, factor: f32, width: u32, height: u32) -> Self {
        let side = self.width.max(self.height) as f32 * factor;
        let along = |start: u32, length: u32, whole: u32| {
            let middle = start as f32 + length as f32 / 2.0;
            let first = ((middle - side / 2.0).max(0.0) as u32).min(whole - 1);
            let end = ((middle + side / 2.0).ceil() as u32).clamp(first + 1, whole);
            (first, end - first)
        };
        let (left, width) = along(self.left, self.width, width);
        let (top, height) = along(self.top, self.height, height);
        Self {
            left,
            top,
            width,
            height,
        }
    }
}

/// A picture as a model takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The image.
    pub image: Image,
    /// What may make the image another one than the person meant; empty if nothing was in doubt.
    pub warnings: Vec<PictureWarning>,
    /// The objects that were found, the largest first. The image shows the chosen one, or else the first. Empty if the picture was
    /// taken as a whole.
    pub objects: Vec<Region>,
    /// Whether light and dark were exchanged, so that the background is dark.
    pub inverted: bool,
    /// How far a pixel had to differ from its background to count, in shares of `[0, 1]`; `None` where all of them count.
    pub threshold: Option<f32>,
}

impl Prepared {
    /// A picture that was taken as a whole.
    pub(super) fn whole(image: Image) -> Self {
        Self {
            image,
            warnings: Vec::new(),
            objects: Vec::new(),
            inverted: false,
            threshold: None,
        }
    }

    /// The same, of a picture of one thing on one level.
    pub(super) fn of_shades(image: Image, shades: &Shades) -> Self {
        Self {
            inverted: shades.inverted(),
            threshold: shades.threshold(),
            ..Self::whole(image)
        }
    }
}

/// Why there is no image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing is drawn on the picture.
    Drawing,
    /// There are only so many objects.
    Object {
        /// How many.
        count: usize,
    },
}

/// The chosen one of what was found, or the first.
pub(super) fn chosen<T>(found: &[T], object: Option<usize>) -> Result<&T, Missing> {
    let count = found.len();
    let missing = object.map_or(Missing::Drawing, |_| Missing::Object { count });
    found.get(object.unwrap_or(0)).ok_or(missing)
}

/// A picture without objects has none to choose.
pub(super) fn none_chosen(object: Option<usize>) -> Result<(), Missing> {
    match object {
        None | Some(0) => Ok(()),
        Some(_) => Err(Missing::Object { count: 0 }),
    }
}

/// A doubt about a picture that could be prepared. As text it says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureWarning {
    /// There is more than one object, and the largest was taken.
    SeveralObjects {
        /// How many were found.
        count: usize,
    },
    /// What was found stands out so little that it may be nothing.
    Unclear,
    /// The light changes so much behind the object that a part of it may be lost.
    UnevenLight,
}

impl fmt::Display for PictureWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SeveralObjects { count } => write!(
                f,
                "there are several objects, {count} in all, and the largest was taken; choose another one, or crop the picture to it"
            ),
            Self::Unclear => f.write_str(
                "nothing stands out clearly; take the picture again with more light or a darker pen",
            ),
            Self::UnevenLight => f.write_str(
                "the light is very uneven; take the picture again without a shadow across the object",
            ),
        }
    }
}
