//! A stored array of numbers, and its values as pixels or as labels.

use std::path::{Path, PathBuf};

use crate::{DatasetError, ImageShape};

/// An array from a file.
pub(super) struct Array {
    /// The file.
    pub path: PathBuf,
    /// What it is called, in small letters: the file's name, and the array's own if the file holds several.
    pub name: String,
    /// The length of each dimension, outermost first.
    pub dims: Vec<usize>,
    /// The elements, the last dimension varying fastest.
    pub values: Values,
}

/// The elements of an array.
pub(super) enum Values {
    /// Unsigned bytes.
    Bytes(Vec<u8>),
    /// Any other kind of number. Labels are whole numbers below 2^24, which single precision holds exactly.
    Numbers(Vec<f32>),
}

/// How the values of an array are images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub images: usize,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    /// Whether red, green and blue of a pixel lie together, and not in planes of their own.
    pub interleaved: bool,
}

impl Array {
    /// A name for an array: that of its file without folders, and its own.
    pub(super) fn name_of(path: &Path, own: &str) -> String {
        let file = path.file_name().unwrap_or(path.as_os_str());
        format!("{} {own}", file.to_string_lossy())
            .trim()
            .to_lowercase()
    }

    /// How it is images: `[n, h, w]`, `[n, h, w, c]`, `[n, c, h, w]`, or `[n, h * h]` with 8 pixels a side or more.
    pub(super) fn layout(&self) -> Option<Layout> {
        let layout = |images, channels, height, width, interleaved| Layout {
            images,
            channels,
            height,
            width,
            interleaved,
        };
        let flat = |images: usize, values: usize| {
            let side = |pixels: usize| pixels.isqrt();
            let is_square = |pixels: usize| {
                side(pixels) >= ImageShape::MIN_SIDE && side(pixels) * side(pixels) == pixels
            };
            if is_square(values) {
                return Some(layout(images, 1, side(values), side(values), false));
            }
            let is_colour = values.is_multiple_of(3) && is_square(values / 3);
            is_colour.then(|| layout(images, 3, side(values / 3), side(values / 3), false))
        };
        match *self.dims {
            [images, values] | [images, 1, values] => flat(images, values),
            [images, height, width] => Some(layout(images, 1, height, width, false)),
            [images, channels @ (1 | 3), height, width] => {
                Some(layout(images, channels, height, width, false))
            }
            [images, height, width, channels @ (1 | 3)] => {
                Some(layout(images, channels, height, width, true))
            }
            _ => None,
        }
    }

    /// One label an item, if it is an array of them: `[n]`, `[n, 1]`, or QMNIST's `[n, 8]`, whose first column is the class.
    pub(super) fn labels(&self) -> Option<Vec<u32>> {
        let columns = match *self.dims {
            [_] => 1,
            [_, columns @ (1 | 8)] => columns,
            _ => return None,
        };
        let whole = |value: &f32| (value.fract() == 0.0 && *value >= 0.0).then_some(*value as u32);
        match &self.values {
            Values::Bytes(values) => Some(
                values
                    .iter()
                    .step_by(columns)
                    .map(|&value| u32::from(value))
                    .collect(),
            ),
            Values::Numbers(values) => values.iter().step_by(columns).map(whole).collect(),
        }
    }

    /// The pixels as bytes, `[images, channels, height, width]`. Numbers from 0 to 1 or from -1 to 1 are stretched to bytes; larger ones
    /// are divided by the largest number of the bits in use.
    ///
    /// # Errors
    ///
    /// [`DatasetError::ArrayFile`] if a number is not finite.
    pub(super) fn into_pixels(self, layout: Layout) -> Result<Vec<u8>, DatasetError> {
        let bytes = match self.values {
            Values::Bytes(bytes) => bytes,
            Values::Numbers(numbers) => {
                to_bytes(&numbers).ok_or_else(|| DatasetError::ArrayFile {
                    path: self.path,
                    problem: "there are pixels that are no numbers".to_owned(),
                })?
            }
        };
        if !layout.interleaved || layout.channels == 1 {
            return Ok(bytes);
        }
        let plane = layout.height * layout.width;
        let images = bytes.chunks_exact(plane * layout.channels);
        let planes = images.flat_map(|image| {
            (0..layout.channels)
                .flat_map(move |channel| image.iter().skip(channel).step_by(layout.channels))
        });
        Ok(planes.copied().collect())
    }
}

fn to_bytes(numbers: &[f32]) -> Option<Vec<u8>> {
    let finite = numbers.iter().all(|number| number.is_finite());
    let lowest = numbers.iter().copied().fold(0.0, f32::min);
    let highest = numbers.iter().copied().fold(0.0, f32::max);
    let (from, top) = if lowest < 0.0 {
        let most = highest.max(-lowest);
        (-most, 2.0 * most)
    } else if highest <= 1.0 {
        (0.0, 1.0)
    } else {
        let bits = (highest as u32).max(255).ilog2() + 1;
        (0.0, ((1_u64 << bits) - 1) as f32)
    };
    let byte = |number: &f32| ((number - from) / top * 255.0).round().clamp(0.0, 255.0) as u8;
    finite.then(|| numbers.iter().map(byte).collect())
}
