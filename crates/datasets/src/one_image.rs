//! One image, as everything outside the networks sees it.

use std::sync::Arc;

use crate::{DatasetError, ImageShape};

/// An image with values in `[0, 1]`, in the order `[channels, height, width]`. Cheap to clone: the values are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    shape: ImageShape,
    values: Arc<[f32]>,
}

impl Image {
    /// Takes the values of an image, `[channels, height, width]`.
    ///
    /// # Errors
    ///
    /// [`DatasetError::ImageValues`] unless there are as many as the shape says, all in `[0, 1]`.
    pub fn new(shape: ImageShape, values: impl Into<Arc<[f32]>>) -> Result<Self, DatasetError> {
        let values = values.into();
        let in_range = values.iter().all(|value| (0.0..=1.0).contains(value));
        if values.len() == shape.values() && in_range {
            return Ok(Self { shape, values });
        }
        Err(DatasetError::ImageValues {
            shape,
            values: values.len(),
        })
    }

    /// An image of bytes, 255 for 1.
    ///
    /// # Errors
    ///
    /// [`DatasetError::ImageValues`] unless there are as many as the shape says.
    pub fn from_bytes(shape: ImageShape, bytes: &[u8]) -> Result<Self, DatasetError> {
        let values: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        Self::new(shape, values)
    }

    /// An image that is 0 everywhere.
    #[must_use]
    pub fn black(shape: ImageShape) -> Self {
        Self {
            shape,
            values: vec![0.0; shape.values()].into(),
        }
    }

    /// Its size.
    #[must_use]
    pub fn shape(&self) -> ImageShape {
        self.shape
    }

    /// The values in `[0, 1]`, `[channels, height, width]`.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The values as bytes, 255 for 1, in the same order.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let byte = |value: &f32| (value * 255.0).round() as u8;
        self.values.iter().map(byte).collect()
    }

    /// Red, green and blue of every pixel as bytes, row by row: what a screen or a file takes. A grey image has the same
    /// three.
    #[must_use]
    pub fn to_rgb(&self) -> Vec<[u8; 3]> {
        rgb(self.shape, &self.values)
    }
}

/// Red, green and blue of every pixel as bytes, row by row, from values `[channels, height, width]`. Values outside
/// `[0, 1]` count as the nearest inside, and what is missing as 0.
#[must_use]
pub fn rgb(shape: ImageShape, values: &[f32]) -> Vec<[u8; 3]> {
    let area = shape.pixels();
    let byte = |channel: usize, pixel: usize| {
        let value = values.get(channel * area + pixel).copied();
        (value.unwrap_or(0.0) * 255.0).round() as u8
    };
    let pixel = |pixel: usize| {
        if shape.is_colour() {
            [byte(0, pixel), byte(1, pixel), byte(2, pixel)]
        } else {
            [byte(0, pixel); 3]
        }
    };
    (0..area).map(pixel).collect()
}
