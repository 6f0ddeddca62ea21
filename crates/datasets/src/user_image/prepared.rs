//! What preparing a picture gives: the image, where it was found, and what a person should know about it.

use std::fmt;

use crate::Image;

/// A part of a picture, in pixels of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The objects that were found, the largest first. The image shows the first of them. Empty if the picture was taken as a
    /// whole.
    pub objects: Vec<Region>,
}

impl Prepared {
    /// A picture that was taken as a whole.
    pub(super) fn whole(image: Image) -> Self {
        Self {
            image,
            warnings: Vec::new(),
            objects: Vec::new(),
        }
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
                "there are several objects, {count} in all, and the largest was taken; crop the picture to another one"
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
