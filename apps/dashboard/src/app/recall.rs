//! What an earlier window left, read once at the start.

use std::path::{Path, PathBuf};

use crate::{
    files::{
        parts::Kept,
        store::{Kind, StoreError},
        writer::FileWriter,
    },
    state::{
        bookmarks::{self, BOOKMARKS, Lists},
        memory::{Given, Memory, SESSION},
        notebook::{NOTEBOOK, Notebook},
    },
};

/// What a window starts with.
pub struct Recalled {
    /// What was remembered, or the first day's, with what was asked for.
    pub memory: Memory,
    /// What the person noted down.
    pub notebook: Notebook,
    /// Where this window will be remembered; `None` if it will not.
    pub keeping: Option<SessionFolder>,
    /// What went wrong, in plain words.
    pub trouble: Vec<String>,
}

/// Where a window is remembered.
pub struct SessionFolder {
    /// Writes the files.
    pub writer: FileWriter,
    /// The folder.
    pub folder: PathBuf,
    /// Whether the session is written, or stands in the way of a file that could not be moved.
    pub session: bool,
    /// The same for the bookmarks.
    pub bookmarks: bool,
    /// The same for the notebook.
    pub notebook: bool,
}

/// Reads what an earlier window left in `folder`. Without a folder nothing is read, and nothing will be written.
#[must_use]
pub fn recall(folder: Option<&Path>, given: &Given) -> Recalled {
    let Some(folder) = folder else {
        return Recalled {
            memory: Memory::first_day().with(given),
            // Nothing is kept of such a window, so the tour would come again and again.
            notebook: Notebook::after_the_tour(),
            keeping: None,
            trouble: Vec::new(),
        };
    };
    let mut trouble = Vec::new();
    let (memory, session) = read::<Memory>(folder, SESSION, &mut trouble);
    let (shelves, bookmarks) = read::<Lists>(folder, BOOKMARKS, &mut trouble);
    let (notes, notebook) = read::<Notebook>(folder, NOTEBOOK, &mut trouble);
    let mut memory = memory.unwrap_or_else(Memory::first_day).sound().with(given);
    memory.controls.bookmarks = bookmarks::shelves(shelves.unwrap_or_default());
    let writer = FileWriter::start()
        .map_err(|reason| trouble.push(reason))
        .ok();
    Recalled {
        memory,
        notebook: notes.unwrap_or_default(),
        keeping: writer.map(|writer| SessionFolder {
            writer,
            folder: folder.to_owned(),
            session,
            bookmarks,
            notebook,
        }),
        trouble,
    }
}

/// What is in a file, if it can be used, and whether it may be written.
fn read<T: Kept>(folder: &Path, kind: Kind, trouble: &mut Vec<String>) -> (Option<T>, bool) {
    match kind.read(folder) {
        (value, None) => (value, true),
        (value, Some(StoreError { text, aside })) => {
            trouble.push(text);
            (value, aside)
        }
    }
}
