//! Which files of a folder hold arrays.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use super::{array::Array, cifar, idx_file, npy};
use crate::{DatasetError, idx::open_maybe_gzipped};

/// Folders inside folders that are looked into: torchvision keeps `MNIST/raw`.
const DEEPEST: usize = 3;

/// A folder with more entries holds pictures, not arrays.
const MOST_FILES: usize = 200;

/// What kind of arrays a file holds, by its first bytes and its name's ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Idx,
    Npy,
    Npz,
    Cifar,
}

/// The files with arrays in a folder and in folders inside it, by name.
pub(crate) fn files(dir: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let mut found = Vec::new();
    collect(dir, DEEPEST, &mut found)?;
    found.sort();
    // The same file may be there plain and gzipped: one of them is enough.
    let plain = found.clone();
    found.retain(|path| {
        let is_copy = path.extension().is_some_and(|end| end == "gz")
            && plain.contains(&path.with_extension(""));
        !is_copy
    });
    Ok(found)
}

fn collect(dir: &Path, deeper: usize, found: &mut Vec<PathBuf>) -> Result<(), DatasetError> {
    let failed = |source| DatasetError::Read {
        path: dir.to_owned(),
        source,
    };
    let entries = fs::read_dir(dir).map_err(failed)?;
    let paths: Result<Vec<PathBuf>, _> = entries
        .take(MOST_FILES + 1)
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    let paths = paths.map_err(failed)?;
    if paths.len() > MOST_FILES {
        return Ok(());
    }
    for path in paths {
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if is_hidden {
            continue;
        }
        if path.is_dir() && deeper > 0 {
            // A folder that may not be read holds nothing for us.
            let _ = collect(&path, deeper - 1, found);
        } else if path.is_file() && format(&path).is_some() {
            found.push(path);
        }
    }
    Ok(())
}

/// Reads all arrays of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Array>, DatasetError> {
    Ok(match format(path) {
        Some(Format::Idx) => vec![idx_file::read(path)?],
        Some(Format::Npy) => vec![npy::read(open_maybe_gzipped(path)?, path, "")?],
        Some(Format::Npz) => npy::read_archive(path)?,
        Some(Format::Cifar) => cifar::read(path)?.map(Vec::from).unwrap_or_default(),
        None => Vec::new(),
    })
}

fn format(path: &Path) -> Option<Format> {
    let mut start = [0; 6];
    let mut file = open_maybe_gzipped(path).ok()?;
    file.read_exact(&mut start).ok()?;
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    if start == *npy::MAGIC {
        return Some(Format::Npy);
    }
    match name.rsplit('.').next() {
        Some("npz") => return Some(Format::Npz),
        Some("bin") => return cifar::has_length_of_records(path).then_some(Format::Cifar),
        _ => (),
    }
    let [a, b, c, d, ..] = start;
    let is_idx = idx_file::kind([a, b, c, d]).is_some();
    is_idx.then_some(Format::Idx)
}
