//! The person's own lessons, in the folder beside the notebook.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    app::tasks::free_name,
    files::atomic::write_atomically,
    state::lesson::{Damaged, EXAMPLE, Library, Listed},
};

/// The folder beside the notebook.
pub const FOLDER: &str = "lessons";
/// No lesson comes near it; anything larger is something else.
const LARGEST_BYTES: u64 = 256 << 10;
/// Files that are looked at.
const MOST: usize = 100;

/// What a folder holds. There need not be one.
pub(super) fn read(folder: &Path) -> Library {
    let mut library = Library::default();
    let Ok(entries) = fs::read_dir(folder) else {
        return library;
    };
    let lesson = |path: &PathBuf| path.extension().is_some_and(|end| end == "ron");
    let paths = entries.flatten().map(|entry| entry.path()).filter(lesson);
    let mut paths: Vec<PathBuf> = paths.collect();
    paths.sort();
    for path in paths.iter().take(MOST) {
        let file = path.file_name().unwrap_or_default();
        let file = file.to_string_lossy().into_owned();
        match ::files::read_text(path, LARGEST_BYTES) {
            Ok(text) => library.add(Listed::own_key(&file), file, &text),
            Err(error) => library.damaged.push(Damaged {
                file,
                reason: format!("it could not be read ({error}): save it as plain text, in UTF-8"),
            }),
        }
    }
    if paths.len() > MOST {
        library.damaged.push(Damaged {
            file: folder.display().to_string(),
            reason: format!(
                "{} files are in it, and the first {MOST} are read: move some away",
                paths.len()
            ),
        });
    }
    library
}

/// Writes the example into the folder, which is made if there is none, under a name that is free.
pub(super) fn save_example(folder: &Path) -> Result<PathBuf, String> {
    ::files::create_folder(folder)
        .map_err(|error| format!("could not make {}: {error}", folder.display()))?;
    let path = free_name(&folder.join("example.ron"), |path| {
        path.symlink_metadata().is_ok()
    });
    write_atomically(&path, EXAMPLE.as_bytes())
        .map_err(|error| format!("could not save {}: {error:#}", path.display()))?;
    Ok(path)
}
