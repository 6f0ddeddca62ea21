//! The error of this crate.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use crate::{IdxError, ImageShape, KnownDataset, MAX_CLASSES};

/// Why images could not be read, fetched or converted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// A name that is no data set's.
    #[error("unknown data set `{given}`; choose one of {}", slugs())]
    UnknownDataset {
        /// The name that was given.
        given: String,
    },
    /// A file of a data set is not where it was looked for.
    #[error(
        "no {file} of {dataset} (plain or .gz) in {dir} or {dir}/{slug}; {fetch_it}, or name the folder that holds it",
        dataset = .dataset.title(), slug = .dataset.slug(), dir = .dir.display(), fetch_it = .dataset.fetch_it()
    )]
    Missing {
        /// The data set that was asked for.
        dataset: KnownDataset,
        /// The file's name without `.gz`.
        file: String,
        /// The folder that was searched.
        dir: PathBuf,
    },
    /// The folder to copy from lacks a file.
    #[error(
        "no {file} (plain or .gz) in {}; `--from` takes a folder that holds every file of the data set, or the file itself \
         if there is only one",
        .dir.display()
    )]
    MissingSource {
        /// The file's name without `.gz`.
        file: String,
        /// The folder that was searched.
        dir: PathBuf,
    },
    /// A file or folder could not be read.
    #[error("cannot read {}: {source}; {}", .path.display(), reading(source))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {}: {source}; choose a folder that you may write to and that has room", .path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is not a whole IDX file of bytes.
    #[error("{}: {source}; take the file again from where it came", .path.display())]
    Idx {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: IdxError,
    },
    /// A file decompresses to more than it may.
    #[error(
        "{} holds more than the {limit} bytes that belong in it, so reading stopped; fetch the file again",
        .path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How many decompressed bytes were allowed.
        limit: usize,
    },
    /// A file's contents are not the expected ones.
    #[error(
        "{}: SHA-256 of the contents is {actual}{hint} instead of {expected}; {}",
        .path.display(), if hint.is_empty() { "name another folder, or fetch the file again" } else {
            "each data set has a folder of its own: name that of the data set that you mean"
        }
    )]
    Checksum {
        /// The file.
        path: PathBuf,
        /// The checksum that it should have.
        expected: String,
        /// The checksum that it has.
        actual: String,
        /// What the file is instead, where that is known.
        hint: String,
    },
    /// An IDX file has dimensions that do not fit its role.
    #[error("{}: dimensions {found:?} instead of {expected}; is this the right file?", .path.display())]
    Dimensions {
        /// The file.
        path: PathBuf,
        /// The dimensions in the file.
        found: Vec<usize>,
        /// The dimensions that were expected, in words.
        expected: String,
    },
    /// A file of images and its file of labels hold different numbers of items.
    #[error(
        "{} holds {images} images but {} holds {labels} labels; take both files from the same data set",
        .images_path.display(), .labels_path.display()
    )]
    CountMismatch {
        /// The file of images.
        images_path: PathBuf,
        /// The file of labels.
        labels_path: PathBuf,
        /// How many images there are.
        images: usize,
        /// How many labels there are.
        labels: usize,
    },
    /// A shape that images cannot have.
    #[error(
        "images of {channels}x{height}x{width} (channels, height, width) cannot be used; 1 or 3 channels and {min} to {max} \
         pixels a side can",
        min = ImageShape::MIN_SIDE, max = ImageShape::MAX_SIDE
    )]
    Shape {
        /// The number of channels.
        channels: usize,
        /// The rows of pixels.
        height: usize,
        /// The columns of pixels.
        width: usize,
    },
    /// Values that are no image.
    #[error("an image of {shape} has {} values from 0 to 1, and these are {values}, or others", .shape.values())]
    ImageValues {
        /// The shape of the image.
        shape: ImageShape,
        /// How many values there are.
        values: usize,
    },
    /// Pixels and labels in memory do not belong together.
    #[error("{pixels} values are not {labels} images of {shape}; pass {} values for each label", .shape.values())]
    PixelCount {
        /// How many values there are.
        pixels: usize,
        /// How many labels there are.
        labels: usize,
        /// The shape of each image.
        shape: ImageShape,
    },
    /// Images that cannot stand in one list.
    #[error(
        "images of {} and of {} cannot be joined (labelled: {} and {}); their shapes must be the same, and both must have \
         labels or none",
        .shapes[0], .shapes[1], .labelled[0], .labelled[1]
    )]
    Mixed {
        /// The shapes of both.
        shapes: [ImageShape; 2],
        /// Whether they have labels.
        labelled: [bool; 2],
    },
    /// More classes than are told apart, or none where there are labels.
    #[error("{classes} classes cannot be used; images with labels have 1 to {MAX_CLASSES}")]
    ClassCount {
        /// The number of classes.
        classes: usize,
    },
    /// What a data set says of itself cannot be.
    #[error(
        "the description of the data set '{name}' cannot be used: {problem}; name another data set or model"
    )]
    Info {
        /// The data set.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// A change to training images that leaves none of them, or that is none.
    #[error(
        "the augmentation of the training images cannot be used: {field} is {value}, so choose a number from 0 to {most}"
    )]
    Augmentation {
        /// The setting concerned.
        field: &'static str,
        /// Its value.
        value: f32,
        /// The largest value that it may have.
        most: f32,
    },
    /// A label is outside the classes.
    #[error(
        "label {label} of item {index} is not below {classes}, the number of classes; are these the right labels?"
    )]
    LabelRange {
        /// The position of the first such label.
        index: usize,
        /// The label.
        label: u16,
        /// The number of classes.
        classes: usize,
    },
    /// No mirror gave a file.
    #[error(
        "could not download {file}:{}\ncheck the network and try again (a download goes on where it stopped), or put \
         the files into a folder yourself and pass it with `--from DIR`",
        tried(.attempts)
    )]
    Download {
        /// The file's name.
        file: String,
        /// What happened at each mirror, in order.
        attempts: Vec<MirrorFailure>,
    },
    /// The caller stopped the work.
    #[error("cancelled; what was downloaded so far is kept, and fetching again goes on from there")]
    Cancelled,
    /// A file is no image, or a damaged one.
    #[error("cannot read {} as an image: {source}; PNG, JPEG, BMP, GIF and WebP work", .path.display())]
    NotAnImage {
        /// The file.
        path: PathBuf,
        /// The decoder's reason.
        source: image::ImageError,
    },
    /// A picture's file ends before the picture does.
    #[error(
        "{} broke off: the file ends before the picture does; copy or download it again",
        .path.display()
    )]
    BrokenOff {
        /// The file.
        path: PathBuf,
    },
    /// An image has more pixels than are worth decoding.
    #[error(
        "{} is {width}x{height} pixels; at most {max_side} a side and {max_megapixels} megapixels in all are read, so \
         scale it down first",
        .path.display(), max_side = crate::MAX_IMAGE_SIDE, max_megapixels = crate::MAX_IMAGE_PIXELS / 1_000_000
    )]
    ImageTooLarge {
        /// The file.
        path: PathBuf,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// An image is the same grey all over.
    #[error(
        "nothing is drawn in {place}: every pixel has the same brightness; choose a picture with a dark or light shape"
    )]
    NothingDrawn {
        /// The file, or a description of where the image came from.
        place: String,
    },
    /// A person's own adjustments leave nothing of a picture.
    #[error(
        "nothing is left of {place} with this crop, inversion, threshold and object; take a larger crop, a lower threshold, or leave \
         them to the program"
    )]
    NothingLeft {
        /// The file, or a description of where the image came from.
        place: String,
    },
    /// A crop has nothing in common with its picture.
    #[error(
        "the crop at {},{} of {}x{} pixels has nothing in common with {place}, which is {width}x{height} pixels once it is turned; choose \
         one inside of it",
        .crop.left, .crop.top, .crop.width, .crop.height
    )]
    CropOutside {
        /// The file, or a description of where the image came from.
        place: String,
        /// The crop.
        crop: crate::Region,
        /// The turned picture's width in pixels.
        width: u32,
        /// The turned picture's height in pixels.
        height: u32,
    },
    /// A picture has fewer objects than the number of the chosen one.
    #[error(
        "there is no object {} in {place}: {count} can be told apart; choose a lower number, or crop the picture to the object",
        .object + 1
    )]
    NoSuchObject {
        /// The file, or a description of where the image came from.
        place: String,
        /// Which one was chosen, counted from 0.
        object: usize,
        /// How many there are; 0 if the picture is taken as a whole.
        count: usize,
    },
    /// A file of an array cannot be used.
    #[error("{}: {problem}; write the file again, or leave it out", .path.display())]
    ArrayFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A folder's arrays are no data set.
    #[error(
        "{}: {problem}; put arrays of images there (IDX, NumPy's .npy or .npz, or CIFAR's .bin), each with as many labels or none with any",
        .path.display()
    )]
    Arrays {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Pictures of a folder cannot be read.
    #[error(
        "{} pictures in {} cannot be read:{}\nrepair them, or leave them out",
        .reasons.len(), .path.display(), listed(.reasons)
    )]
    BrokenPictures {
        /// The folder.
        path: PathBuf,
        /// Why, for each of them.
        reasons: Vec<String>,
    },
    /// A table of labels cannot be understood.
    #[error("{}, line {line}: {problem}; {remedy}", .path.display())]
    Table {
        /// The table.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong there.
        problem: String,
        /// What to do about it.
        remedy: String,
    },
    /// A table of labels and the pictures of a folder do not belong together.
    #[error(
        "{} and the pictures in {} do not belong together: {}\ncorrect the table, or leave out what has no counterpart",
        .table.display(), .dir.display(), unmatched(.rows, .pictures)
    )]
    Unmatched {
        /// The table.
        table: PathBuf,
        /// The folder.
        dir: PathBuf,
        /// Each row without a picture: its line, and what it calls the picture.
        rows: Vec<String>,
        /// Each picture without a label, below the folder.
        pictures: Vec<String>,
    },
    /// A part of `CelebA` is not where it belongs.
    #[error(
        "{missing} is not in {}; put img_align_celeba (the folder of pictures), list_attr_celeba.txt and list_eval_partition.txt side by \
         side there, as CelebA is handed out",
        .path.display()
    )]
    CelebA {
        /// The folder that was looked into.
        path: PathBuf,
        /// What is missing.
        missing: &'static str,
    },
    /// The file of prepared images can no longer be read.
    #[error(
        "cannot read the prepared images in {}: {source}; give the same command again, and they are prepared anew",
        .path.display()
    )]
    PreparedImages {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A folder of classes has a shape that cannot be read.
    #[error("{}: {problem}; put one folder a class there, with that class's images in it", .path.display())]
    Folder {
        /// The folder or the entry in it.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl DatasetError {
    /// What was said of a picture, said of the file that it came from.
    pub(crate) fn in_file(mut self, path: &Path) -> Self {
        if let Self::NothingDrawn { place }
        | Self::NothingLeft { place }
        | Self::CropOutside { place, .. }
        | Self::NoSuchObject { place, .. } = &mut self
        {
            *place = path.display().to_string();
        }
        self
    }
}

/// What happened when one mirror was asked for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirrorFailure {
    /// The address that was asked.
    pub url: String,
    /// Why the file did not come from there.
    pub reason: String,
}

impl fmt::Display for MirrorFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.url, self.reason)
    }
}

fn tried(attempts: &[MirrorFailure]) -> String {
    if attempts.is_empty() {
        return " no mirror is known".to_owned();
    }
    attempts.iter().fold(String::new(), |list, attempt| {
        list + "\n  " + &attempt.to_string()
    })
}

/// What to do about a file that cannot be read, for this reason.
fn reading(reason: &io::Error) -> &'static str {
    match reason.kind() {
        io::ErrorKind::FileTooLarge => "is it the file that you meant?",
        io::ErrorKind::IsADirectory | io::ErrorKind::InvalidInput => "name a file",
        io::ErrorKind::InvalidData => "save it as text in UTF-8",
        _ => "check that it exists and that you may read it",
    }
}

/// At most so many broken pictures are listed, and so many of what has no counterpart.
const LISTED: usize = 50;
const FIRST: usize = 5;

/// What has no counterpart, with the first of each list.
fn unmatched(rows: &[String], pictures: &[String]) -> String {
    let part = |list: &[String], what: &str| {
        let first = list[..list.len().min(FIRST)].join(", ");
        let others = if list.len() > FIRST {
            " and others"
        } else {
            ""
        };
        (!list.is_empty()).then(|| format!("{} {what} ({first}{others})", list.len()))
    };
    let parts = [
        part(rows, "rows have no picture"),
        part(pictures, "pictures have no label"),
    ];
    parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", and ")
}

fn listed(reasons: &[String]) -> String {
    let rest = reasons.len().saturating_sub(LISTED);
    let more = (rest > 0).then(|| format!("and {rest} more"));
    let lines = reasons.iter().take(LISTED).chain(&more);
    lines.fold(String::new(), |text, line| text + "\n  " + line)
}

fn slugs() -> String {
    KnownDataset::ALL.map(KnownDataset::slug).join(", ")
}
