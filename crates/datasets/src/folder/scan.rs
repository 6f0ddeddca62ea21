//! Which pictures are in a folder, and what its folders say of them: the class, and whether they are for training or for testing.
//!
//! Sub-folders are classes, in natural order; what lies deeper belongs to the class above. Folders called `train` and `test` hold the
//! classes of each part. See `walk` for what is passed over.

use std::path::{Path, PathBuf};

use super::{
    order::{by_name, natural},
    walk::{Walk, canonical, listing, name, without_wrapping, wrong},
};
use crate::{DatasetError, MAX_CLASSES};

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// To learn from: in a folder that is called `train`, or in no such folder.
    Train,
    /// For choices and calibration, and not to learn from: those that a data set's own list calls so.
    HeldOut,
    /// For measuring and nothing else: in a folder that is called `test`.
    Test,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Train, Self::HeldOut, Self::Test];
}

/// A file that is a picture by its first bytes, or by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// Where it is.
    pub path: PathBuf,
    /// The number of its class, if there are classes.
    pub class: Option<u16>,
    /// What it is for.
    pub part: Part,
}

/// The pictures of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The sub-folders' names in natural order; none if the pictures lie in the folder itself.
    pub class_names: Vec<String>,
    /// The pictures, by class and then by name.
    pub files: Vec<PictureFile>,
    /// Whether there is a folder of pictures for testing.
    pub has_test: bool,
    /// How many files were passed over, because they are no pictures.
    pub passed_over: usize,
    /// What was left out besides, a sentence each.
    pub notes: Vec<String>,
}

/// Finds the pictures in `dir`. No picture is decoded.
///
/// # Errors
///
/// [`DatasetError::Read`] if a folder cannot be listed, and [`DatasetError::Folder`] if there is no picture, a class has none, or there
/// are more than [`MAX_CLASSES`] classes.
pub fn scan(dir: &Path) -> Result<Scan, DatasetError> {
    let dir = without_wrapping(dir)?;
    let mut walk = Walk::default();
    let parts = parts_of(&dir)?;
    let mut found: Vec<(String, Part, Vec<PathBuf>)> = Vec::new();
    let mut loose = Vec::new();
    for (part, folder) in &parts {
        let listed = listing(folder)?;
        for class in &listed.folders {
            let mut files = Vec::new();
            walk.collect(
                class,
                &mut vec![canonical(&dir), canonical(class)],
                &mut files,
            )?;
            found.push((name(class), *part, files));
        }
        for file in walk.pictures(listed.files) {
            loose.push((*part, file));
        }
    }
    // A folder in which no picture is, such as one of notes, is no class, unless it is named like one of the other part.
    let names = class_names(&found);
    if names.is_empty() {
        return unlabelled(&dir, loose, walk.passed_over, &parts);
    }
    if names.len() > MAX_CLASSES {
        let count = names.len();
        let problem = format!(
            "{count} sub-folders with pictures are more than {MAX_CLASSES} classes, so join some of them"
        );
        return Err(wrong(&dir, &problem));
    }
    let mut files = Vec::new();
    for (class, part, paths) in found {
        let number = names
            .iter()
            .position(|name| *name == class)
            .map(|number| number as u16);
        let of_class = paths.into_iter().map(|path| PictureFile {
            path,
            class: number,
            part,
        });
        files.extend(of_class.filter(|file| file.class.is_some()));
    }
    in_order(&mut files);
    Ok(Scan {
        class_names: names,
        files,
        has_test: parts.iter().any(|(part, _)| *part == Part::Test),
        passed_over: walk.passed_over + loose.len(),
        notes: Vec::new(),
    })
}

fn unlabelled(
    dir: &Path,
    loose: Vec<(Part, PathBuf)>,
    passed_over: usize,
    parts: &[(Part, PathBuf)],
) -> Result<Scan, DatasetError> {
    if loose.is_empty() {
        return Err(wrong(dir, "there is no picture in it, nor in a sub-folder"));
    }
    let files = loose.into_iter().map(|(part, path)| PictureFile {
        path,
        class: None,
        part,
    });
    let mut files: Vec<PictureFile> = files.collect();
    in_order(&mut files);
    Ok(Scan {
        class_names: Vec::new(),
        files,
        has_test: parts.iter().any(|(part, _)| *part == Part::Test),
        passed_over,
        notes: Vec::new(),
    })
}

/// Finds every picture in `dir` and deeper, whatever folder it is in: for labels that stand elsewhere. None has a class.
pub(crate) fn all_pictures(dir: &Path) -> Result<Scan, DatasetError> {
    let mut walk = Walk::default();
    let parts = parts_of(dir)?;
    let mut loose = Vec::new();
    for (part, folder) in &parts {
        let mut paths = Vec::new();
        walk.collect(folder, &mut vec![canonical(folder)], &mut paths)?;
        loose.extend(paths.into_iter().map(|path| (*part, path)));
    }
    unlabelled(dir, loose, walk.passed_over, &parts)
}

/// Orders pictures by class, then by what they are for, and then by name.
pub(crate) fn in_order(files: &mut [PictureFile]) {
    files.sort_by(|a, b| {
        let places = (a.class, a.part).cmp(&(b.class, b.part));
        places.then_with(|| by_name(&a.path, &b.path))
    });
}

/// The names of all classes that have a picture, in natural order.
fn class_names(found: &[(String, Part, Vec<PathBuf>)]) -> Vec<String> {
    let with_pictures = found.iter().filter(|(_, _, files)| !files.is_empty());
    let mut names: Vec<String> = with_pictures.map(|(name, ..)| name.clone()).collect();
    names.sort_by(|a, b| natural(a, b));
    names.dedup();
    names
}

/// The folders of both parts, or the folder itself.
fn parts_of(dir: &Path) -> Result<Vec<(Part, PathBuf)>, DatasetError> {
    let folders = listing(dir)?.folders;
    let parts: Vec<(Part, PathBuf)> = folders
        .iter()
        .filter_map(|folder| Some((part_named(folder)?, folder.clone())))
        .collect();
    let has_train = parts.iter().any(|(part, _)| *part == Part::Train);
    if has_train && parts.len() == folders.len() {
        return Ok(parts);
    }
    Ok(vec![(Part::Train, dir.to_owned())])
}

pub(super) fn part_named(folder: &Path) -> Option<Part> {
    match name(folder).to_lowercase().as_str() {
        "train" | "training" | "val" | "valid" | "validation" => Some(Part::Train),
        "test" | "testing" => Some(Part::Test),
        _ => None,
    }
}
