//! What is kept of this window for the next one.

use eframe::egui::{self, Vec2, ViewportCommand};

use super::App;
use crate::{
    bookmarks::{self, BOOKMARKS, Bookmarks},
    controls::{Controls, Space},
    memory::{Memory, Place, Recalled, Recent, SESSION, ThemeChoice},
    notebook::{NOTEBOOK, Notebook},
    notices::{Tone, Topic},
    panels::dock::Layout,
    window::FIRST_SIZE,
};

/// Where this window is kept, and what of it already is.
pub(super) struct Keeping {
    place: Place,
    session: Option<Memory>,
    bookmarks: Bookmarks,
    notebook: Notebook,
}

impl App {
    /// Goes on where an earlier window ended. Call it before the first pass.
    pub fn recall(&mut self, recalled: Recalled) {
        self.controls = recalled.memory.controls;
        self.recent = recalled.memory.recent;
        self.notebook = recalled.notebook;
        self.tour = (!self.notebook.tour_done).then_some(0);
        self.keeping = recalled.keeping.map(|place| Keeping {
            place,
            session: None,
            bookmarks: self.controls.bookmarks.clone(),
            notebook: self.notebook.clone(),
        });
        if !recalled.trouble.is_empty() {
            let text = recalled.trouble.join("\n");
            self.notices.say(Topic::Memory, Tone::Bad, text);
        }
    }

    /// Has what changed written. While a gesture goes on nothing is, since its end is what counts.
    pub(super) fn keep(&mut self, ctx: &egui::Context, gesture: bool) {
        let Some(keeping) = &mut self.keeping else {
            return;
        };
        if let Some(problem) = keeping.place.keeper.take_problem() {
            self.notices.say(Topic::Memory, Tone::Bad, problem);
        }
        keeping.keep_bookmarks(&self.controls);
        keeping.keep_notebook(&self.notebook);
        if gesture {
            return;
        }
        let theme = ctx.options(|options| options.theme_preference.into());
        let old = keeping.session.as_ref();
        let size = size(ctx).or(old.and_then(|old| old.size));
        let same = |old: &Memory| {
            old.controls == self.controls
                && old.recent == self.recent
                && old.theme == theme
                && old.size == size
        };
        if old.is_some_and(same) {
            return;
        }
        let now = Memory {
            controls: self.controls.clone(),
            theme,
            recent: self.recent.clone(),
            size,
        };
        keeping.session = Some(now.clone());
        if keeping.place.session {
            let path = SESSION.path(&keeping.place.folder);
            keeping.place.keeper.put(path, move || SESSION.text(&now));
        }
    }

    /// Back to the first day, but for the model in front and the bookmarks. The scene can be had back by undo.
    pub(super) fn forget(&mut self, ctx: &egui::Context) {
        let model = self.controls.model.clone();
        let bookmarks = std::mem::take(&mut self.controls.bookmarks);
        self.controls = Controls::new(model, Space::Explore, self.controls.seed);
        self.controls.bookmarks = bookmarks;
        let open: Vec<_> = self.session.sources().cloned().collect();
        for source in open {
            if let Some(manifest) = self.session.manifest(&source) {
                self.controls.open(&source, manifest);
            }
        }
        self.recent = Recent::default();
        ctx.set_theme(ThemeChoice::System);
        let text = "The session is forgotten. Undo (Ctrl+Z) brings the scene back.";
        self.notices.say(Topic::Memory, Tone::Good, text);
    }

    pub(super) fn reset_layout(&mut self, ctx: &egui::Context) {
        self.controls.timeline.unfolded = false;
        self.controls.layout = Layout::default();
        ctx.set_zoom_factor(1.0);
        // Folded parts, scroll positions.
        ctx.memory_mut(|memory| memory.data.clear());
        ctx.send_viewport_cmd(ViewportCommand::InnerSize(Vec2::from(FIRST_SIZE)));
    }
}

impl Keeping {
    fn keep_bookmarks(&mut self, controls: &Controls) {
        if self.bookmarks == controls.bookmarks {
            return;
        }
        self.bookmarks.clone_from(&controls.bookmarks);
        if self.place.bookmarks {
            let path = BOOKMARKS.path(&self.place.folder);
            let shelves = bookmarks::lists(&self.bookmarks);
            self.place
                .keeper
                .put(path, move || BOOKMARKS.text(&shelves));
        }
    }

    fn keep_notebook(&mut self, notebook: &Notebook) {
        if self.notebook == *notebook {
            return;
        }
        self.notebook.clone_from(notebook);
        if self.place.notebook {
            let (path, notes) = (NOTEBOOK.path(&self.place.folder), notebook.clone());
            self.place.keeper.put(path, move || NOTEBOOK.text(&notes));
        }
    }
}

/// Width and height of the window, but for one that fills the screen: that is no size to start with.
fn size(ctx: &egui::Context) -> Option<(f32, f32)> {
    ctx.input(|input| {
        let viewport = input.viewport();
        let full = viewport.fullscreen == Some(true) || viewport.maximized == Some(true);
        let rect = viewport.inner_rect.filter(|_| !full)?;
        Some((rect.width(), rect.height()))
    })
}
