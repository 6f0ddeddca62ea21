//! The lessons: which there are, and which is under way.

use eframe::egui::Ui;

use crate::{
    panels::{
        Context,
        lessons::{GuidePanel, Guided},
    },
    state::lesson::{Library, Running, Seen, shipped},
    widgets::find_nothing,
};

/// The lessons of this window.
pub(in crate::app) struct LessonState {
    pub library: Library,
    pub running: Option<Running>,
    /// Whether the list is open.
    pub list: bool,
    /// Whether the person's own lessons were asked for.
    pub read: bool,
    guide: GuidePanel,
}

impl Default for LessonState {
    fn default() -> Self {
        Self {
            library: shipped(),
            running: None,
            list: false,
            read: false,
            guide: GuidePanel::default(),
        }
    }
}

impl LessonState {
    /// Shows the lesson that is under way, under the spaces. `points` says whether nothing lies over them.
    pub fn paint(
        &mut self,
        ui: &mut Ui,
        context: &mut Context<'_>,
        (done, fits): (bool, bool),
        points: bool,
    ) {
        let Some(running) = &self.running else {
            return find_nothing(ui.ctx());
        };
        let seen = Seen {
            controls: context.controls,
            session: context.session,
            notebook: context.notebook,
        };
        let guided = Guided {
            running,
            done,
            fits,
            seen,
        };
        self.guide.ui(ui, guided, points, context.commands);
    }
}
