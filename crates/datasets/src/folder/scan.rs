//! Which pictures are in a folder, whatever else a person or a program left there.
//!
//! Sub-folders are classes, in natural order; what lies deeper belongs to the class above. Folders called `train` and `test` hold the
//! classes of each part. What is no picture is passed over and counted: thumbnails and settings that desktops keep, archives'
//! leftovers, names that begin with a dot, text. A link to a folder is followed unless it leads back to where it is in.

use std::{
    cmp::Ordering,
    fs,
    path::{Path, PathBuf},
};

use crate::{DatasetError, MAX_CLASSES};

/// Names that are never pictures, in small letters.
const LEFTOVERS: [&str; 4] = ["thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db"];

/// How the names of pictures end, in small letters.
const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "jfif", "bmp", "gif", "webp"];

/// Folders inside folders that are looked into.
const DEEPEST: usize = 32;

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// In a folder that is called `train`, or in no such folder.
    Train,
    /// In a folder that is called `test`.
    Test,
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
    files.sort_by(|a, b| {
        (a.class, a.part)
            .cmp(&(b.class, b.part))
            .then_with(|| by_name(&a.path, &b.path))
    });
    Ok(Scan {
        class_names: names,
        files,
        has_test: parts.iter().any(|(part, _)| *part == Part::Test),
        passed_over: walk.passed_over + loose.len(),
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
    let mut files: Vec<PictureFile> = loose
        .into_iter()
        .map(|(part, path)| PictureFile {
            path,
            class: None,
            part,
        })
        .collect();
    files.sort_by(|a, b| a.part.cmp(&b.part).then_with(|| by_name(&a.path, &b.path)));
    Ok(Scan {
        class_names: Vec::new(),
        files,
        has_test: parts.iter().any(|(part, _)| *part == Part::Test),
        passed_over,
    })
}

/// The names of all classes that have a picture, in natural order.
fn class_names(found: &[(String, Part, Vec<PathBuf>)]) -> Vec<String> {
    let with_pictures = found.iter().filter(|(_, _, files)| !files.is_empty());
    let mut names: Vec<String> = with_pictures.map(|(name, ..)| name.clone()).collect();
    names.sort_by(|a, b| natural(a, b));
    names.dedup();
    names
}

/// The folder itself, or the only folder in it where that alone holds folders: archives unpack so.
fn without_wrapping(dir: &Path) -> Result<PathBuf, DatasetError> {
    let mut dir = dir.to_owned();
    for _ in 0..DEEPEST {
        let listed = listing(&dir)?;
        let [only] = listed.folders.as_slice() else {
            break;
        };
        let is_class = listing(only)?.folders.is_empty();
        if is_class
            || listed.files.iter().any(|file| is_picture(file))
            || part_named(only).is_some()
        {
            break;
        }
        dir.clone_from(only);
    }
    Ok(dir)
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

fn part_named(folder: &Path) -> Option<Part> {
    match name(folder).to_lowercase().as_str() {
        "train" | "training" | "val" | "valid" | "validation" => Some(Part::Train),
        "test" | "testing" => Some(Part::Test),
        _ => None,
    }
}

/// What is in a folder, without leftovers.
struct Listing {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

fn listing(dir: &Path) -> Result<Listing, DatasetError> {
    let failed = |source| DatasetError::Read {
        path: dir.to_owned(),
        source,
    };
    let mut listing = Listing {
        folders: Vec::new(),
        files: Vec::new(),
    };
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        let is_leftover = LEFTOVERS.contains(&name.to_string_lossy().to_lowercase().as_str());
        let path = entry.path();
        if path.is_dir() {
            if !is_hidden && !is_leftover {
                listing.folders.push(path);
            }
        } else {
            listing.files.push(path);
        }
    }
    listing.folders.sort_by(|a, b| by_name(a, b));
    listing.files.sort_by(|a, b| by_name(a, b));
    Ok(listing)
}

/// A walk through folders, and what it passed over.
#[derive(Default)]
struct Walk {
    passed_over: usize,
}

impl Walk {
    /// Collects the pictures in a folder and deeper. `above` are the folders that it is in, itself among them.
    fn collect(
        &mut self,
        dir: &Path,
        above: &mut Vec<PathBuf>,
        found: &mut Vec<PathBuf>,
    ) -> Result<(), DatasetError> {
        let listed = listing(dir)?;
        found.extend(self.pictures(listed.files));
        for folder in listed.folders {
            let real = canonical(&folder);
            if above.contains(&real) || above.len() > DEEPEST {
                self.passed_over += 1;
                continue;
            }
            above.push(real);
            self.collect(&folder, above, found)?;
            above.pop();
        }
        Ok(())
    }

    fn pictures(&mut self, files: Vec<PathBuf>) -> Vec<PathBuf> {
        let all = files.len();
        let pictures: Vec<PathBuf> = files.into_iter().filter(|path| is_picture(path)).collect();
        self.passed_over += all - pictures.len();
        pictures
    }
}

/// Whether a file is a picture by its first bytes, or is called like one.
fn is_picture(path: &Path) -> bool {
    let Some(name) = path.file_name() else {
        return false;
    };
    let lower = name.to_string_lossy().to_lowercase();
    if name.as_encoded_bytes().starts_with(b".") || LEFTOVERS.contains(&lower.as_str()) {
        return false;
    }
    let ending = path
        .extension()
        .map(|end| end.to_string_lossy().to_lowercase());
    if ending.is_some_and(|end| ENDINGS.contains(&end.as_str())) {
        return true;
    }
    let start = files::read_start(path, 16);
    start
        .is_ok_and(|start| image::guess_format(&start).is_ok_and(|format| format.reading_enabled()))
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name: String = name
        .to_string_lossy()
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    name
}

fn by_name(a: &Path, b: &Path) -> Ordering {
    natural(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b))
}

/// Orders texts as people do: numbers in them by their value, so that 2 comes before 10.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (one, other) = (a.chars().next(), b.chars().next());
        let (Some(one), Some(other)) = (one, other) else {
            return one.cmp(&other);
        };
        if one.is_ascii_digit() && other.is_ascii_digit() {
            let (first, second) = (digits(a), digits(b));
            let value = |text: &str| text.trim_start_matches('0').to_owned();
            let (x, y) = (value(first), value(second));
            let order = x
                .len()
                .cmp(&y.len())
                .then_with(|| x.cmp(&y))
                .then_with(|| first.len().cmp(&second.len()));
            if order != Ordering::Equal {
                return order;
            }
            a = &a[first.len()..];
            b = &b[second.len()..];
            continue;
        }
        if one != other {
            return one.cmp(&other);
        }
        a = &a[one.len_utf8()..];
        b = &b[other.len_utf8()..];
    }
}

fn digits(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    &text[..end.unwrap_or(text.len())]
}

fn wrong(path: &Path, problem: &str) -> DatasetError {
    DatasetError::Folder {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}
