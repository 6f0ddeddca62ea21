//! The one place where files are written, renamed and removed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use crate::faults::{Step, before};
use crate::read::open;

/// Threads that wait for the disk at the same time.
const SYNCED_TOGETHER: usize = 32;

/// How the names of files begin that are not in their place yet.
const STAGED_PREFIX: &str = ".latent-lens-";

/// A staged file that was not written to for so long is nobody's.
const LEFT_BEHIND: Duration = Duration::from_hours(1);

/// A file that is on the disk and not in its place yet. Dropping it removes it.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

/// Writes a file whole or not at all, in place of the one that is there.
///
/// # Errors
/// If its folder is not there or cannot be written to, or the disk is full.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    stage(path, bytes)?.commit()
}

/// Writes a file whole or not at all, a piece at a time: for one that is too large to hold.
///
/// # Errors
/// As [`write()`], and what `write` gives.
pub fn write_with(
    path: &Path,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let buffered = |file: &mut File| {
        let mut writer = BufWriter::new(file);
        write(&mut writer)?;
        writer.flush()
    };
    stage_with(path, buffered)?.commit()
}

/// Writes many files, each whole or not at all. All are given to the disk before it is waited for, which takes a small part
/// of the time that one [`write()`] after the other takes.
///
/// # Errors
/// As [`write()`]. Any of the files may then be in its place or not.
pub fn write_many(files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
    let staged: Vec<Staged> = files
        .iter()
        .map(|(path, bytes)| written(path, |file| file.write_all(bytes)))
        .collect::<io::Result<_>>()?;
    sync_all(&staged)?;
    let mut folders = BTreeSet::new();
    for one in staged {
        folders.insert(folder_of(&one.path).to_owned());
        one.put()?;
    }
    for folder in &folders {
        sync_folder(folder)?;
    }
    Ok(())
}

/// Waits until files are on the disk, for many at the same time: a disk serves them together.
fn sync_all(staged: &[Staged]) -> io::Result<()> {
    for one in staged {
        before(Step::Sync, &one.path)?;
    }
    let share = staged.len().div_ceil(SYNCED_TOGETHER).max(1);
    let sync = |one: &Staged| one.file.as_file().sync_all();
    thread::scope(|scope| {
        let shares = staged.chunks(share);
        let threads: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().try_for_each(sync)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            let result = thread.join();
            result
                .unwrap_or_else(|_| Err(io::Error::other("a thread that waits for the disk ended")))
        })
    })
}

/// Removes the files that killed processes left in a folder before they were in their place.
///
/// Nobody else may be writing files there: theirs would be removed as well.
///
/// # Errors
/// If the folder cannot be listed or one of the files cannot be removed.
pub fn remove_leftovers(folder: &Path) -> io::Result<()> {
    remove_staged(folder, |_| true)
}

/// Removes such files from the folder of `path` where nobody has written to them for an hour: theirs is not under way any more, whoever
/// else writes there.
///
/// # Errors
/// As [`remove_leftovers`].
pub fn remove_old_leftovers(path: &Path) -> io::Result<()> {
    let is_old = |entry: &fs::DirEntry| {
        let changed = entry.metadata().and_then(|metadata| metadata.modified());
        let age = changed.ok().and_then(|changed| changed.elapsed().ok());
        age.is_some_and(|age| age > LEFT_BEHIND)
    };
    remove_staged(folder_of(path), is_old)
}

fn remove_staged(folder: &Path, wanted: impl Fn(&fs::DirEntry) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_staged = name
            .as_encoded_bytes()
            .starts_with(STAGED_PREFIX.as_bytes());
        if is_staged && entry.file_type()?.is_file() && wanted(&entry) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Copies a regular file whole or not at all.
///
/// # Errors
/// As [`write()`], and if `source` cannot be read.
pub fn copy(source: &Path, path: &Path) -> io::Result<()> {
    let mut reader = open(source)?;
    let write = |file: &mut File| io::copy(&mut reader, file).map(drop);
    stage_with(path, write)?.commit()
}

/// Brings a file to the disk beside its place; [`Staged::commit`] puts it there.
///
/// # Errors
/// As [`write()`].
pub fn stage(path: &Path, bytes: &[u8]) -> io::Result<Staged> {
    stage_with(path, |file| file.write_all(bytes))
}

fn stage_with(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<Staged> {
    let staged = written(path, write)?;
    before(Step::Sync, path)?;
    staged.file.as_file().sync_all()?;
    Ok(staged)
}

/// A file that is written beside its place, and may not have come to the disk yet.
fn written(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<Staged> {
    before(Step::Write, path)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(STAGED_PREFIX);
    // It will be an ordinary file, and the default would keep other people from reading it, whatever the umask says.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder_of(path))?;
    write(file.as_file_mut())?;
    Ok(Staged {
        file,
        path: path.to_owned(),
    })
}

impl Staged {
    /// Puts the file in its place, instead of the one that is there.
    ///
    /// # Errors
    /// If the one that is there cannot be replaced.
    pub fn commit(self) -> io::Result<()> {
        let folder = folder_of(&self.path).to_owned();
        self.put()?;
        sync_folder(&folder)
    }

    fn put(self) -> io::Result<()> {
        before(Step::Rename, &self.path)?;
        self.file.persist(&self.path)?;
        Ok(())
    }
}

/// Gives a file that is on the disk another name in the same folder, instead of the one that is there.
///
/// # Errors
/// If the folder cannot be written to or the one that is there cannot be replaced.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    before(Step::Rename, to)?;
    fs::rename(from, to)?;
    sync_folder(folder_of(to))
}

/// Makes a folder with all that it lies in, and brings their names to the disk: what is written into a folder whose own name a
/// power cut takes away is lost with it.
///
/// # Errors
/// If one of them cannot be made.
pub fn create_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    before(Step::CreateFolder, path)?;
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
    fs::create_dir_all(path)?;
    for folder in missing.iter().rev() {
        sync_folder(folder_of(folder))?;
    }
    Ok(())
}

/// Notes that a file was used now, as the time of its last change.
///
/// # Errors
/// If it is not there or cannot be written to.
pub fn touch(path: &Path) -> io::Result<()> {
    let file = fs::OpenOptions::new().write(true).open(path)?;
    file.set_modified(SystemTime::now())
}

/// Removes a file, or does nothing if it is not there.
///
/// # Errors
/// If it cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    before(Step::Remove, path)?;
    ignore_missing(fs::remove_file(path))
}

/// Removes a folder with all in it, or does nothing if it is not there. A process that is killed meanwhile leaves some of it.
///
/// # Errors
/// If something in it cannot be removed.
pub fn remove_folder(path: &Path) -> io::Result<()> {
    before(Step::Remove, path)?;
    ignore_missing(fs::remove_dir_all(path))
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Brings the names in a folder to the disk. Not every file system can, and on those that cannot a power cut may bring an
/// old file back, but never half a new one: so an error here is none of the caller's.
fn sync_folder(folder: &Path) -> io::Result<()> {
    before(Step::SyncFolder, folder)?;
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
