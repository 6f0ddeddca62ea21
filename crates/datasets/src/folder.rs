//! A folder of pictures as a data set: one sub-folder a class.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{DatasetError, Fit, LabelledImages, user_image};

/// The most classes: labels are bytes.
const MAX_CLASSES: usize = 256;

/// Images from a folder, and what their classes are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderDataset {
    /// The sub-folders' names, by class number.
    pub class_names: Vec<String>,
    /// The images, ordered by class and then by file name.
    pub images: LabelledImages,
}

/// Reads every picture in the sub-folders of `dir`.
///
/// Each sub-folder is a class; they are numbered in the order of their names. Each file in one is a picture, converted
/// by [`user_image()`] with `fit`. Names that start with a dot are passed over, and so are files beside the
/// sub-folders.
///
/// # Errors
///
/// [`DatasetError::Folder`] if there is no sub-folder or more than 256, if one holds no picture or another folder, or
/// if its name is not Unicode; [`DatasetError::Read`] if a folder cannot be listed; and what [`user_image()`] reports
/// for the first file that is no picture.
pub fn load_folder(dir: &Path, fit: Fit) -> Result<FolderDataset, DatasetError> {
    let mut class_dirs = entries(dir)?;
    class_dirs.retain(|path| path.is_dir());
    if class_dirs.is_empty() {
        return Err(wrong(dir, "there is no sub-folder"));
    }
    if class_dirs.len() > MAX_CLASSES {
        let problem = format!(
            "{} sub-folders are more than {MAX_CLASSES} classes",
            class_dirs.len()
        );
        return Err(wrong(dir, &problem));
    }
    let mut class_names = Vec::new();
    let mut pixels = Vec::new();
    let mut labels = Vec::new();
    for (label, class_dir) in (0..=u8::MAX).zip(&class_dirs) {
        class_names.push(name(class_dir)?);
        let before = labels.len();
        for path in entries(class_dir)? {
            if path.is_dir() {
                return Err(wrong(&path, "a class's folder holds another folder"));
            }
            pixels.extend_from_slice(&user_image(&path, fit)?.to_bytes());
            labels.push(label);
        }
        if labels.len() == before {
            return Err(wrong(class_dir, "there is no picture in this class"));
        }
    }
    let images = LabelledImages::new(pixels, labels, class_names.len())?;
    Ok(FolderDataset {
        class_names,
        images,
    })
}

/// What is in a folder, sorted by name, without names that start with a dot.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let failed = |source| DatasetError::Read {
        path: dir.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

fn name(class_dir: &Path) -> Result<String, DatasetError> {
    let name = class_dir.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned)
        .ok_or_else(|| wrong(class_dir, "the folder's name is not Unicode"))
}

fn wrong(path: &Path, problem: &str) -> DatasetError {
    DatasetError::Folder {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}
