//! The folder of a bundle: one save at a time, one run of each network at a time, and readers that a save does not disturb.

use std::fs;
use std::path::Path;

use files::Lock;

use crate::bundle_files::{Files, MANIFEST, REPLACE, is_own_name};
use crate::cause::Fault;
use crate::{ModelSource, StudioError};

/// The file of the lock that is held while a bundle is read again, changed and saved.
const SAVE_LOCK: &str = ".lock";

/// What the first format called its weights.
const OF_FORMAT_1: [&str; 2] = ["vae.safetensors", "classifier.safetensors"];

/// How often a reader begins again because the bundle was saved meanwhile. Saves are seconds apart at least.
const MOST_READS: usize = 10;

/// Waits until nobody else saves a bundle in `dir`, which is made if need be, and keeps others out as long as the lock lives. So
/// what is read under it and saved under it holds what others saved before, and nothing that they save later is lost.
pub(crate) fn lock_saves(dir: &Path) -> Result<Lock, StudioError> {
    files::create_folder(dir).map_err(|e| StudioError::write(dir, e))?;
    let lock = Lock::wait(&dir.join(SAVE_LOCK)).map_err(|e| StudioError::write(dir, e))?;
    // Nobody else writes here now, so these are what killed processes left.
    let _ = files::remove_leftovers(dir);
    Ok(lock)
}

/// Keeps other runs from training the same network into `dir`: they would remove each other's checkpoints in `checkpoint`.
///
/// # Errors
/// [`StudioError::Busy`] if there is such a run.
#[cfg(feature = "train")]
pub(crate) fn lock_run(dir: &Path, checkpoint: &str) -> Result<Lock, StudioError> {
    files::create_folder(dir).map_err(|e| StudioError::write(dir, e))?;
    let path = dir.join(format!(".{checkpoint}.lock"));
    let lock = Lock::try_take(&path).map_err(|e| StudioError::write(&path, e))?;
    lock.ok_or_else(|| StudioError::Busy {
        checkpoint: dir.join(checkpoint),
    })
}

/// Reads something of a model that takes several files, and begins again if the bundle was saved in between: the files that its
/// manifest named are gone then.
pub(crate) fn settled<T>(
    source: &ModelSource,
    mut read: impl FnMut() -> Result<T, StudioError>,
) -> Result<T, StudioError> {
    let files = Files::of(source);
    let manifest = || files.read(MANIFEST).ok();
    for _ in 1..MOST_READS {
        let before = manifest();
        match read() {
            Err(StudioError::Bundle { .. }) if manifest() != before => {}
            result => return result,
        }
    }
    read()
}

/// Refuses a folder that has weights and no manifest: nobody knows what they are, and a new model would take their place.
pub(crate) fn refuse_orphans(dir: &Path) -> Result<(), StudioError> {
    let of_format_1 = OF_FORMAT_1.into_iter().map(str::to_owned);
    let of_format_1 = of_format_1.filter(|name| dir.join(name).exists());
    let Some(orphan) = own_files(dir).into_iter().chain(of_format_1).next() else {
        return Ok(());
    };
    let reason = format!("the file is missing, and {orphan} is there");
    let files = Files::of(&ModelSource::Folder(dir.to_owned()));
    Err(files.damaged(MANIFEST, Fault::new(reason), REPLACE))
}

/// The names of the files in `dir` that a bundle may have written.
pub(crate) fn own_files(dir: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let names = names.filter_map(|name| name.into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_own_name(name)).collect();
    names.sort_unstable();
    names
}
