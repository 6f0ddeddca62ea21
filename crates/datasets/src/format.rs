//! Whether a folder holds pictures or arrays: whichever holds more images. A stray file of the other kind is passed over, with a word.

use std::path::Path;

use crate::{
    ArrayDataset, ArrayOptions, DataFormat, DatasetError, arrays,
    folder::scan::{Scan, scan},
    load_arrays,
};

/// The images of a folder as one kind of files holds them.
pub(crate) enum Found {
    /// Pictures, not decoded yet.
    Pictures(Scan),
    /// Arrays.
    Arrays(ArrayDataset),
}

/// What kind of files hold the images of a folder.
///
/// # Errors
///
/// As [`load_arrays`] where there are files of arrays alone, and [`DatasetError::Folder`] or [`DatasetError::Read`] if there is neither, or a
/// folder cannot be listed.
pub fn data_format(dir: &Path) -> Result<DataFormat, DatasetError> {
    Ok(match found(dir)? {
        Found::Pictures(_) => DataFormat::Pictures,
        Found::Arrays(_) => DataFormat::Arrays,
    })
}

/// Finds the images of a folder.
pub(crate) fn found(dir: &Path) -> Result<Found, DatasetError> {
    let files = arrays::files(dir).map_or(0, |files| files.len());
    let scanned = scan(dir);
    if files == 0 {
        return scanned.map(Found::Pictures);
    }
    let arrays = load_arrays(dir, ArrayOptions::default());
    let Ok(mut pictures) = scanned else {
        return arrays.map(Found::Arrays);
    };
    let count = pictures.files.len();
    match arrays {
        Ok(mut arrays) if arrays.len() >= count => {
            arrays.notes.push(format!(
                "{count} pictures beside the arrays are passed over"
            ));
            Ok(Found::Arrays(arrays))
        }
        Ok(arrays) => {
            let images = arrays.len();
            pictures.notes.push(format!(
                "{files} files of arrays, with {images} images, lie beside the pictures and are passed over"
            ));
            Ok(Found::Pictures(pictures))
        }
        Err(error) => {
            pictures.notes.push(format!(
                "{files} files of arrays lie beside the pictures and are passed over: {error}"
            ));
            Ok(Found::Pictures(pictures))
        }
    }
}
