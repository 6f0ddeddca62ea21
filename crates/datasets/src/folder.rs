//! A folder of pictures as a data set: one sub-folder a class, or pictures alone, which have no classes.

pub mod scan;

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    DatasetError, Fit, ImageShape, LabelledImages, MAX_CLASSES, Preparation,
    user_image::{is_coloured, read_picture, training_image},
};

/// The side of images when their pictures have different sizes, or larger ones, and nobody says a size.
const USUAL_SIDE: usize = 64;

/// How the pictures of a folder become images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderOptions {
    /// Sides of the images, in pixels; `None` for the size of the pictures if all have the same and it can be used, and
    /// 64 otherwise.
    pub side: Option<usize>,
    /// Whether images keep colours; `None` if any picture has one.
    pub colour: Option<bool>,
    /// What is done to each picture. All but [`Preparation::Picture`] give grey images.
    pub preparation: Preparation,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self {
            side: None,
            colour: None,
            preparation: Preparation::Picture {
                fit: Fit::default(),
            },
        }
    }
}

/// Images from a folder, and what their classes are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderDataset {
    /// The sub-folders' names, by class number; none if the pictures lie in the folder itself.
    pub class_names: Vec<String>,
    /// The images, ordered by class and then by file name.
    pub images: LabelledImages,
    /// How they were prepared.
    pub preparation: Preparation,
}

/// Reads every picture in the sub-folders of `dir`, or in `dir` itself if it has none.
///
/// Each sub-folder is a class; they are numbered in the order of their names. Each file in one is a picture. Names that
/// start with a dot are passed over, and so are files beside the sub-folders.
///
/// # Errors
///
/// [`DatasetError::Folder`] if there is neither a sub-folder nor a picture, or more than [`MAX_CLASSES`] classes, if one
/// holds no picture or another folder, or if its name is not Unicode; [`DatasetError::Read`] if a folder cannot be listed;
/// [`DatasetError::Shape`] for a size that images cannot have; and what [`crate::user_image()`] reports for the first file
/// that is no picture.
pub fn load_folder(dir: &Path, options: FolderOptions) -> Result<FolderDataset, DatasetError> {
    let files = Files::in_folder(dir)?;
    let shape = shape_of(&files, options)?;
    read(files, shape, options.preparation)
}

/// [`load_folder`] for a model that is there: its shape and its preparation leave no question open.
///
/// # Errors
///
/// As [`load_folder`].
pub fn load_folder_as(
    dir: &Path,
    shape: ImageShape,
    preparation: Preparation,
) -> Result<FolderDataset, DatasetError> {
    read(Files::in_folder(dir)?, shape, preparation)
}

fn read(
    files: Files,
    shape: ImageShape,
    preparation: Preparation,
) -> Result<FolderDataset, DatasetError> {
    let classes = files.class_names.len();
    let mut pixels = Vec::with_capacity(files.paths.len() * shape.values());
    for path in &files.paths {
        pixels.extend(training_image(path, preparation, shape)?.to_bytes());
    }
    let images = if classes == 0 {
        LabelledImages::unlabelled(shape, pixels)?
    } else {
        LabelledImages::new(shape, pixels, files.labels, classes)?
    };
    Ok(FolderDataset {
        class_names: files.class_names,
        images,
        preparation,
    })
}

/// The pictures' files, with a label each if there are classes.
struct Files {
    class_names: Vec<String>,
    paths: Vec<PathBuf>,
    labels: Vec<u16>,
}

impl Files {
    fn in_folder(dir: &Path) -> Result<Self, DatasetError> {
        let (class_dirs, loose): (Vec<_>, Vec<_>) =
            entries(dir)?.into_iter().partition(|path| path.is_dir());
        let mut files = Self {
            class_names: Vec::new(),
            paths: Vec::new(),
            labels: Vec::new(),
        };
        if class_dirs.is_empty() {
            if loose.is_empty() {
                return Err(wrong(dir, "there is no picture and no sub-folder"));
            }
            files.paths = loose;
            return Ok(files);
        }
        if class_dirs.len() > MAX_CLASSES {
            let count = class_dirs.len();
            let problem = format!(
                "{count} sub-folders are more than {MAX_CLASSES} classes, so join some of them"
            );
            return Err(wrong(dir, &problem));
        }
        for (label, class_dir) in class_dirs.iter().enumerate() {
            files.add_class(label as u16, class_dir)?;
        }
        Ok(files)
    }

    fn add_class(&mut self, label: u16, class_dir: &Path) -> Result<(), DatasetError> {
        let paths = entries(class_dir)?;
        if let Some(deeper) = paths.iter().find(|path| path.is_dir()) {
            return Err(wrong(deeper, "a class's folder holds another folder"));
        }
        if paths.is_empty() {
            return Err(wrong(class_dir, "there is no picture in this class"));
        }
        self.class_names.push(name(class_dir)?);
        self.labels.extend(paths.iter().map(|_| label));
        self.paths.extend(paths);
        Ok(())
    }
}

/// The shape of the images. Decodes the pictures only if the options leave a question open.
fn shape_of(files: &Files, options: FolderOptions) -> Result<ImageShape, DatasetError> {
    let is_picture = matches!(options.preparation, Preparation::Picture { .. });
    let mut colour = options.colour.unwrap_or(false) && is_picture;
    let find_colour = options.colour.is_none() && is_picture;
    let mut sizes = Vec::new();
    if find_colour || options.side.is_none() {
        for path in &files.paths {
            let picture = read_picture(path)?;
            sizes.push((picture.height() as usize, picture.width() as usize));
            colour |= find_colour && is_coloured(&picture);
        }
    }
    let channels = if colour { 3 } else { 1 };
    if let Some(side) = options.side {
        return ImageShape::new(channels, side, side);
    }
    let usual = || ImageShape::new(channels, USUAL_SIDE, USUAL_SIDE);
    match sizes.first() {
        Some(&(height, width)) if sizes.iter().all(|size| *size == (height, width)) => {
            ImageShape::new(channels, height, width).or_else(|_| usual())
        }
        _ => usual(),
    }
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
