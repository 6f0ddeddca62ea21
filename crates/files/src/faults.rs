//! Faults for tests: each step of writing asks here first, and a test can have any of them fail.
//!
//! A test of what a killed process leaves lets all steps from one on fail. Without a test nothing is installed, and a step
//! costs a look at a variable of the thread.

use std::cell::RefCell;
use std::io;
use std::path::Path;

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

/// Fails if a test wants this step to fail.
pub(crate) fn before(step: Step, path: &Path) -> io::Result<()> {
    HOOK.with_borrow_mut(|hook| match hook {
        Some(hook) => hook(step, path),
        None => Ok(()),
    })
}
