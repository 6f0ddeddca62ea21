//! A known data set from its files, verified and split.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    DatasetError, FileRole, Idx, IdxError, ImageShape, KnownDataset, KnownFile, LabelledImages,
    Seed, archive,
    batches::permutation,
    idx::{open_maybe_gzipped, parse_idx},
};

/// How many of the 60,000 training images of MNIST and Fashion-MNIST are held out of training.
pub const HELD_OUT: usize = 5_000;

/// How many of the 18,000 training images of Avatars are held out of training.
const AVATARS_HELD_OUT: usize = 2_000;

/// The seed of the split into training and held-out images; the same for every data set and forever.
pub const SPLIT_SEED: Seed = Seed(20_261_122);

/// The three parts of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splits {
    /// Images to train on.
    pub train: LabelledImages,
    /// Images that no model is trained on, though not test images either: for choices and calibration.
    pub held_out: LabelledImages,
    /// Test images, for measuring and nothing else.
    pub test: LabelledImages,
}

/// Reads all files of `dataset` from `dir`, from the folder in it that has the data set's [slug](KnownDataset::slug) for a name, or
/// from the one in it where torchvision keeps them (`MNIST/raw`).
///
/// Each file may be plain or gzipped, with or without `.gz` in its name, and may be spelled with a dot
/// (`train-images.idx3-ubyte`). Where several candidates are there, the first with the right checksum counts. The
/// training images are split by [`split_indices`] with [`SPLIT_SEED`]. Avatars has no files for testing: its test images
/// are the last 200 of each style. Its archive is ordered by style, so each part has the styles
/// [by turns](LabelledImages::by_turns).
///
/// # Errors
///
/// [`DatasetError::Missing`] if a file is not there, [`DatasetError::Checksum`], [`DatasetError::TooLarge`],
/// [`DatasetError::Idx`], [`DatasetError::NotAnImage`] or [`DatasetError::Read`] if none of its candidates is right.
pub fn load(dataset: KnownDataset, dir: &Path) -> Result<Splits, DatasetError> {
    if let Some(file) = dataset.file(FileRole::Archive) {
        let (whole, test) = load_archive(dataset, file, dir)?;
        let [train, held_out] = without_held_out(&whole, AVATARS_HELD_OUT);
        return Ok(Splits {
            train: train.by_turns(),
            held_out: held_out.by_turns(),
            test: test.by_turns(),
        });
    }
    // The small files first: what is wrong is told soon.
    let test = load_test(dataset, dir)?;
    let whole = load_pair(dataset, dir, FileRole::TrainImages, FileRole::TrainLabels)?;
    let [train, held_out] = without_held_out(&whole, HELD_OUT);
    Ok(Splits {
        train,
        held_out,
        test,
    })
}

/// The images to train on, and those that are held out.
fn without_held_out(whole: &LabelledImages, held_out: usize) -> [LabelledImages; 2] {
    let (train, held_out) = split_indices(whole.len(), held_out, SPLIT_SEED);
    [whole.subset(&train), whole.subset(&held_out)]
}

/// Reads only the test images of `dataset`; see [`load`] for where it looks.
///
/// # Errors
///
/// As [`load`], for the test files.
pub fn load_test(dataset: KnownDataset, dir: &Path) -> Result<LabelledImages, DatasetError> {
    match dataset.file(FileRole::Archive) {
        Some(file) => Ok(load_archive(dataset, file, dir)?.1.by_turns()),
        None => load_pair(dataset, dir, FileRole::TestImages, FileRole::TestLabels),
    }
}

/// Images for training and images for testing from an archive of pictures.
fn load_archive(
    dataset: KnownDataset,
    file: &KnownFile,
    dir: &Path,
) -> Result<(LabelledImages, LabelledImages), DatasetError> {
    let (path, bytes) = find_verified(dataset, file, dir)?;
    let images = archive::read(&path, &bytes, dataset.shape(), dataset.class_names())?;
    let (train, test) = archive::last_of_each_class(&images, archive::TEST_IMAGES_A_CLASS);
    Ok((images.subset(&train), images.subset(&test)))
}

/// Divides the positions `0..total` into those to train on and those to hold out.
///
/// The held-out ones are the first `held_out` (at most `total`) of a [`permutation`] of all positions by `seed`. Both
/// lists are ascending, and together they hold each position once. Classes are not balanced: among 5,000 of 60,000
/// drawn at random each class keeps its share to within a percentage point.
#[must_use]
pub fn split_indices(total: usize, held_out: usize, seed: Seed) -> (Vec<usize>, Vec<usize>) {
    let mut held = permutation(total, seed);
    let mut train = held.split_off(held_out.min(total));
    held.sort_unstable();
    train.sort_unstable();
    (train, held)
}

/// Reads a file of images and a file of labels that belong together, from any source.
///
/// # Errors
///
/// What [`crate::read_idx`] reports, [`DatasetError::Dimensions`] if the files are not `[n, height, width]` with sides of
/// an [`ImageShape`] and `[n]`, [`DatasetError::CountMismatch`] if their counts differ, and [`DatasetError::LabelRange`] for a label that is not
/// below `classes`.
pub fn load_idx_pair(
    images: &Path,
    labels: &Path,
    classes: usize,
) -> Result<LabelledImages, DatasetError> {
    let image_idx = crate::read_idx(images)?;
    let label_idx = crate::read_idx(labels)?;
    combine((images, image_idx), (labels, label_idx), classes)
}

fn load_pair(
    dataset: KnownDataset,
    dir: &Path,
    images: FileRole,
    labels: FileRole,
) -> Result<LabelledImages, DatasetError> {
    let read = |role| {
        let file = dataset
            .file(role)
            .expect("every data set has an archive or all four files");
        let (path, bytes) = find_verified(dataset, file, dir)?;
        match parse_idx(&bytes) {
            Ok(idx) => Ok((path, idx)),
            Err(source) => Err(DatasetError::Idx { path, source }),
        }
    };
    let (images_path, image_idx) = read(images)?;
    let (labels_path, label_idx) = read(labels)?;
    combine(
        (&images_path, image_idx),
        (&labels_path, label_idx),
        dataset.class_names().len(),
    )
}

fn combine(
    (images_path, images): (&Path, Idx),
    (labels_path, labels): (&Path, Idx),
    classes: usize,
) -> Result<LabelledImages, DatasetError> {
    let wrong = |path: &Path, idx: &Idx, expected: &str| DatasetError::Dimensions {
        path: path.to_owned(),
        found: idx.dims().to_vec(),
        expected: expected.to_owned(),
    };
    let (image_count, shape) = match *images.dims() {
        [count, height, width] => (count, ImageShape::new(1, height, width)),
        [count, channels, height, width] => (count, ImageShape::new(channels, height, width)),
        _ => {
            let expected = "[images, height, width] or [images, channels, height, width]";
            return Err(wrong(images_path, &images, expected));
        }
    };
    let shape = shape.map_err(|_| {
        wrong(
            images_path,
            &images,
            "1 or 3 channels and 8 to 128 pixels a side",
        )
    })?;
    let &[label_count] = labels.dims() else {
        return Err(wrong(labels_path, &labels, "[n] for labels"));
    };
    if image_count != label_count {
        return Err(DatasetError::CountMismatch {
            images_path: images_path.to_owned(),
            labels_path: labels_path.to_owned(),
            images: image_count,
            labels: label_count,
        });
    }
    let labels = labels.into_data().into_iter().map(u16::from).collect();
    LabelledImages::new(shape, images.into_data(), labels, classes)
}

/// The first candidate for `file` with the right contents, and its decompressed bytes.
fn find_verified(
    dataset: KnownDataset,
    file: &KnownFile,
    dir: &Path,
) -> Result<(PathBuf, Vec<u8>), DatasetError> {
    let mut first_error = None;
    let raw = dir.join(dataset.torchvision_folder());
    for path in candidates(file.name, &[&dir.join(dataset.slug()), dir, &raw]) {
        match read_verified(&path, file.bytes, file.sha256) {
            Ok(bytes) => return Ok((path, bytes)),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    Err(first_error.unwrap_or_else(|| DatasetError::Missing {
        dataset,
        file: file.name.to_owned(),
        dir: dir.to_owned(),
    }))
}

/// Whether every file of a data set is in `dir` or its folders, as [`load`] looks for them. Their contents are not looked at.
#[must_use]
pub fn has_files(dataset: KnownDataset, dir: &Path) -> bool {
    let own = [
        dir.to_owned(),
        dir.join(dataset.slug()),
        dir.join(dataset.torchvision_folder()),
    ];
    let dirs: Vec<&Path> = own.iter().map(PathBuf::as_path).collect();
    let mut files = dataset.files().iter();
    files.all(|file| !candidates(file.name, &dirs).is_empty())
}

/// The files in `dirs` that may be the file `name`: as it is, with `.gz`, and either with the dot that some
/// distributions put into the name.
pub(crate) fn candidates(name: &str, dirs: &[&Path]) -> Vec<PathBuf> {
    let dotted = name.replacen("-idx", ".idx", 1);
    let names = [name, &dotted]
        .into_iter()
        .flat_map(|n| [n.to_owned(), format!("{n}.gz")]);
    let names: Vec<String> = names.collect();
    let paths = dirs
        .iter()
        .flat_map(|dir| names.iter().map(move |name| dir.join(name)));
    paths.filter(|path| path.is_file()).collect()
}

/// Reads a plain or gzipped file that must hold `bytes` decompressed bytes with the checksum `sha256`.
pub(crate) fn read_verified(
    path: &Path,
    bytes: usize,
    sha256: &str,
) -> Result<Vec<u8>, DatasetError> {
    let contents = read_bounded(path, bytes)?;
    let actual = files::sha256_hex(&contents);
    if actual == sha256 {
        return Ok(contents);
    }
    Err(DatasetError::Checksum {
        path: path.to_owned(),
        expected: sha256.to_owned(),
        hint: recognise(&actual),
        actual,
    })
}

/// Reads a plain or gzipped file of at most `limit` decompressed bytes.
fn read_bounded(path: &Path, limit: usize) -> Result<Vec<u8>, DatasetError> {
    let reader = open_maybe_gzipped(path)?;
    let mut contents = Vec::new();
    let read = reader.take(limit as u64 + 1).read_to_end(&mut contents);
    read.map_err(|source| unreadable(path, source))?;
    if contents.len() > limit {
        return Err(DatasetError::TooLarge {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(contents)
}

/// A damaged gzip stream is a fault of the contents, anything else one of the system.
fn unreadable(path: &Path, source: io::Error) -> DatasetError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            DatasetError::Idx {
                path,
                source: IdxError::Read(source),
            }
        }
        _ => DatasetError::Read { path, source },
    }
}

/// Says which other known file has this checksum, if one has.
fn recognise(sha256: &str) -> String {
    for dataset in KnownDataset::ALL {
        if let Some(file) = dataset.files().iter().find(|file| file.sha256 == sha256) {
            return format!(" (it is {} of {})", file.name, dataset.title());
        }
    }
    String::new()
}
