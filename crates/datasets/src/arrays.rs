//! Data sets that are stored as arrays: IDX files of any name, CIFAR's binary files, `NumPy`'s `.npy` and `.npz`.
//!
//! What a file holds is told by its contents and its dimensions. Names only tell which images are for testing (`test` or `t10k`),
//! and which labels belong to which images. Everything that was decided so is put into words for the person to check.

mod array;
mod cifar;
mod find;
mod idx_file;
mod names;
mod npy;
mod numbers;

use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, RgbImage};

use crate::{
    DatasetError, Fit, ImageShape, LabelledImages, MAX_CLASSES,
    limit::{limited, proportional_shares},
    user_image::picture_planes,
};
use array::{Array, Layout};

pub(crate) use find::files;

/// How stored arrays become images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArrayOptions {
    /// Sides of the images, in pixels; `None` for the size in which they are stored.
    pub side: Option<usize>,
}

/// Images from arrays, and what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrayDataset {
    /// What the classes are called, in class order; none if there are no labels.
    pub class_names: Vec<String>,
    /// The images, but for those for testing.
    pub train: LabelledImages,
    /// The images for testing, if there are files of them.
    pub test: Option<LabelledImages>,
    /// What was read and how it was understood, a sentence each.
    pub notes: Vec<String>,
}

impl ArrayDataset {
    /// How many images there are in all.
    pub(crate) fn len(&self) -> usize {
        self.train.len() + self.test.as_ref().map_or(0, LabelledImages::len)
    }

    /// At most so many images: both parts keep their share, and in each every class has as many as any other, see [`crate::balanced`].
    #[must_use]
    pub fn limited(self, limit: Option<usize>) -> Self {
        let Some(limit) = limit else {
            return self;
        };
        let sizes = [
            self.train.len(),
            self.test.as_ref().map_or(0, LabelledImages::len),
        ];
        let [train, test] = proportional_shares(sizes, limit);
        Self {
            train: limited(&self.train, train),
            test: self.test.map(|images| limited(&images, test)),
            ..self
        }
    }
}

/// Reads every array in a folder and in folders inside it.
///
/// Without labels, several arrays of images are a class each, as Quick, Draw! comes; one alone has no classes. Labels need not
/// begin at 0 nor be without gaps: they are numbered anew in their order, and keep their number as a name unless a list of names
/// (CIFAR's `batches.meta.txt` and `fine_label_names.txt`, EMNIST's mapping) lies beside them.
///
/// # Errors
///
/// [`DatasetError::Arrays`] if there are none, or labels are missing or more than the images, [`DatasetError::ArrayFile`],
/// [`DatasetError::Idx`] or [`DatasetError::Read`] for a file that cannot be read, [`DatasetError::Shape`] for a size that images
/// cannot have, [`DatasetError::Mixed`] for several sizes, and [`DatasetError::ClassCount`] for too many classes.
pub fn load_arrays(dir: &Path, options: ArrayOptions) -> Result<ArrayDataset, DatasetError> {
    let files = files(dir)?;
    let arrays: Vec<Vec<Array>> = files
        .iter()
        .map(|path| find::read(path))
        .collect::<Result<_, _>>()?;
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    for array in arrays.into_iter().flatten() {
        match (array.labels(), array.layout()) {
            (Some(values), _) => labels.push((array, values)),
            (None, Some(layout)) => images.push((array, layout)),
            (None, None) => (),
        }
    }
    if images.is_empty() {
        return Err(wrong(dir, "there are no arrays of images there"));
    }
    let paired = pair(dir, images, labels)?;
    let class_names = names::of_classes(&paired, &files);
    if class_names.len() > MAX_CLASSES {
        return Err(DatasetError::ClassCount {
            classes: class_names.len(),
        });
    }
    joined(dir, paired, class_names, options)
}

/// An array of images with its labels.
struct Part {
    array: Array,
    layout: Layout,
    labels: Labels,
}

enum Labels {
    None,
    /// All images of the array are of one class, called like it.
    One(String),
    /// The labels as they are stored, and the file that they are from.
    Each(Vec<u32>, PathBuf),
}

fn wrong(dir: &Path, problem: &str) -> DatasetError {
    DatasetError::Arrays {
        path: dir.to_owned(),
        problem: problem.to_owned(),
    }
}

/// Whether an array is for testing.
fn is_test(name: &str) -> bool {
    let mut words = name.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| word.starts_with("test") || word == "t10k")
}

/// Gives each array of images its labels: of those with the same purpose and number of items, the one with the most alike name.
fn pair(
    dir: &Path,
    images: Vec<(Array, Layout)>,
    labels: Vec<(Array, Vec<u32>)>,
) -> Result<Vec<Part>, DatasetError> {
    let alone = images.len() == 1;
    let unlabelled = labels.is_empty();
    let mut labels: Vec<Option<(Array, Vec<u32>)>> = labels.into_iter().map(Some).collect();
    let mut parts = Vec::new();
    for (array, layout) in images {
        let fits = |other: &Array, values: &[u32]| {
            values.len() == layout.images && is_test(&other.name) == is_test(&array.name)
        };
        let found = labels.iter_mut().filter(|slot| {
            slot.as_ref()
                .is_some_and(|(other, values)| fits(other, values))
        });
        let best = found.max_by_key(|slot| {
            slot.as_ref()
                .map_or(0, |(other, _)| alike(&other.name, &array.name))
        });
        let labels = match best.and_then(Option::take) {
            Some((other, values)) => Labels::Each(values, other.path),
            None if !unlabelled => {
                let (path, images) = (array.path.display(), layout.images);
                let problem = format!("no labels for the {images} images of {path} are among them");
                return Err(wrong(dir, &problem));
            }
            None if alone => Labels::None,
            None => Labels::One(names::of_file(&array.path)),
        };
        parts.push(Part {
            array,
            layout,
            labels,
        });
    }
    Ok(parts)
}

/// How many letters two names have in common at their beginnings and ends.
fn alike(a: &str, b: &str) -> usize {
    let same = |(a, b): &(char, char)| a == b;
    let front = a.chars().zip(b.chars()).take_while(same).count();
    front
        + a.chars()
            .rev()
            .zip(b.chars().rev())
            .take_while(same)
            .count()
}

fn joined(
    dir: &Path,
    parts: Vec<Part>,
    class_names: Vec<String>,
    options: ArrayOptions,
) -> Result<ArrayDataset, DatasetError> {
    let (mut train, mut test): (Option<LabelledImages>, Option<LabelledImages>) = (None, None);
    let numbers = names::numbers(&parts);
    let mut notes = Vec::new();
    for part in parts {
        let for_testing = is_test(&part.array.name);
        notes.push(note(&part, for_testing));
        let images = read_part(part, &class_names, &numbers, options, &mut notes)?;
        let whole = if for_testing { &mut test } else { &mut train };
        *whole = Some(match whole.take() {
            Some(whole) => whole.concat(&images)?,
            None => images,
        });
    }
    let (train, test) = match (train, test) {
        (Some(train), test) => (train, test),
        (None, Some(test)) => {
            notes.push("there are only images for testing, so they are split".to_owned());
            (test, None)
        }
        (None, None) => return Err(wrong(dir, "there are no arrays of images there")),
    };
    if let Some(first) = numbers.first().filter(|first| **first > 0) {
        notes.push(format!(
            "labels begin at {first}: the first class is called so"
        ));
    }
    Ok(ArrayDataset {
        class_names,
        train,
        test,
        notes,
    })
}

fn note(part: &Part, for_testing: bool) -> String {
    let Layout {
        images,
        channels,
        height,
        width,
        ..
    } = part.layout;
    let name = |path: &Path| {
        path.file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned()
    };
    let purpose = if for_testing { " for testing" } else { "" };
    let labels = match &part.labels {
        Labels::None => "without labels".to_owned(),
        Labels::One(class) => format!("all of them '{class}'"),
        Labels::Each(_, path) if *path == part.array.path => {
            "with labels in the same file".to_owned()
        }
        Labels::Each(_, path) => format!("with labels from {}", name(path)),
    };
    let file = name(&part.array.path);
    format!("{file}: {images} images of {channels}x{height}x{width}{purpose}, {labels}")
}

fn read_part(
    part: Part,
    class_names: &[String],
    numbers: &[u32],
    options: ArrayOptions,
    notes: &mut Vec<String>,
) -> Result<LabelledImages, DatasetError> {
    let Part {
        array,
        mut layout,
        labels,
    } = part;
    let transposed = names::is_emnist(&array.path);
    let mut pixels = array.into_pixels(layout)?;
    if transposed {
        notes.push(
            "rows and columns change places: EMNIST stores its images on their side".to_owned(),
        );
        pixels = transpose(&pixels, layout);
        (layout.height, layout.width) = (layout.width, layout.height);
    }
    let shape = match options.side {
        Some(side) => ImageShape::new(layout.channels, side, side)?,
        None => ImageShape::new(layout.channels, layout.height, layout.width)?,
    };
    let pixels = resized(pixels, layout, shape);
    let class_of = |label: &u32| numbers.binary_search(label).unwrap_or(0) as u16;
    let labels: Vec<u16> = match &labels {
        Labels::None => return LabelledImages::unlabelled(shape, pixels),
        Labels::One(class) => {
            let number = class_names.iter().position(|name| name == class);
            vec![number.unwrap_or(0) as u16; layout.images]
        }
        Labels::Each(values, _) => values.iter().map(class_of).collect(),
    };
    LabelledImages::new(shape, pixels, labels, class_names.len())
}

/// Changes rows and columns of each plane.
fn transpose(pixels: &[u8], layout: Layout) -> Vec<u8> {
    let Layout { height, width, .. } = layout;
    let planes = pixels.chunks_exact(height * width);
    let turned = planes.flat_map(|plane| {
        (0..width).flat_map(move |x| (0..height).map(move |y| plane[y * width + x]))
    });
    turned.collect()
}

/// The images in another size.
fn resized(pixels: Vec<u8>, layout: Layout, shape: ImageShape) -> Vec<u8> {
    if (layout.height, layout.width) == (shape.height(), shape.width()) {
        return pixels;
    }
    let (width, height) = (layout.width as u32, layout.height as u32);
    let plane = layout.height * layout.width;
    let picture = |image: &[u8]| -> Option<DynamicImage> {
        if layout.channels == 1 {
            return GrayImage::from_raw(width, height, image.to_vec()).map(Into::into);
        }
        let colours =
            (0..plane).flat_map(|at| [image[at], image[plane + at], image[2 * plane + at]]);
        RgbImage::from_raw(width, height, colours.collect()).map(Into::into)
    };
    let images = pixels
        .chunks_exact(plane * layout.channels)
        .filter_map(picture);
    images
        .flat_map(|image| picture_planes(&image, Fit::Stretch, shape))
        .collect()
}
