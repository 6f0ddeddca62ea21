//! What is kept of this window for the next one, and what of it already is.

use crate::{
    app::recall::SessionFolder,
    state::{
        bookmarks::{self, BOOKMARKS, Bookmarks},
        memory::{Memory, Recent, SESSION},
        notebook::{NOTEBOOK, Notebook},
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
            let path = BOOKMARKS.path(&self.folder.folder);
            let lists = bookmarks::lists(&self.bookmarks);
            self.folder.writer.put(path, move || BOOKMARKS.text(&lists));
        }
    }

    /// Has the notebook written if it changed.
    pub fn keep_notebook(&mut self, notebook: &Notebook) {
        if self.notebook == *notebook {
            return;
        }
        self.notebook.clone_from(notebook);
        if self.folder.notebook {
            let (path, notes) = (NOTEBOOK.path(&self.folder.folder), notebook.clone());
            self.folder.writer.put(path, move || NOTEBOOK.text(&notes));
        }
    }
}
