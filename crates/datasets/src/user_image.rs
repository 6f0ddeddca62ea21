//! A user's own picture, made into what the models were trained on.
//!
//! MNIST's digits were cut out of their page, scaled to fit 20x20 pixels and placed in 28x28 with their centre of mass
//! in the middle. A network trained on such digits misreads one that is larger or off-centre, so [`Fit::Centred`] does
//! the same to any drawing or photograph. Fashion-MNIST's clothes fill the frame instead: [`Fit::Whole`].
//!
//! In both, the background ends as 0 whether it was light or dark. It is taken to be what most of the picture's edge
//! looks like, so the picture should be evenly lit.

mod place;
mod shades;

use std::{io, path::Path};

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader};

use crate::{DatasetError, KnownDataset, PIXELS, SIDE};
use place::{centred, padded_to_square, scale};
use shades::{Ink, Shades, flatten, shrink, without_noise};

/// The widest and highest picture that is decoded, in pixels.
pub const MAX_IMAGE_SIDE: u32 = 20_000;

/// The most pixels that a picture may have in all to be decoded.
pub const MAX_IMAGE_PIXELS: u64 = 64_000_000;

/// How a picture is fitted into 28x28 pixels. A picture that has this size already keeps it in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fit {
    /// As MNIST was made: the ink's bounding box scaled to 20 pixels, its centre of mass in the middle.
    Centred,
    /// The whole picture, padded to a square, scaled to 28 pixels.
    Whole,
}

impl From<KnownDataset> for Fit {
    /// The way in which the data set's own images were made.
    fn from(dataset: KnownDataset) -> Self {
        match dataset {
            KnownDataset::Mnist => Self::Centred,
            KnownDataset::FashionMnist => Self::Whole,
        }
    }
}

/// One grey image for the models.
#[derive(Debug, Clone, PartialEq)]
pub struct GreyImage28 {
    /// 28x28 values in [0, 1], row by row; 0 is the background.
    pub pixels: [f32; PIXELS],
}

impl GreyImage28 {
    /// The pixels as bytes, as the data sets' files hold them.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; PIXELS] {
        self.pixels.map(|value| (value * 255.0).round() as u8)
    }
}

/// Reads the picture in a PNG, JPEG, BMP, GIF (first frame) or `WebP` file and converts it with [`grey28`].
///
/// The format is found from the contents, and a photograph is turned upright if its file says how.
///
/// # Errors
///
/// [`DatasetError::Read`] if the file cannot be read, [`DatasetError::NotAnImage`] if it is not a whole image,
/// [`DatasetError::ImageTooLarge`], before decoding, above [`MAX_IMAGE_SIDE`] or [`MAX_IMAGE_PIXELS`], and
/// [`DatasetError::NothingDrawn`] as [`grey28`].
pub fn user_image(path: &Path, fit: Fit) -> Result<GreyImage28, DatasetError> {
    let picture = read_picture(path)?;
    grey28(&picture, fit).map_err(|error| match error {
        DatasetError::NothingDrawn { .. } => DatasetError::NothingDrawn {
            place: path.display().to_string(),
        },
        other => other,
    })
}

/// Converts a picture of any size and colour to 28x28 grey with the background at 0.
///
/// Colours become luminance. Transparent parts become white behind a dark picture and black behind a light one. The
/// median of the outermost pixels is the background's level; if it lies in the lighter half of the picture's range,
/// the picture is inverted.
///
/// # Errors
///
/// [`DatasetError::NothingDrawn`] if the whole picture is one shade of grey, give or take a camera's noise.
pub fn grey28(picture: &DynamicImage, fit: Fit) -> Result<GreyImage28, DatasetError> {
    let grey = shrink(flatten(picture));
    let Some(shades) = Shades::find(&grey) else {
        return Err(DatasetError::NothingDrawn {
            place: "the picture".to_owned(),
        });
    };
    let ink = shades.ink(&grey);
    if ink.dimensions() == (SIDE as u32, SIDE as u32) {
        return Ok(from_buffer(&ink));
    }
    Ok(match fit {
        Fit::Centred => centred(&without_noise(ink, shades.noise_floor(&grey))),
        Fit::Whole => from_buffer(&scale(&padded_to_square(&ink), SIDE as u32, SIDE as u32)),
    })
}

/// Converts a drawing whose paper is known to be blank: `side * side` values, row by row, 0 for paper and 1 for ink.
///
/// Unlike [`grey28`] it looks for no background, so a drawing that covers the edge keeps its polarity. `None` if there is
/// no ink, or not this many values.
#[must_use]
pub fn drawing28(ink: &[f32], side: usize, fit: Fit) -> Option<GreyImage28> {
    let width = u32::try_from(side).ok()?;
    if ink.len() != side * side || !ink.iter().any(|value| *value > 0.0) {
        return None;
    }
    let ink = Ink::from_raw(width, width, ink.to_vec())?;
    Some(match fit {
        Fit::Centred => centred(&ink),
        Fit::Whole => from_buffer(&scale(&ink, SIDE as u32, SIDE as u32)),
    })
}

fn read_picture(path: &Path) -> Result<DynamicImage, DatasetError> {
    let unreadable = |source: io::Error| DatasetError::Read {
        path: path.to_owned(),
        source,
    };
    let not_an_image = |source: ImageError| DatasetError::NotAnImage {
        path: path.to_owned(),
        source,
    };
    let reader = ImageReader::open(path).map_err(unreadable)?;
    let reader = reader.with_guessed_format().map_err(unreadable)?;
    let mut decoder = reader.into_decoder().map_err(not_an_image)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_IMAGE_SIDE || pixels > MAX_IMAGE_PIXELS {
        return Err(DatasetError::ImageTooLarge {
            path: path.to_owned(),
            width,
            height,
        });
    }
    let orientation = decoder.orientation().map_err(not_an_image)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(not_an_image)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// `side * target / whole`, rounded, at least 1.
fn rounded_share(side: u32, target: u32, whole: u32) -> u32 {
    ((side * target + whole / 2) / whole).max(1)
}

fn from_buffer(ink: &Ink) -> GreyImage28 {
    let values = ink.as_raw();
    GreyImage28 {
        pixels: std::array::from_fn(|pixel| values[pixel].clamp(0.0, 1.0)),
    }
}
