//! A folder of pictures as a data set: one sub-folder a class, or pictures alone, which have no classes.

pub mod scan;

use std::path::{Path, PathBuf};

use crate::{
    DatasetError, Fit, Image, ImageShape, LabelledImages, Preparation,
    user_image::{is_coloured, read_picture, training_image},
};
use scan::{PictureFile, Scan, scan};

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
    /// Whether pictures that cannot be read are left out.
    pub skip_broken: bool,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self {
            side: None,
            colour: None,
            preparation: Preparation::Picture {
                fit: Fit::default(),
            },
            skip_broken: false,
        }
    }
}

/// A picture that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenPicture {
    /// The file.
    pub path: PathBuf,
    /// The reason, with the file's name in it.
    pub reason: String,
}

/// Images from a folder, and what their classes are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderDataset {
    /// The sub-folders' names, by class number; none if the pictures lie in the folder itself.
    pub class_names: Vec<String>,
    /// The images, ordered by class and then by file name; those for testing are not among them.
    pub images: LabelledImages,
    /// The images in a folder that is called `test`, if there is one beside one that is called `train`.
    pub test: Option<LabelledImages>,
    /// How they were prepared.
    pub preparation: Preparation,
    /// How many files were passed over, because they are no pictures.
    pub passed_over: usize,
    /// The pictures that were left out.
    pub broken: Vec<BrokenPicture>,
}

/// Reads every picture in the sub-folders of `dir`, or in `dir` itself if no sub-folder has one.
///
/// Each sub-folder is a class, also with folders in it, and they are numbered in natural order: 1, 2, 10. See [`scan()`] for what
/// is passed over, and for folders called `train` and `test`.
///
/// # Errors
///
/// As [`scan()`]; [`DatasetError::BrokenPictures`] with all pictures that cannot be read, unless they are to be left out;
/// [`DatasetError::Folder`] if a class has none but such; and [`DatasetError::Shape`] for a size that images cannot have.
pub fn load_folder(dir: &Path, options: FolderOptions) -> Result<FolderDataset, DatasetError> {
    let scanned = scan(dir)?;
    let shape = shape_of(&scanned.files, options)?;
    read(
        dir,
        scanned,
        shape,
        options.preparation,
        options.skip_broken,
    )
}

/// [`load_folder`] for a model that is there: its shape and its preparation leave no question open. Pictures that cannot be read are
/// left out, as they were when it was trained, if it was.
///
/// # Errors
///
/// As [`load_folder`].
pub fn load_folder_as(
    dir: &Path,
    shape: ImageShape,
    preparation: Preparation,
) -> Result<FolderDataset, DatasetError> {
    read(dir, scan(dir)?, shape, preparation, true)
}

fn read(
    dir: &Path,
    scanned: Scan,
    shape: ImageShape,
    preparation: Preparation,
    skip_broken: bool,
) -> Result<FolderDataset, DatasetError> {
    let classes = scanned.class_names.len();
    let mut parts = [Gathered::default(), Gathered::default()];
    let mut broken = Vec::new();
    for PictureFile { path, class, part } in scanned.files {
        match training_image(&path, preparation, shape) {
            Ok(image) => parts[part as usize].add(&image, class),
            Err(error) => broken.push(BrokenPicture {
                reason: error.to_string(),
                path,
            }),
        }
    }
    if !broken.is_empty() && !skip_broken {
        return Err(DatasetError::BrokenPictures {
            path: dir.to_owned(),
            reasons: broken.into_iter().map(|broken| broken.reason).collect(),
        });
    }
    let [train, test] = parts;
    let lost = (0..classes).find(|class| !train.labels.contains(&(*class as u16)));
    if let Some(name) = lost.and_then(|class| scanned.class_names.get(class)) {
        let problem = format!("there is no picture to train on in the class '{name}'");
        return Err(DatasetError::Folder {
            path: dir.to_owned(),
            problem,
        });
    }
    Ok(FolderDataset {
        class_names: scanned.class_names,
        images: train.images(shape, classes)?,
        test: scanned
            .has_test
            .then(|| test.images(shape, classes))
            .transpose()?,
        preparation,
        passed_over: scanned.passed_over,
        broken,
    })
}

/// Images of one part while they are read.
#[derive(Default)]
struct Gathered {
    pixels: Vec<u8>,
    labels: Vec<u16>,
}

impl Gathered {
    fn add(&mut self, image: &Image, class: Option<u16>) {
        self.pixels.extend(image.to_bytes());
        self.labels.extend(class);
    }

    fn images(self, shape: ImageShape, classes: usize) -> Result<LabelledImages, DatasetError> {
        if classes == 0 {
            return LabelledImages::unlabelled(shape, self.pixels);
        }
        LabelledImages::new(shape, self.pixels, self.labels, classes)
    }
}

/// The shape of the images. Decodes the pictures only if the options leave a question open; what cannot be read is told later.
fn shape_of(files: &[PictureFile], options: FolderOptions) -> Result<ImageShape, DatasetError> {
    let is_picture = matches!(options.preparation, Preparation::Picture { .. });
    let mut colour = options.colour.unwrap_or(false) && is_picture;
    let find_colour = options.colour.is_none() && is_picture;
    let mut sizes = Vec::new();
    if find_colour || options.side.is_none() {
        for file in files {
            let Ok(picture) = read_picture(&file.path) else {
                continue;
            };
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
