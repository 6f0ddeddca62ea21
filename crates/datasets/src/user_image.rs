//! A user's own picture, made into what the models were trained on.
//!
//! MNIST's digits were cut out of their page, scaled to fit 20x20 of 28x28 pixels and placed with their centre of mass in
//! the middle. A network trained on such digits misreads one that is larger or off-centre, so [`Preparation::Digit`] does
//! the same to any drawing or photograph. Fashion-MNIST's clothes fill the frame instead: [`Preparation::Object`]. In
//! both, the background ends as 0 whether it was light or dark.
//!
//! A person's picture is no scan, so it is read in steps, each in a file of its own: the file becomes levels (`decode`, with
//! `jpeg`, `animation` and `levels`), borders are cut away (`border`), ruled lines and boxes are painted over (`lines`), ink is
//! what is darker or lighter than the paper around it (`light`), and marks of it that a person drew are told from frames,
//! shadows and spots (`marks`, `digit`). An object is what differs from a smooth background (`surface`, `object`). All of it
//! looks at the picture alone: no label and no classifier takes part.
//!
//! Pictures that are what they are, such as faces, keep their colours and their background: [`Preparation::Picture`].

mod animation;
mod border;
mod colour;
mod decode;
mod digit;
mod grey;
mod jpeg;
mod levels;
mod light;
mod lines;
mod marks;
mod object;
mod place;
mod prepared;
mod shades;
mod surface;

use std::path::Path;

use image::DynamicImage;

use crate::{DatasetError, Fit, Image, ImageShape, Preparation};
use digit::digit;
use grey::{Plane, Sheet};
use object::{any_object, object, small_object};
use place::{centred, padded, scale};

pub use prepared::{PictureWarning, Prepared, Region};

pub(crate) use colour::{is_coloured, picture_planes, planes};
pub(crate) use decode::{MAX_FILE_BYTES, read_picture};

/// The widest and highest picture that is decoded, in pixels.
pub const MAX_IMAGE_SIDE: u32 = 20_000;

/// The most pixels that a picture may have in all to be decoded.
pub const MAX_IMAGE_PIXELS: u64 = 64_000_000;

/// An object that takes at most this share of both sides of a picture is cut out of it, where pictures keep their background.
const SMALL_OBJECT: f32 = 0.6;

/// The side of that cut, in parts of the object's longer side.
const AROUND_OBJECT: f32 = 1.2;

/// Reads the picture in a PNG, JPEG, BMP, GIF or `WebP` file and converts it with [`prepare`].
///
/// The format is found from the contents. A photograph is turned upright if its file says how, an animation stands for its
/// first frame with something on it, and levels that use only the lowest bits of their channels are stretched.
///
/// # Errors
///
/// [`DatasetError::Read`] if the file cannot be read, [`DatasetError::NotAnImage`] if it is not an image,
/// [`DatasetError::BrokenOff`] if it ends too early, [`DatasetError::ImageTooLarge`], before decoding, above [`MAX_IMAGE_SIDE`]
/// or [`MAX_IMAGE_PIXELS`], [`DatasetError::TooLarge`] for a file of more bytes than such a picture has, and
/// [`DatasetError::NothingDrawn`] as [`prepare`].
pub fn user_image(
    path: &Path,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<Prepared, DatasetError> {
    let picture = read_picture(path)?;
    prepare(&picture, preparation, shape).map_err(|error| named(error, path))
}

/// One picture of many, for training: as [`user_image`], but a picture that keeps its background is cut to an object only if all are
/// ([`Fit::Object`]).
pub(crate) fn training_image(
    path: &Path,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<TrainingImage, DatasetError> {
    let picture = read_picture(path)?;
    if let Preparation::Picture { fit } = preparation
        && fit != Fit::Object
    {
        return Ok(TrainingImage {
            values: picture_planes(&picture, fit, shape),
            is_cut: false,
        });
    }
    let prepared = prepare(&picture, preparation, shape).map_err(|error| named(error, path))?;
    Ok(TrainingImage {
        values: prepared.image.to_bytes(),
        is_cut: !prepared.objects.is_empty(),
    })
}

/// A picture as it is trained on.
pub(crate) struct TrainingImage {
    /// `[channels, height, width]`
    pub values: Vec<u8>,
    /// Whether an object was cut out of it.
    pub is_cut: bool,
}

fn named(error: DatasetError, path: &Path) -> DatasetError {
    match error {
        DatasetError::NothingDrawn { .. } => DatasetError::NothingDrawn {
            place: path.display().to_string(),
        },
        other => other,
    }
}

/// Converts a picture of any size and colour to an image of `shape`.
///
/// For [`Preparation::Digit`], ink is what is darker than the paper around it, or lighter if that is what was drawn. Borders,
/// frames, ruled lines, shadows and spots of light are told from it. What was drawn is cut out, scaled and centred.
///
/// For [`Preparation::Object`], the object in front of a smooth background is cut out and fills the image. Where the background
/// is not smooth, the whole picture is taken, and its background is what most of its edge looks like.
///
/// Both give luminance, the same in all channels, and leave a picture alone that has the image's size and is prepared already.
/// Transparent parts become white behind a dark picture and black behind a light one.
///
/// For [`Preparation::Picture`] transparent parts become white, and nothing else changes but the size, unless the picture is a
/// small object alone on a plain background: then that is cut out, with some background around it. With [`Fit::Object`] an object of any
/// size is.
///
/// # Errors
///
/// [`DatasetError::NothingDrawn`] if the picture has no pixels, or, but for [`Preparation::Picture`], there is nothing on it.
pub fn prepare(
    picture: &DynamicImage,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<Prepared, DatasetError> {
    let nothing = || DatasetError::NothingDrawn {
        place: "the picture".to_owned(),
    };
    if picture.width() == 0 || picture.height() == 0 {
        return Err(nothing());
    }
    let sheet = Sheet::of(picture);
    match preparation {
        Preparation::Digit => digit(&sheet, shape).ok_or_else(nothing),
        Preparation::Object => object(&sheet, shape).ok_or_else(nothing),
        Preparation::Picture { fit } => in_colour(picture, &sheet, fit, shape),
    }
}

/// The whole picture, or the object on it.
fn in_colour(
    picture: &DynamicImage,
    sheet: &Sheet,
    fit: Fit,
    shape: ImageShape,
) -> Result<Prepared, DatasetError> {
    let found = if fit == Fit::Object {
        any_object(sheet)
    } else {
        small_object(sheet, SMALL_OBJECT)
    };
    let Some((objects, warnings)) = found else {
        let whole = picture_planes(picture, fit, shape);
        return Ok(Prepared::whole(Image::from_bytes(shape, &whole)?));
    };
    let part = objects[0].around(AROUND_OBJECT, picture.width(), picture.height());
    let cut = picture.crop_imm(part.left, part.top, part.width, part.height);
    Ok(Prepared {
        image: Image::from_bytes(shape, &picture_planes(&cut, Fit::Pad, shape))?,
        warnings,
        objects,
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
    let ink = Plane::from_raw(width, width, ink.to_vec())?;
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

/// `side * target / whole`, rounded, at least 1.
fn rounded_share(side: u32, target: u32, whole: u32) -> u32 {
    ((side * target + whole / 2) / whole).max(1)
}

/// An image with the same values in each channel. `ink` has the image's size.
fn from_ink(ink: &Plane, shape: ImageShape) -> Image {
    let plane: Vec<f32> = ink
        .as_raw()
        .iter()
        .map(|value| value.clamp(0.0, 1.0))
        .collect();
    Image::new(shape, plane.repeat(shape.channels())).expect("ink of the image's size")
}
