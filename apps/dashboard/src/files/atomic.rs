//! Files that are written whole or not at all: whoever reads one, or loses power, never meets half of it.

use std::path::Path;

use anyhow::Context as _;

/// Writes a file whole or not at all, in place of the one that is there.
///
/// # Errors
/// If the folder does not exist or cannot be written to.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    anyhow::ensure!(
        folder.is_dir(),
        "the folder {} does not exist; choose another",
        folder.display()
    );
    anyhow::ensure!(!path.is_dir(), "this is a folder; add a file name");
    // What a killed process left here some time ago; who cannot list the folder leaves it.
    let _ = ::files::remove_old_leftovers(path);
    ::files::write(path, bytes).context("the folder cannot be written to; choose another")
}
