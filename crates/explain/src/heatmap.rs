//! Heatmaps on the host: positive evidence scaled to `[0, 1]`, and what the scaling would hide.

use std::ops::Range;

use burn::tensor::Tensor;
use datasets::ImageShape;

use crate::ExplainError;

/// Where the evidence for one class lies in one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Heatmap {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// `height * width` values in `[0, 1]`, row by row: the raw map's positive part divided by [`raw_max`](Self::raw_max),
    /// or all 0 where there is no positive evidence.
    pub values: Vec<f32>,
    /// Largest value of the raw map, in units of the logit. Compare maps by it: `values` are scaled map by map.
    pub raw_max: f32,
    /// Smallest value of the raw map, in units of the logit. Below 0 means that something spoke against the class.
    pub raw_min: f32,
}

/// Whether a map has anything to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Some part of the image speaks for the class.
    Positive,
    /// No part of the image speaks for the class: "no positive evidence", which is not the same as a weak map.
    None,
}

impl Heatmap {
    /// Keeps the positive part of a raw map and divides it by its maximum.
    ///
    /// # Errors
    /// [`ExplainError::Size`] if `raw` does not have `height * width` values, or none; [`ExplainError::NotFinite`] if
    /// one of them is NaN or infinite.
    pub fn from_raw(height: usize, width: usize, raw: &[f32]) -> Result<Self, ExplainError> {
        if raw.is_empty() || height.checked_mul(width) != Some(raw.len()) {
            return Err(ExplainError::Size {
                height,
                width,
                values: raw.len(),
            });
        }
        if let Some(index) = raw.iter().position(|value| !value.is_finite()) {
            return Err(ExplainError::NotFinite {
                row: index / width,
                column: index % width,
                value: raw[index],
            });
        }
        let raw_max = raw.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let raw_min = raw.iter().copied().fold(f32::INFINITY, f32::min);
        let values = if raw_max > 0.0 {
            raw.iter().map(|value| value.max(0.0) / raw_max).collect()
        } else {
            vec![0.0; raw.len()]
        };
        Ok(Self {
            height,
            width,
            values,
            raw_max,
            raw_min,
        })
    }

    /// Whether any part of the image speaks for the class.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        if self.raw_max > 0.0 {
            Evidence::Positive
        } else {
            Evidence::None
        }
    }

    /// The same map on a grid of `height` x `width`, by bilinear interpolation.
    ///
    /// Both grids cover the same area, and a value sits at the centre of its cell (half-pixel centres, known as
    /// `align_corners = false`): cell `i` of the new grid reads the old one at `(i + 1/2) * old / new - 1/2`, clamped
    /// to the outermost centres. Values stay within the old ones' range and are not scaled again, so the maximum may
    /// fall below 1; `raw_max` and `raw_min` stay those of the original. There is no low-pass filter: this is meant
    /// for enlarging.
    ///
    /// # Panics
    /// If `values` was changed to hold fewer than `height * width` values.
    #[must_use]
    pub fn resampled(&self, height: usize, width: usize) -> Self {
        self.sampled(&taps(self.height, height), &taps(self.width, width))
    }

    /// The same map over an image, on a grid of `scale` x `scale` cells a pixel.
    ///
    /// Networks work on squares, with an image that is not square in the middle ([`datasets::pad_to_square`]). So a
    /// map covers the square, and what lies beside the image is cut off. Only a map with one cell a pixel, such as
    /// [`at_pixels`](crate::at_pixels) gives, covers the image itself. Values are interpolated as
    /// [`resampled`](Self::resampled) does it.
    ///
    /// # Panics
    /// If `values` was changed to hold fewer than `height * width` values.
    #[must_use]
    pub fn over_image(&self, shape: ImageShape, scale: usize) -> Self {
        let (height, width) = (shape.height(), shape.width());
        if (self.height, self.width) == (height, width) {
            return self.resampled(height * scale, width * scale);
        }
        let side = shape.square_side();
        let along = |old: usize, length: usize| {
            let inside = middle(side, length);
            let mut taps = taps(old, side * scale);
            taps.drain(..inside.start * scale);
            taps.truncate(length * scale);
            taps
        };
        self.sampled(&along(self.height, height), &along(self.width, width))
    }

    /// The values at the crossings of rows and columns.
    fn sampled(&self, rows: &[Tap], columns: &[Tap]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * columns.len());
        for row in rows {
            let upper = &self.values[row.low * self.width..][..self.width];
            let lower = &self.values[row.high * self.width..][..self.width];
            values.extend(columns.iter().map(|column| {
                let above = column.between(upper[column.low].into(), upper[column.high].into());
                let below = column.between(lower[column.low].into(), lower[column.high].into());
                row.between(above, below) as f32
            }));
        }
        Self {
            height: rows.len(),
            width: columns.len(),
            values,
            raw_max: self.raw_max,
            raw_min: self.raw_min,
        }
    }
}

/// The two old cells between which a new cell's centre lies, along one axis.
struct Tap {
    low: usize,
    high: usize,
    /// Distance from `low`, in old cells, in `[0, 1)`.
    fraction: f64,
}

impl Tap {
    /// In `f64`, so that rounding to `f32` afterwards cannot leave the range of the two values.
    fn between(&self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.fraction
    }
}

/// Where an image's side of `length` lies in a square's, as [`datasets::pad_to_square`] puts it.
pub(crate) fn middle(side: usize, length: usize) -> Range<usize> {
    let start = (side - length) / 2;
    start..start + length
}

/// One [`Tap`] for each of `new` cells over `old` cells.
fn taps(old: usize, new: usize) -> Vec<Tap> {
    let last = old.saturating_sub(1);
    let scale = old as f64 / new as f64;
    (0..new)
        .map(|index| {
            let position = ((index as f64 + 0.5) * scale - 0.5).clamp(0.0, last as f64);
            let low = position.floor() as usize;
            Tap {
                low,
                high: (low + 1).min(last),
                fraction: position.fract(),
            }
        })
        .collect()
}

/// The same interpolation as a matrix, of those of `new` cells that are asked for: a row of `old` weights for each.
pub(crate) fn interpolation(old: usize, new: usize, wanted: Range<usize>) -> Vec<f32> {
    let mut matrix = vec![0.0; old * wanted.len()];
    let taps = taps(old, new).into_iter().skip(wanted.start);
    for (row, tap) in matrix.chunks_exact_mut(old).zip(taps) {
        row[tap.low] += (1.0 - tap.fraction) as f32;
        row[tap.high] += tap.fraction as f32;
    }
    matrix
}

/// Copies raw maps to the host, in one read, and makes a [`Heatmap`] of each: one list an image, one map a class.
///
/// # Shapes
/// - `raw`: `[n, classes, h, w]`, from [`pooled_linear_cam`](crate::pooled_linear_cam), or from
///   [`evidence`](crate::evidence) with a class axis of one
///
/// # Errors
/// [`ExplainError::Read`] if the device fails; [`ExplainError::Map`] names the first map that holds a NaN or an
/// infinity, or that has no cells.
pub fn heatmaps(raw: Tensor<4>) -> Result<Vec<Vec<Heatmap>>, ExplainError> {
    let [n, classes, height, width] = raw.dims();
    let values: Vec<f32> = raw.try_into_vec_as()?;
    let cells = height * width;
    let map = |image: usize, class: usize| {
        let start = (image * classes + class) * cells;
        Heatmap::from_raw(height, width, &values[start..start + cells]).map_err(|source| {
            ExplainError::Map {
                image,
                class,
                source: Box::new(source),
            }
        })
    };
    (0..n)
        .map(|image| (0..classes).map(|class| map(image, class)).collect())
        .collect()
}
