//! Pictures as a data set: in a folder with one sub-folder a class, in one with a table of labels, or without classes.

mod order;
mod prepare;
pub mod scan;
mod survey;
mod walk;

use std::path::{Path, PathBuf};

use crate::{
    Cache, DataFormat, DataSource, DatasetError, Fit, ImageShape, LabelledImages, Preparation,
    labels::labelled_pictures,
    limit::{balanced, proportional_shares},
    pixels::Pixels,
};
use prepare::{PreparedPictures, Wanted, prepared};
use scan::{Part, PictureFile, Scan};

pub(crate) use order::natural;

/// How the pictures of a folder become images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderOptions {
    /// The shape of the images, if it is settled: then [`Self::side`] and [`Self::colour`] are not looked at.
    pub shape: Option<ImageShape>,
    /// Sides of the images, in pixels; `None` for the size of the pictures if all have the same and it can be used, and
    /// 64 otherwise.
    pub side: Option<usize>,
    /// Whether images keep colours; `None` if any picture has one.
    pub colour: Option<bool>,
    /// What is done to each picture. All but [`Preparation::Picture`] give grey images.
    pub preparation: Preparation,
    /// Which pictures are taken, and what tells their classes.
    pub source: DataSource,
    /// Where prepared pictures are kept; without it they are prepared each time, and take memory.
    pub cache: Option<Cache>,
}

impl Default for FolderOptions {
    fn default() -> Self {
        Self {
            shape: None,
            side: None,
            colour: None,
            preparation: Preparation::Picture {
                fit: Fit::default(),
            },
            source: DataSource::all(DataFormat::Pictures),
            cache: None,
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

/// Images of pictures, and what their classes are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderDataset {
    /// What the classes are called, by class number: the sub-folders' names, or what a table says; none without classes.
    pub class_names: Vec<String>,
    /// The images, ordered by class and then by file name; those for testing and those that are held out are not among them.
    pub images: LabelledImages,
    /// The images that are held out of training, if the data set itself says which.
    pub held_out: Option<LabelledImages>,
    /// The images for testing, if the folder or the data set itself says which.
    pub test: Option<LabelledImages>,
    /// How they were prepared.
    pub preparation: Preparation,
    /// How many files were passed over, because they are no pictures.
    pub passed_over: usize,
    /// The pictures that were left out.
    pub broken: Vec<BrokenPicture>,
    /// What the person should know besides, a sentence each.
    pub notes: Vec<String>,
}

/// Reads every picture in the sub-folders of `dir`, or in `dir` itself if no sub-folder has one; or those in a table of labels.
///
/// Each sub-folder is a class, also with folders in it, and they are numbered in natural order: 1, 2, 10. See [`scan()`](scan::scan) for
/// what is passed over, and for folders called `train` and `test`.
///
/// With a cache the images stay in a file of it and are read when they are needed: any number of pictures then takes little memory. What was
/// prepared before is used again.
///
/// # Errors
///
/// As [`scan()`](scan::scan), and for tables [`DatasetError::Table`], [`DatasetError::Unmatched`] and [`DatasetError::CelebA`];
/// [`DatasetError::BrokenPictures`] with all pictures that cannot be read, unless they are to be left out; [`DatasetError::Folder`] if a
/// class has none but such; and [`DatasetError::Shape`] for a size that images cannot have. That the cache cannot be used is a note.
pub fn load_folder(dir: &Path, options: &FolderOptions) -> Result<FolderDataset, DatasetError> {
    let mut found = labelled_pictures(dir, &options.source)?;
    if let Some(limit) = options.source.limit {
        found.files = limited_files(found.files, limit);
    }
    let wanted = Wanted {
        shape: options.shape,
        side: options.side,
        colour: options.colour,
        preparation: options.preparation,
    };
    let prepared = prepared(&found.files, wanted, options.cache.as_ref())?;
    if !prepared.broken.is_empty() && !options.source.skip_broken {
        return Err(DatasetError::BrokenPictures {
            path: dir.to_owned(),
            reasons: prepared.broken.into_values().collect(),
        });
    }
    let limit = options.source.limit;
    dataset(dir, found, prepared, options.preparation, limit)
}

/// At most so many of some pictures: each part keeps its share, and in it every class has as many as any other, see [`balanced`].
fn limited_files(files: Vec<PictureFile>, limit: usize) -> Vec<PictureFile> {
    let of_part = |part: Part| {
        (0..files.len())
            .filter(|&at| files[at].part == part)
            .collect()
    };
    let parts: [Vec<usize>; 3] = Part::ALL.map(of_part);
    let sizes = [0, 1, 2].map(|part: usize| parts[part].len());
    let mut is_chosen = vec![false; files.len()];
    for (members, share) in parts.iter().zip(proportional_shares(sizes, limit)) {
        let classes: Vec<u16> = members
            .iter()
            .map(|&at| files[at].class.unwrap_or(0))
            .collect();
        for at in balanced(&classes, share) {
            is_chosen[members[at]] = true;
        }
    }
    let chosen = files
        .into_iter()
        .zip(is_chosen)
        .filter(|(_, is_chosen)| *is_chosen);
    chosen.map(|(file, _)| file).collect()
}

/// Divides the images into the parts that they are for.
fn dataset(
    dir: &Path,
    found: Scan,
    prepared: PreparedPictures,
    preparation: Preparation,
    limit: Option<usize>,
) -> Result<FolderDataset, DatasetError> {
    let PreparedPictures {
        shape,
        pixels,
        broken,
        whole,
        mut notes,
    } = prepared;
    let sound = found.files.iter().enumerate();
    let sound: Vec<&PictureFile> = sound
        .filter(|(at, _)| !broken.contains_key(at))
        .map(|(_, file)| file)
        .collect();
    let classes = found.class_names.len();
    let mut has_any = vec![false; classes];
    for file in sound.iter().filter(|file| file.part == Part::Train) {
        if let Some(class) = file.class {
            has_any[usize::from(class)] = true;
        }
    }
    if let Some(class) = has_any.iter().position(|has| !has) {
        let name = &found.class_names[class];
        let problem = match limit {
            Some(limit) => format!(
                "a limit of {limit} leaves no picture to train on in the class '{name}', so raise it"
            ),
            None => format!("there is no picture to train on in the class '{name}'"),
        };
        return Err(walk::wrong(dir, &problem));
    }
    if whole > 0 {
        let all = sound.len();
        notes.push(format!(
            "no object stands out from its background in {whole} of {all} pictures, which are taken whole"
        ));
    }
    notes.extend(found.notes);
    let part = |part: Part| part_of(&sound, &pixels, part, shape, classes);
    let held_out = part(Part::HeldOut)?;
    Ok(FolderDataset {
        images: part(Part::Train)?,
        held_out: (!held_out.is_empty()).then_some(held_out),
        test: found.has_test.then(|| part(Part::Test)).transpose()?,
        preparation,
        passed_over: found.passed_over,
        broken: broken
            .into_iter()
            .map(|(at, reason)| BrokenPicture {
                path: found.files[at].path.clone(),
                reason,
            })
            .collect(),
        notes,
        class_names: found.class_names,
    })
}

/// The images of a part of the pictures whose images are `pixels`.
fn part_of(
    files: &[&PictureFile],
    pixels: &Pixels,
    part: Part,
    shape: ImageShape,
    classes: usize,
) -> Result<LabelledImages, DatasetError> {
    let members: Vec<usize> = (0..files.len())
        .filter(|&at| files[at].part == part)
        .collect();
    let pixels = pixels.subset(&members, shape.values());
    if classes == 0 {
        return Ok(LabelledImages::without(shape, pixels));
    }
    let labels = members.iter().filter_map(|&at| files[at].class).collect();
    LabelledImages::with_labels(shape, pixels, labels, classes)
}
