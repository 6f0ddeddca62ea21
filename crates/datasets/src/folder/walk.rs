//! The pictures in a folder, whatever else a person or a program left there.
//!
//! What is no picture is passed over and counted: thumbnails and settings that desktops keep, archives' leftovers, names that begin with a
//! dot, text. A link to a folder is followed unless it leads back to where it is in.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use super::order::by_name;
use crate::DatasetError;

/// Names that are never pictures, in small letters.
const LEFTOVERS: [&str; 4] = ["thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db"];

/// How the names of pictures end, in small letters.
const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "jfif", "bmp", "gif", "webp"];

/// Folders inside folders that are looked into.
const DEEPEST: usize = 32;

/// The folder itself, or the only folder in it where that alone holds folders: archives unpack so.
pub(super) fn without_wrapping(dir: &Path) -> Result<PathBuf, DatasetError> {
    let mut dir = dir.to_owned();
    for _ in 0..DEEPEST {
        let listed = listing(&dir)?;
        let [only] = listed.folders.as_slice() else {
            break;
        };
        let is_class = listing(only)?.folders.is_empty();
        if is_class
            || listed.files.iter().any(|file| is_picture(file))
            || super::scan::part_named(only).is_some()
        {
            break;
        }
        dir.clone_from(only);
    }
    Ok(dir)
}

/// What is in a folder, without leftovers.
pub(super) struct Listing {
    pub folders: Vec<PathBuf>,
    pub files: Vec<PathBuf>,
}

pub(super) fn listing(dir: &Path) -> Result<Listing, DatasetError> {
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
pub(super) struct Walk {
    pub passed_over: usize,
}

impl Walk {
    /// Collects the pictures in a folder and deeper. `above` are the folders that it is in, itself among them.
    pub fn collect(
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

    /// Those of some files that are pictures; the others are counted.
    pub fn pictures(&mut self, files: Vec<PathBuf>) -> Vec<PathBuf> {
        let all = files.len();
        let pictures: Vec<PathBuf> = files.into_iter().filter(|path| is_picture(path)).collect();
        self.passed_over += all - pictures.len();
        pictures
    }
}

/// Whether a file is a picture by its first bytes, or is called like one.
pub(super) fn is_picture(path: &Path) -> bool {
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

pub(super) fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The name of a file or folder as text, one that no other has: what is no text, and what would control a terminal, stands as `\x` and a
/// number.
pub(super) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let mut text = String::new();
    let escape = |text: &mut String, bytes: &[u8]| {
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    };
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter.is_control() {
                escape(&mut text, letter.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                text.push(letter);
            }
        }
        escape(&mut text, chunk.invalid());
    }
    text
}

pub(super) fn wrong(path: &Path, problem: &str) -> DatasetError {
    DatasetError::Folder {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}
