//! A user's own picture, made into what the models were trained on.
//!
//! MNIST's digits were cut out of their page, scaled to fit 20x20 of 28x28 pixels and placed with their centre of mass in
//! the middle. A network trained on such digits misreads one that is larger or off-centre, so [`Preparation::Digit`] does
//! the same to any drawing or photograph. Fashion-MNIST's clothes fill the frame instead: [`Preparation::Object`]. In
//! both, the background ends as 0 whether it was light or dark. It is taken to be what most of the picture's edge looks
//! like, so the picture should be evenly lit.
//!
//! Pictures that are what they are, such as faces, keep their colours and their background: [`Preparation::Picture`].

mod colour;
mod place;
mod shades;

use std::{io, path::Path};

use image::{DynamicImage, ImageDecoder as _, ImageError, ImageReader};

use crate::{DatasetError, Image, ImageShape, Preparation};
use place::{centred, padded, scale};
use shades::{Ink, Shades, flatten, shrink, without_noise};

pub(crate) use colour::{is_coloured, picture_planes, planes};

/// The widest and highest picture that is decoded, in pixels.
pub const MAX_IMAGE_SIDE: u32 = 20_000;

/// The most pixels that a picture may have in all to be decoded.
pub const MAX_IMAGE_PIXELS: u64 = 64_000_000;

/// Reads the picture in a PNG, JPEG, BMP, GIF (first frame) or `WebP` file and converts it with [`prepare`].
///
/// The format is found from the contents, and a photograph is turned upright if its file says how.
///
/// # Errors
///
/// [`DatasetError::Read`] if the file cannot be read, [`DatasetError::NotAnImage`] if it is not a whole image,
/// [`DatasetError::ImageTooLarge`], before decoding, above [`MAX_IMAGE_SIDE`] or [`MAX_IMAGE_PIXELS`], and
/// [`DatasetError::NothingDrawn`] as [`prepare`].
pub fn user_image(
    path: &Path,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<Image, DatasetError> {
    let picture = read_picture(path)?;
    prepare(&picture, preparation, shape).map_err(|error| match error {
        DatasetError::NothingDrawn { .. } => DatasetError::NothingDrawn {
            place: path.display().to_string(),
        },
        other => other,
    })
}

/// Converts a picture of any size and colour to an image of `shape`.
///
/// For [`Preparation::Digit`] and [`Preparation::Object`] colours become luminance. Transparent parts become white behind
/// a dark picture and black behind a light one. The median of the outermost pixels is the background's level; if it lies
/// in the lighter half of the picture's range, the picture is inverted. A picture that has the image's size already keeps
/// its place. In an image with colours, all channels are the same.
///
/// For [`Preparation::Picture`] transparent parts become white, and nothing else changes but the size.
///
/// # Errors
///
/// [`DatasetError::NothingDrawn`] if the picture has no pixels, or, but for [`Preparation::Picture`], is one shade of grey
/// give or take a camera's noise.
pub fn prepare(
    picture: &DynamicImage,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<Image, DatasetError> {
    let nothing = || DatasetError::NothingDrawn {
        place: "the picture".to_owned(),
    };
    if let Preparation::Picture { fit } = preparation {
        if picture.width() == 0 || picture.height() == 0 {
            return Err(nothing());
        }
        return Image::from_bytes(shape, &picture_planes(picture, fit, shape));
    }
    let grey = shrink(flatten(picture));
    let shades = Shades::find(&grey).ok_or_else(nothing)?;
    let ink = shades.ink(&grey);
    let frame = (shape.width() as u32, shape.height() as u32);
    if ink.dimensions() == frame {
        return Ok(from_ink(&ink, shape));
    }
    Ok(match preparation {
        Preparation::Digit => centred(&without_noise(ink, shades.noise_floor(&grey)), shape),
        _ => from_ink(&scale(&padded(&ink, frame), frame.0, frame.1), shape),
    })
}

/// Converts a drawing whose paper is known to be blank: `side * side` values, row by row, 0 for paper and 1 for ink.
///
/// Unlike [`prepare`] it looks for no background, so a drawing that covers the edge keeps its polarity. With
/// [`Preparation::Picture`] it is black ink on white paper. `None` if there is no ink, or not this many values.
#[must_use]
pub fn drawing(
    ink: &[f32],
    side: usize,
    preparation: Preparation,
    shape: ImageShape,
) -> Option<Image> {
    let width = u32::try_from(side).ok()?;
    if ink.len() != side * side || !ink.iter().any(|value| *value > 0.0) {
        return None;
    }
    let ink = Ink::from_raw(width, width, ink.to_vec())?;
    let frame = (shape.width() as u32, shape.height() as u32);
    Some(match preparation {
        Preparation::Digit => centred(&ink, shape),
        Preparation::Object => from_ink(&scale(&padded(&ink, frame), frame.0, frame.1), shape),
        Preparation::Picture { .. } => {
            let mut paper = scale(&padded(&ink, frame), frame.0, frame.1);
            for pixel in paper.pixels_mut() {
                pixel[0] = 1.0 - pixel[0];
            }
            from_ink(&paper, shape)
        }
    })
}

/// Reads and decodes a file, turned upright.
pub(crate) fn read_picture(path: &Path) -> Result<DynamicImage, DatasetError> {
    let unreadable = |source: io::Error| DatasetError::Read {
        path: path.to_owned(),
        source,
    };
    let not_an_image = |source: ImageError| DatasetError::NotAnImage {
        path: path.to_owned(),
        source,
    };
    let file = files::open(path).map_err(unreadable)?;
    let reader = ImageReader::new(io::BufReader::new(file));
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

/// An image with the same values in each channel. `ink` has the image's size.
fn from_ink(ink: &Ink, shape: ImageShape) -> Image {
    let plane: Vec<f32> = ink
        .as_raw()
        .iter()
        .map(|value| value.clamp(0.0, 1.0))
        .collect();
    Image::new(shape, plane.repeat(shape.channels())).expect("ink of the image's size")
}
