//! One at a time: a lock on a file, which the system lets go of when the process ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A lock that is held until it is dropped.
///
/// The lock's file is removed with it; one that a killed process left behind holds nobody up. File systems that know no locks
/// (some network mounts) give one that keeps nobody out.
#[derive(Debug)]
pub struct Lock {
    /// Open as long as the lock is held.
    _file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock whose file is at `path`, or gives `None` at once if somebody else holds it.
    ///
    /// # Errors
    /// If the file cannot be made, or something that is no file is there.
    pub fn try_take(path: &Path) -> io::Result<Option<Self>> {
        loop {
            let file = open(path)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => known(error)?,
                Ok(()) => {}
            }
            if is_at(&file, path)? {
                return Ok(Some(Self::held(file, path)));
            }
        }
    }

    /// Takes the lock whose file is at `path`, and waits as long as somebody else holds it.
    ///
    /// # Errors
    /// As [`Self::try_take`].
    pub fn wait(path: &Path) -> io::Result<Self> {
        loop {
            let file = open(path)?;
            file.lock().or_else(known)?;
            if is_at(&file, path)? {
                return Ok(Self::held(file, path));
            }
        }
    }

    fn held(file: File, path: &Path) -> Self {
        Self {
            _file: file,
            path: path.to_owned(),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While the lock is still held, so that the file that goes is this one. Whoever waits for it finds out in `is_at`.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    match fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() => {
            let text = format!("{} is in the way and no file", path.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
        }
        _ => {}
    }
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
}

/// Lets pass that a file system knows no locks.
fn known(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::Unsupported => Ok(()),
        _ => Err(error),
    }
}

/// Whether the file is still the one of that name: the holder before removed it with the lock.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((own.dev(), own.ino()) == (there.dev(), there.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Elsewhere the lock's file stays where it is.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}
