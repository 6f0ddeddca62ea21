//! The size of images as data: nothing else in the program knows how large an image is or whether it has colours.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{DatasetError, KnownDataset};

/// The fewest images that go through a network at a time, however large they are.
const FEWEST_AT_A_TIME: usize = 8;

/// How many channels an image has, and how many pixels a side: 1 or 3 channels, 8 to 128 pixels.
///
/// A value of this type is always within these bounds, also one that was read from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Sizes", into = "Sizes")]
pub struct ImageShape {
    channels: usize,
    height: usize,
    width: usize,
}

/// An [`ImageShape`] as it is written, before it is checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "ImageShape")]
struct Sizes {
    channels: usize,
    height: usize,
    width: usize,
}

impl ImageShape {
    /// The fewest pixels of a side.
    pub const MIN_SIDE: usize = 8;

    /// The most pixels of a side.
    pub const MAX_SIDE: usize = 128;

    /// The shape `[channels, height, width]`.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Shape`] unless there are 1 or 3 channels and [`Self::MIN_SIDE`] to [`Self::MAX_SIDE`] pixels a
    /// side.
    pub fn new(channels: usize, height: usize, width: usize) -> Result<Self, DatasetError> {
        let sides = Self::MIN_SIDE..=Self::MAX_SIDE;
        if matches!(channels, 1 | 3) && sides.contains(&height) && sides.contains(&width) {
            return Ok(Self {
                channels,
                height,
                width,
            });
        }
        Err(DatasetError::Shape {
            channels,
            height,
            width,
        })
    }

    /// A shape that the compiler checks, for data sets that this project knows.
    ///
    /// # Panics
    ///
    /// If the shape is out of bounds.
    pub(crate) const fn known(channels: usize, side: usize) -> Self {
        assert!(
            (channels == 1 || channels == 3) && side >= Self::MIN_SIDE && side <= Self::MAX_SIDE
        );
        Self {
            channels,
            height: side,
            width: side,
        }
    }

    /// 1 for grey, 3 for red, green and blue.
    #[must_use]
    pub const fn channels(self) -> usize {
        self.channels
    }

    /// Rows of pixels.
    #[must_use]
    pub const fn height(self) -> usize {
        self.height
    }

    /// Columns of pixels.
    #[must_use]
    pub const fn width(self) -> usize {
        self.width
    }

    /// Pixels of one channel: `height * width`.
    #[must_use]
    pub const fn pixels(self) -> usize {
        self.height * self.width
    }

    /// Numbers in one image: `channels * height * width`.
    #[must_use]
    pub const fn values(self) -> usize {
        self.channels * self.height * self.width
    }

    /// The side of the square that networks work on, in pixels: the longer side. See [`crate::pad_to_square`].
    #[must_use]
    pub const fn square_side(self) -> usize {
        if self.height > self.width {
            self.height
        } else {
            self.width
        }
    }

    /// Whether images have colours.
    #[must_use]
    pub const fn is_colour(self) -> bool {
        self.channels == 3
    }

    /// How many images of this shape go through a network at a time where `digits` images of MNIST do: larger images are
    /// fewer, so that they take about as much memory, but never less than 8.
    #[must_use]
    pub fn at_a_time(self, digits: usize) -> usize {
        let same_memory = digits * KnownDataset::Mnist.shape().values() / self.values();
        same_memory.min(digits).max(FEWEST_AT_A_TIME)
    }

    /// The dimensions of a tensor of `n` images: `[n, channels, height, width]`.
    #[must_use]
    pub const fn batch(self, n: usize) -> [usize; 4] {
        [n, self.channels, self.height, self.width]
    }
}

/// `channels x height x width`, as in `3x64x64`.
impl fmt::Display for ImageShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.channels, self.height, self.width)
    }
}

impl TryFrom<Sizes> for ImageShape {
    type Error = DatasetError;

    fn try_from(sizes: Sizes) -> Result<Self, DatasetError> {
        Self::new(sizes.channels, sizes.height, sizes.width)
    }
}

impl From<ImageShape> for Sizes {
    fn from(shape: ImageShape) -> Self {
        Self {
            channels: shape.channels,
            height: shape.height,
            width: shape.width,
        }
    }
}
