//! What is kept of this window for the next one, and what of it already is.

use std::sync::{Arc, Mutex};

use crate::{
    app::recall::SessionFolder,
    state::{
        bookmarks::{self, BOOKMARKS, Bookmarks, Lists},
        memory::{Memory, Recent, SESSION},
        notebook::{self, NOTEBOOK, Notebook},
        zoom::Zoom,
    },
};

/// What outlives the window, besides the controls.
#[derive(Default)]
pub(in crate::app) struct Kept {
    pub recent: Recent,
    pub zoom: Zoom,
    pub notebook: Notebook,
    /// `None` if nothing is kept of this window.
    pub persistence: Option<Persistence>,
}

/// Where this window is kept, and what of it already is.
pub(in crate::app) struct Persistence {
    pub folder: SessionFolder,
    pub session: Option<Memory>,
    pub bookmarks: Bookmarks,
    pub notebook: Notebook,
    /// What this window brought to the disk last: others may have written there since.
    pub written: Written,
}

/// Shared with the thread that writes.
#[derive(Default)]
pub(in crate::app) struct Written {
    bookmarks: Arc<Mutex<Lists>>,
    notebook: Arc<Mutex<Notebook>>,
}

impl Written {
    /// As it was read.
    pub fn new(bookmarks: &Bookmarks, notebook: &Notebook) -> Self {
        Self {
            bookmarks: Arc::new(Mutex::new(bookmarks::lists(bookmarks))),
            notebook: Arc::new(Mutex::new(notebook.clone())),
        }
    }
}

impl Persistence {
    /// Has the session written, which changed.
    pub fn keep_session(&mut self, now: Memory) {
        self.session = Some(now.clone());
        if self.folder.session {
            let path = SESSION.path(&self.folder.folder);
            self.folder.writer.put(path, move || SESSION.text(&now));
        }
    }

    /// Has the bookmarks written if they changed.
    pub fn keep_bookmarks(&mut self, bookmarks: &Bookmarks) {
        if self.bookmarks == *bookmarks {
            return;
        }
        self.bookmarks.clone_from(bookmarks);
        if self.folder.bookmarks {
            let folder = self.folder.folder.clone();
            let lists = bookmarks::lists(&self.bookmarks);
            let written = Arc::clone(&self.written.bookmarks);
            self.folder
                .writer
                .put_by(BOOKMARKS.path(&folder), move |_| {
                    BOOKMARKS.merge(&folder, &written, lists, bookmarks::merged)
                });
        }
    }

    /// Has the notebook written if it changed.
    pub fn keep_notebook(&mut self, notebook: &Notebook) {
        if self.notebook == *notebook {
            return;
        }
        self.notebook.clone_from(notebook);
        if self.folder.notebook {
            let folder = self.folder.folder.clone();
            let notes = notebook.clone();
            let written = Arc::clone(&self.written.notebook);
            self.folder.writer.put_by(NOTEBOOK.path(&folder), move |_| {
                NOTEBOOK.merge(&folder, &written, notes, notebook::merged)
            });
        }
    }
}
