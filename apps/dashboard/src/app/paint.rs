//! Which panels are in front.

use eframe::egui::{self, Ui};

use super::{
    App, AtOnce,
    parts::{LessonState, Panels},
};
use crate::{
    panels::{
        self, Context,
        lessons::{self, LessonList},
    },
    state::{command::Command, controls::Space, notices::Notices},
};

/// What panels are painted from.
struct Parts<'a> {
    panels: &'a mut Panels,
    lessons: &'a mut LessonState,
    notices: &'a Notices,
    context: Context<'a>,
}

impl App {
    pub(super) fn paint(
        &mut self,
        ui: &mut Ui,
        commands: &mut Vec<Command>,
        at_once: Option<&mut AtOnce<'_>>,
    ) {
        // A dialog takes the keys, so it is seen.
        if self.show.black && self.is_open() && !self.is_covered() {
            return panels::presenter::black(ui);
        }
        if self.show.presenting && self.is_open() {
            let Parts {
                panels,
                mut context,
                ..
            } = self.parts(commands);
            panels.presenter.ui(ui, &mut context);
            self.paint_dialogs(ui, commands);
            return;
        }
        let space = self.paint_bars(ui, commands);
        // A bar may have brought another model to the front.
        if space == Space::Train {
            let front = self.controls.model.clone();
            let panel = &mut self.panels.train;
            panel.ui(ui, &mut self.training, &front, commands);
        } else if self.is_open() {
            self.paint_space(ui, commands, at_once);
        } else {
            panels::opening::ui(ui, &mut self.parts(commands).context);
        }
        self.paint_over(ui, commands);
    }

    /// The bars around the space in front, and which one that is.
    fn paint_bars(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) -> Space {
        let playing = self.show.player.is_some();
        let guided = (self.step_is_done(), self.lesson_fits());
        let covered = self.is_covered();
        let Parts {
            panels,
            lessons,
            notices,
            mut context,
        } = self.parts(commands);
        panels::top_bar::ui(ui, &mut context);
        panels::status_bar::ui(ui, &context, notices);
        lessons.paint(ui, &mut context, guided, !covered);
        let space = context.controls.space;
        if !matches!(space, Space::Train | Space::Evaluate) {
            panels.strip.ui(ui, &mut context, playing);
            panels.history.ui(ui, &mut context);
        }
        space
    }

    /// The space in front. What its picture follows from comes first, so that it can be the picture of this very pass.
    fn paint_space(
        &mut self,
        ui: &mut Ui,
        commands: &mut Vec<Command>,
        at_once: Option<&mut AtOnce<'_>>,
    ) {
        let Parts {
            panels,
            mut context,
            ..
        } = self.parts(commands);
        panels.before_the_picture(ui, &mut context);
        if let Some(at_once) = at_once {
            self.ask_at_once(at_once);
        }
        let Parts {
            panels,
            mut context,
            ..
        } = self.parts(commands);
        panels.space(ui, &mut context);
    }

    /// Whether the model in front is open.
    fn is_open(&mut self) -> bool {
        panels::open(&mut self.controls, &self.session).is_some()
    }

    /// What panels keep, and what they see and change.
    fn parts<'a>(&'a mut self, commands: &'a mut Vec<Command>) -> Parts<'a> {
        let context = Context {
            controls: &mut self.controls,
            session: &self.session,
            device: &self.device,
            undo: self.history.undone_in_words(),
            redo: self.history.redone_in_words(),
            recent: &self.kept.recent,
            commands,
            notebook: &self.kept.notebook,
            history: &self.history,
            step_pictures: &self.step_pictures,
        };
        Parts {
            panels: &mut self.panels,
            lessons: &mut self.lessons,
            notices: &self.notices,
            context,
        }
    }

    /// What lies over the panels.
    fn paint_over(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        self.paint_dialogs(ui, commands);
        if let Some(step) = self.dialogs.tour {
            panels::tour::ui(ui.ctx(), step, commands);
        }
    }

    /// What says or asks something, whatever is behind it: what takes the keys has to be seen, or nobody finds the way back.
    fn paint_dialogs(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        panels::notices::ui(ui, &self.notices, commands);
        self.dialogs.help_ui(ui.ctx(), commands);
        self.paint_lessons(ui.ctx(), commands);
        if let Some((text, share)) = self.film.progress() {
            panels::film::ui(ui, &text, share, commands);
        }
        self.dialogs.path_ui(ui.ctx(), &self.tasks, commands);
        let model = self.session.open(&self.controls.model);
        if self.dialogs.palette.is_some() {
            let entries = self.findable();
            self.dialogs.palette_ui(ui.ctx(), &entries, commands);
        }
        self.dialogs.name_ui(ui.ctx(), commands);
        if self.import.is_open {
            let card = &mut self.panels.import;
            card.ui(ui.ctx(), &mut self.import, model, commands);
        }
        panels::drop_target::ui(ui);
    }

    /// Whether something lies over the spaces that asks or says something.
    fn is_covered(&self) -> bool {
        self.dialogs.take_keys() || self.dialogs.help || self.lessons.list || self.import.is_open
    }

    /// The list of lessons, if it is open.
    fn paint_lessons(&mut self, ctx: &egui::Context, commands: &mut Vec<Command>) {
        if !self.lessons.list {
            return;
        }
        let folder = self.lesson_folder();
        let list = LessonList {
            library: &self.lessons.library,
            notes: &self.kept.notebook.lessons,
            folder: folder.as_deref(),
        };
        self.lessons.list = lessons::list_ui(ctx, list, commands);
    }
}
