//! A file as a picture: decoded, upright, whole, and in the levels that it uses.

use std::{
    io::{self, Cursor},
    path::Path,
};

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::{MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE, animation, jpeg, levels::stretched_to_full};
use crate::DatasetError;

/// The largest file that is read: four bytes for each pixel of the largest picture, and room for what stands beside them.
pub(crate) const MAX_FILE_BYTES: u64 = 4 * MAX_IMAGE_PIXELS + (64 << 20);

/// Reads the picture in a PNG, JPEG, BMP, GIF or `WebP` file, whatever its name ends with.
///
/// A photograph is turned upright if its file says how, an animation stands for its first frame with something on it, and levels that
/// use only the lowest bits of their channels are stretched.
///
/// # Errors
///
/// [`DatasetError::Read`] if the file cannot be read, [`DatasetError::NotAnImage`] if it is not an image,
/// [`DatasetError::BrokenOff`] if it ends too early, [`DatasetError::ImageTooLarge`], before decoding, above [`MAX_IMAGE_SIDE`]
/// or [`MAX_IMAGE_PIXELS`], and [`DatasetError::TooLarge`] for a file of more bytes than such a picture has.
pub fn read_picture(path: &Path) -> Result<DynamicImage, DatasetError> {
    let bytes = files::read(path, MAX_FILE_BYTES).map_err(|source| unreadable(path, source))?;
    decode(&bytes, path)
}

/// [`read_picture`] of a file that is in memory; `path` is what messages call it.
pub(crate) fn decode(bytes: &[u8], path: &Path) -> Result<DynamicImage, DatasetError> {
    let not_an_image = |source: ImageError| {
        let path = path.to_owned();
        if ends_too_early(&source) {
            DatasetError::BrokenOff { path }
        } else {
            DatasetError::NotAnImage { path, source }
        }
    };
    let reader = ImageReader::new(Cursor::new(bytes));
    let reader = reader
        .with_guessed_format()
        .map_err(|source| unreadable(path, source))?;
    let format = reader.format();
    let mut decoder = reader.into_decoder().map_err(not_an_image)?;
    check_size(path, decoder.dimensions())?;
    let orientation = decoder.orientation().map_err(not_an_image)?;
    if format == Some(ImageFormat::Jpeg) && !jpeg::is_whole(bytes) {
        return Err(DatasetError::BrokenOff {
            path: path.to_owned(),
        });
    }
    let frame = format.and_then(|format| animation::first_with_content(bytes, format));
    let mut picture = match frame {
        Some(frame) => frame.map_err(not_an_image)?,
        None => DynamicImage::from_decoder(decoder).map_err(not_an_image)?,
    };
    picture.apply_orientation(orientation);
    Ok(stretched_to_full(picture))
}

/// Whether a decoder came to the end of the file before that of the picture.
fn ends_too_early(error: &ImageError) -> bool {
    matches!(error, ImageError::IoError(cause) if cause.kind() == io::ErrorKind::UnexpectedEof)
}

fn check_size(path: &Path, (width, height): (u32, u32)) -> Result<(), DatasetError> {
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_IMAGE_SIDE || pixels > MAX_IMAGE_PIXELS {
        return Err(DatasetError::ImageTooLarge {
            path: path.to_owned(),
            width,
            height,
        });
    }
    Ok(())
}

fn unreadable(path: &Path, source: io::Error) -> DatasetError {
    DatasetError::Read {
        path: path.to_owned(),
        source,
    }
}
