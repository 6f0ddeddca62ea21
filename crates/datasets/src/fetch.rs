//! Getting the files of a data set: kept if they are there, copied from a folder, or downloaded.
//!
//! A file appears under its own name only after its decompressed contents had the right SHA-256. Until then it is a
//! `.part` file, from which an interrupted download goes on.

mod copy;
mod download;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use files::Lock;
use ureq::Agent;

use crate::{
    DatasetError, KnownDataset, KnownFile,
    load::{candidates, read_verified},
};
use copy::copy;
use download::{Download, Report};

/// How often a fetch that waits for another one looks whether it may begin.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Where to take the files from, and how to stop.
#[derive(Debug, Clone, Default)]
pub struct FetchOptions {
    /// Addresses of folders to download from in place of the data set's public mirrors, in order.
    pub mirrors: Option<Vec<String>>,
    /// A folder that holds the files already, or the file itself if there is but one: they are verified and copied, and
    /// nothing is downloaded.
    pub from: Option<PathBuf>,
    /// Set it to true from anywhere and the fetch ends with [`DatasetError::Cancelled`] after the current read, which
    /// takes 20 seconds at most.
    pub cancel: Arc<AtomicBool>,
}

/// How far a download is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchProgress {
    /// The name of the file on its way, without `.gz`.
    pub file: String,
    /// The file's place among all, from 0.
    pub file_index: usize,
    /// How many files there are.
    pub file_count: usize,
    /// Bytes on disk, including those of an earlier try.
    pub done_bytes: u64,
    /// Bytes in all, where the server says so.
    pub total_bytes: Option<u64>,
}

/// How a file came to be where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchOutcome {
    /// It was there, with the right contents.
    Kept,
    /// It was copied from this path.
    Copied(PathBuf),
    /// It was downloaded from this address.
    Downloaded(String),
}

/// One file after a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFile {
    /// Where it is.
    pub path: PathBuf,
    /// How it got there.
    pub outcome: FetchOutcome,
}

/// What a fetch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchReport {
    /// The folder that holds all the files now.
    pub dir: PathBuf,
    /// The files, in the order in which they were asked for.
    pub files: Vec<FetchedFile>,
}

/// A file to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFile {
    /// The decompressed file's name; a mirror serves it with `.gz` at the end.
    pub name: String,
    /// SHA-256 of the decompressed bytes as lower-case hexadecimal digits.
    pub sha256: String,
    /// The number of decompressed bytes.
    pub bytes: usize,
}

impl From<&KnownFile> for RemoteFile {
    fn from(file: &KnownFile) -> Self {
        Self {
            name: file.name.to_owned(),
            sha256: file.sha256.to_owned(),
            bytes: file.bytes,
        }
    }
}

/// Puts the files of `dataset` into the folder of that [slug](KnownDataset::slug) in `into`, or into `into` itself
/// if that is its name. [`crate::load()`] finds them there from `into`.
///
/// Files that are there with the right contents are kept. Each other one is copied from [`field@FetchOptions::from`] if
/// that is given (or from the folder of that slug in it), else downloaded from the first mirror that has it. `progress`
/// is called during downloads.
///
/// # Errors
///
/// [`DatasetError::Download`] if no mirror gave a file, [`DatasetError::MissingSource`] and those of [`crate::load()`]
/// if the folder to copy from does not have it, [`DatasetError::Write`] if it cannot be stored, and
/// [`DatasetError::Cancelled`]. What was fetched until then stays.
pub fn fetch(
    dataset: KnownDataset,
    into: &Path,
    options: &FetchOptions,
    progress: &mut dyn FnMut(FetchProgress),
) -> Result<FetchReport, DatasetError> {
    let slug = dataset.slug();
    let dir = if into.file_name().is_some_and(|name| name == slug) {
        into.to_owned()
    } else {
        into.join(slug)
    };
    let from = options.from.as_ref().map(|from| {
        let own = from.join(slug);
        if own.is_dir() { own } else { from.clone() }
    });
    let public = || {
        dataset
            .mirrors()
            .iter()
            .map(|&mirror| mirror.to_owned())
            .collect()
    };
    let options = FetchOptions {
        mirrors: Some(options.mirrors.clone().unwrap_or_else(public)),
        from,
        cancel: Arc::clone(&options.cancel),
    };
    fetch_files(
        &dataset
            .files()
            .iter()
            .map(RemoteFile::from)
            .collect::<Vec<_>>(),
        &dir,
        &options,
        progress,
    )
}

/// Puts `files` into `dir` as [`fetch`] does; there are no mirrors but those in `options`.
///
/// # Errors
///
/// As [`fetch`].
pub fn fetch_files(
    files: &[RemoteFile],
    dir: &Path,
    options: &FetchOptions,
    progress: &mut dyn FnMut(FetchProgress),
) -> Result<FetchReport, DatasetError> {
    let unwritable = |source| DatasetError::Write {
        path: dir.to_owned(),
        source,
    };
    files::create_folder(dir).map_err(unwritable)?;
    let _lock = lock(dir, &options.cancel)?;
    files::remove_leftovers(dir).map_err(unwritable)?;
    let agent = download::agent();
    let mut fetched = Vec::with_capacity(files.len());
    for (file_index, file) in files.iter().enumerate() {
        let mut report = |done_bytes, total_bytes| {
            progress(FetchProgress {
                file: file.name.clone(),
                file_index,
                file_count: files.len(),
                done_bytes,
                total_bytes,
            });
        };
        fetched.push(fetch_file(file, dir, &agent, options, &mut report)?);
    }
    Ok(FetchReport {
        dir: dir.to_owned(),
        files: fetched,
    })
}

/// Waits until no other fetch is at work in `dir`: what that one brings need not be fetched again.
fn lock(dir: &Path, cancel: &AtomicBool) -> Result<Lock, DatasetError> {
    let path = dir.join(".fetch.lock");
    loop {
        match Lock::try_take(&path) {
            Ok(Some(lock)) => return Ok(lock),
            Ok(None) if cancel.load(Ordering::Relaxed) => return Err(DatasetError::Cancelled),
            Ok(None) => thread::sleep(LOOK_AGAIN),
            Err(source) => return Err(DatasetError::Write { path, source }),
        }
    }
}

fn fetch_file(
    file: &RemoteFile,
    dir: &Path,
    agent: &Agent,
    options: &FetchOptions,
    report: &mut Report<'_>,
) -> Result<FetchedFile, DatasetError> {
    if options.cancel.load(Ordering::Relaxed) {
        return Err(DatasetError::Cancelled);
    }
    if let Some(path) = verified_in(dir, file) {
        let outcome = FetchOutcome::Kept;
        return Ok(FetchedFile { path, outcome });
    }
    if let Some(from) = &options.from {
        return copy(file, from, dir);
    }
    let mirrors = options.mirrors.as_deref().unwrap_or_default();
    let download = Download::new(file, dir, agent, &options.cancel);
    let url = download.try_mirrors(mirrors, report)?;
    Ok(FetchedFile {
        path: download.target(),
        outcome: FetchOutcome::Downloaded(url),
    })
}

fn verified_in(dir: &Path, file: &RemoteFile) -> Option<PathBuf> {
    let mut paths = candidates(&file.name, &[dir]).into_iter();
    paths.find(|path| read_verified(path, file.bytes, &file.sha256).is_ok())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
