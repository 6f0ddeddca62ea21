//! A tar archive of PNG pictures with a folder a class: how Avatars comes.
//!
//! The archive's checksum was verified before, so this reads what is known to be there; still, nothing is unpacked to the
//! disk, and an entry that is no picture of the right size is an error.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
    path::{Path, PathBuf},
};

use image::ImageFormat;

use crate::{ClassId, DatasetError, ImageShape, LabelledImages, user_image::planes};

/// How many pictures of each class, the last by name, are for testing.
pub(crate) const TEST_IMAGES_A_CLASS: usize = 200;

/// The largest picture that is read, in bytes: a hundred times what a drawn face of 64x64 pixels takes.
const MAX_PICTURE_BYTES: u64 = 1 << 20;

/// The positions of all but the last `count` images of each class, and of those.
pub(crate) fn last_of_each_class(
    images: &LabelledImages,
    count: usize,
) -> (Vec<usize>, Vec<usize>) {
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for class in 0..images.classes() {
        let mut members = images.indices_of(ClassId(class as u16));
        last.extend(members.split_off(members.len().saturating_sub(count)));
        first.extend(members);
    }
    (first, last)
}

/// Reads every PNG in a folder that is called like a class, ordered by class and then by name.
pub(crate) fn read(
    path: &Path,
    bytes: &[u8],
    shape: ImageShape,
    classes: &[&str],
) -> Result<LabelledImages, DatasetError> {
    let unreadable = |source| DatasetError::Read {
        path: path.to_owned(),
        source,
    };
    let mut found: BTreeMap<(u16, PathBuf), Vec<u8>> = BTreeMap::new();
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.path().map_err(unreadable)?.into_owned();
        let folder = name.parent().and_then(Path::file_name);
        let class = classes
            .iter()
            .position(|class| folder.is_some_and(|folder| folder == *class));
        let Some(class) = class.filter(|_| name.extension().is_some_and(|end| end == "png")) else {
            continue;
        };
        let mut png = Vec::new();
        entry
            .take(MAX_PICTURE_BYTES)
            .read_to_end(&mut png)
            .map_err(unreadable)?;
        found.insert(
            (class as u16, name.clone()),
            picture(path, &name, &png, shape)?,
        );
    }
    let labels = found.keys().map(|(class, _)| *class).collect();
    let pixels: Vec<Vec<u8>> = found.into_values().collect();
    LabelledImages::new(shape, pixels.concat(), labels, classes.len())
}

/// The bytes of one picture, `[channels, height, width]`.
fn picture(
    archive: &Path,
    name: &Path,
    png: &[u8],
    shape: ImageShape,
) -> Result<Vec<u8>, DatasetError> {
    let place = archive.join(name);
    let decoded = image::load(Cursor::new(png), ImageFormat::Png);
    let decoded = decoded.map_err(|source| DatasetError::NotAnImage {
        path: place.clone(),
        source,
    })?;
    if (decoded.width() as usize, decoded.height() as usize) != (shape.width(), shape.height()) {
        return Err(DatasetError::Dimensions {
            path: place,
            found: vec![decoded.height() as usize, decoded.width() as usize],
            expected: format!("{shape}"),
        });
    }
    Ok(planes(&decoded, shape.channels()))
}
