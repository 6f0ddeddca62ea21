//! Faults for tests: each step of writing asks here first, and a test can have any of them fail.
//!
//! A test of what a killed process leaves lets all steps from one on fail. Without a test nothing is installed, and a step
//! costs a look at a variable of the thread.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A step of changing files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A folder is made.
    CreateFolder,
    /// The content of a file is written beside its place.
    Write,
    /// The content is brought to the disk.
    Sync,
    /// The file is put into its place.
    Rename,
    /// The names in a folder are brought to the disk.
    SyncFolder,
    /// A file or folder is removed.
    Remove,
}

type Hook = Box<dyn FnMut(Step, &Path) -> io::Result<()>>;

thread_local! {
    static HOOK: RefCell<Option<Hook>> = const { RefCell::new(None) };
}

/// Asks `hook` before every step that this thread takes in `work`.
pub fn with<T>(
    hook: impl FnMut(Step, &Path) -> io::Result<()> + 'static,
    work: impl FnOnce() -> T,
) -> T {
    struct Restore(Option<Hook>);
    impl Drop for Restore {
        fn drop(&mut self) {
            HOOK.set(self.0.take());
        }
    }
    let _restore = Restore(HOOK.replace(Some(Box::new(hook))));
    work()
}

/// Folders on a disk that is full, for all threads.
static FULL: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How many there are, so that nobody waits for the others where there is none.
static FULL_COUNT: AtomicUsize = AtomicUsize::new(0);

/// A folder on a disk that is full until this is dropped.
#[derive(Debug)]
pub struct FullDisk(PathBuf);

impl FullDisk {
    /// Has the disk of this folder be full: nothing can be written in it and below it, by any thread.
    #[must_use]
    pub fn below(folder: &Path) -> Self {
        let mut full = FULL.lock().unwrap_or_else(PoisonError::into_inner);
        full.push(folder.to_owned());
        FULL_COUNT.store(full.len(), Ordering::Release);
        Self(folder.to_owned())
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        let mut full = FULL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = full.iter().position(|folder| *folder == self.0) {
            full.swap_remove(at);
        }
        FULL_COUNT.store(full.len(), Ordering::Release);
    }
}

/// Whether a step needs room on a disk that has none.
fn lacks_room(step: Step, path: &Path) -> bool {
    if FULL_COUNT.load(Ordering::Acquire) == 0 || !matches!(step, Step::CreateFolder | Step::Write)
    {
        return false;
    }
    let full = FULL.lock().unwrap_or_else(PoisonError::into_inner);
    full.iter().any(|folder| path.starts_with(folder))
}

/// Fails if a test wants this step to fail.
pub(crate) fn before(step: Step, path: &Path) -> io::Result<()> {
    if lacks_room(step, path) {
        return Err(io::Error::from(io::ErrorKind::StorageFull));
    }
    HOOK.with_borrow_mut(|hook| match hook {
        Some(hook) => hook(step, path),
        None => Ok(()),
    })
}
