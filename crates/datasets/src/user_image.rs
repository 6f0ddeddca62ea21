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
//!
//! Where a person knows better, [`Adjustments`] say so: how the picture is turned, which part counts, what is ink, and which object.

mod adjustments;
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

use std::{borrow::Cow, path::Path};

use image::DynamicImage;

use crate::{DatasetError, Fit, Image, ImageShape, Preparation};
use colour::in_colour;
use digit::digit;
use grey::{Plane, Sheet};
use object::object;
use place::{centred, padded, scale};
use prepared::Missing;

pub use adjustments::{Adjustments, MAX_TILT};
pub use decode::read_picture;
pub use prepared::{PictureWarning, Prepared, Region};

pub(crate) use colour::{is_coloured, picture_planes, planes};
pub(crate) use decode::MAX_FILE_BYTES;

/// The widest and highest picture that is decoded, in pixels.
pub const MAX_IMAGE_SIDE: u32 = 20_000;

/// The most pixels that a picture may have in all to be decoded.
pub const MAX_IMAGE_PIXELS: u64 = 64_000_000;

/// Reads the picture in a file and converts it with [`prepare`].
///
/// # Errors
///
/// As [`read_picture`] and [`prepare`].
pub fn user_image(
    path: &Path,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<Prepared, DatasetError> {
    adjusted_image(path, &Adjustments::default(), preparation, shape)
}

/// As [`user_image`], as far as a person has not decided otherwise.
///
/// # Errors
///
/// As [`read_picture`] and [`prepare_turned`].
pub fn adjusted_image(
    path: &Path,
    adjustments: &Adjustments,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<Prepared, DatasetError> {
    let picture = read_picture(path)?;
    let turned = adjustments.turn(&picture);
    let prepared = prepare_turned(&turned, adjustments, preparation, shape);
    prepared.map_err(|error| error.in_file(path))
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
    let prepared = prepare(&picture, preparation, shape).map_err(|error| error.in_file(path))?;
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
    prepare_turned(picture, &Adjustments::default(), preparation, shape)
}

/// As [`prepare`], as far as a person has not decided otherwise, of a picture that has been [turned](Adjustments::turn) already.
///
/// # Errors
///
/// As [`prepare`]; [`DatasetError::CropOutside`] for a crop that has nothing in common with the picture,
/// [`DatasetError::NoSuchObject`] for the number of an object that is not there, and [`DatasetError::NothingLeft`] if there is
/// nothing where a person looked for something.
pub fn prepare_turned(
    turned: &DynamicImage,
    adjustments: &Adjustments,
    preparation: Preparation,
    shape: ImageShape,
) -> Result<Prepared, DatasetError> {
    let (width, height) = (turned.width(), turned.height());
    let place = || "the picture".to_owned();
    if width == 0 || height == 0 {
        return Err(DatasetError::NothingDrawn { place: place() });
    }
    let part = match adjustments.crop {
        None => Region::whole(width, height),
        Some(crop) => crop
            .within(width, height)
            .ok_or_else(|| DatasetError::CropOutside {
                place: place(),
                crop,
                width,
                height,
            })?,
    };
    let cut = if part == Region::whole(width, height) {
        Cow::Borrowed(turned)
    } else {
        Cow::Owned(part.cut_out_of(turned))
    };
    let sheet = Sheet::of(&cut);
    let prepared = match preparation {
        Preparation::Digit => digit(&sheet, shape, adjustments),
        Preparation::Object => object(&sheet, shape, adjustments),
        Preparation::Picture { fit } => in_colour(&cut, &sheet, fit, shape, adjustments),
    };
    let mut prepared = prepared.map_err(|missing| match missing {
        Missing::Drawing if adjustments.decide() => DatasetError::NothingLeft { place: place() },
        Missing::Drawing => DatasetError::NothingDrawn { place: place() },
        Missing::Object { count } => DatasetError::NoSuchObject {
            place: place(),
            object: adjustments.object.unwrap_or(0),
            count,
        },
    })?;
    for object in &mut prepared.objects {
        *object = object.moved_by([part.left, part.top]);
    }
    Ok(prepared)
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
