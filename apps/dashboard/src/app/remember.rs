//! What is kept of this window for the next one.

use eframe::egui;

use super::{
    App,
    parts::{Persistence, Written},
    recall::Recalled,
    window::window_size,
};
use crate::state::{
    controls::{Controls, Space},
    memory::{Memory, Recent, ThemeChoice},
    notices::{Tone, Topic},
};

impl App {
    /// Goes on where an earlier window ended. Call it before the first pass.
    pub fn recall(&mut self, recalled: Recalled) {
        self.controls = recalled.memory.controls;
        self.kept.recent = recalled.memory.recent;
        self.kept.zoom = recalled.memory.zoom;
        self.kept.notebook = recalled.notebook;
        self.dialogs.tour = (!self.kept.notebook.tour_done).then_some(0);
        self.kept.persistence = recalled.keeping.map(|folder| Persistence {
            folder,
            session: None,
            bookmarks: self.controls.bookmarks.clone(),
            notebook: self.kept.notebook.clone(),
            written: Written::new(&self.controls.bookmarks, &self.kept.notebook),
        });
        if !recalled.trouble.is_empty() {
            let text = recalled.trouble.join("\n");
            self.notices.say(Topic::Memory, Tone::Bad, text);
        }
    }

    /// Has what changed written. While a gesture goes on nothing is, since its end is what counts.
    pub(super) fn keep(&mut self, ctx: &egui::Context, gesture: bool) {
        let Some(persistence) = &mut self.kept.persistence else {
            return;
        };
        if let Some(problem) = persistence.folder.writer.take_problem() {
            self.notices.say(Topic::Memory, Tone::Bad, problem);
        }
        persistence.keep_bookmarks(&self.controls.bookmarks);
        persistence.keep_notebook(&self.kept.notebook);
        if gesture {
            return;
        }
        let theme = ctx.options(|options| options.theme_preference.into());
        let old = persistence.session.as_ref();
        let size = size(ctx).or(old.and_then(|old| old.size));
        let same = |old: &Memory| {
            old.controls == self.controls
                && old.recent == self.kept.recent
                && old.theme == theme
                && old.size == size
                && old.zoom == self.kept.zoom
        };
        // Compared before anything is copied: this runs at every pass.
        if old.is_some_and(same) {
            return;
        }
        persistence.keep_session(Memory {
            controls: self.controls.clone(),
            theme,
            recent: self.kept.recent.clone(),
            size,
            zoom: self.kept.zoom,
        });
    }

    /// Back to the first day, but for the model in front and the bookmarks. The scene can be had back by undo.
    pub(super) fn forget(&mut self, ctx: &egui::Context) {
        let model = self.controls.model.clone();
        let bookmarks = std::mem::take(&mut self.controls.bookmarks);
        self.controls = Controls::new(model, Space::Explore, self.controls.seed);
        self.controls.bookmarks = bookmarks;
        let open: Vec<_> = self.session.sources().cloned().collect();
        for source in open {
            if let Some(model) = self.session.open(&source) {
                self.controls.open(&source, model);
            }
        }
        self.kept.recent = Recent::default();
        ctx.set_theme(ThemeChoice::System);
        let text = "The session is deleted. Undo (Ctrl+Z) brings the scene back.";
        self.notices.say(Topic::Memory, Tone::Good, text);
    }
}

/// Width and height of the window in points of the screen, whatever the zoom, but for one that fills the screen: that is no
/// size to start with.
fn size(ctx: &egui::Context) -> Option<(f32, f32)> {
    let full = ctx.input(|input| {
        let viewport = input.viewport();
        let fills = viewport.fullscreen == Some(true) || viewport.maximized == Some(true);
        fills || viewport.inner_rect.is_none()
    });
    // Windows have whole pixels; the points of a zoomed content are rounded.
    let pixels = ctx.native_pixels_per_point().unwrap_or(1.0);
    let size = (window_size(ctx) * pixels).round() / pixels;
    (!full).then_some((size.x, size.y))
}
