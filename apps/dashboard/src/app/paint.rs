//! Which panels are in front.

use eframe::egui::Ui;

use super::App;
use crate::{
    panels::{self, Context},
    state::{command::Command, controls::Space},
};

impl App {
    pub(super) fn paint(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let mut context = Context {
            controls: &mut self.controls,
            session: &self.session,
            device: &self.device,
            undo: self.history.undone_in_words(),
            redo: self.history.redone_in_words(),
            recent: &self.kept.recent,
            commands,
            notebook: &self.kept.notebook,
        };
        let open = panels::open(context.controls, context.session).is_some();
        if self.show.presenting && open {
            self.panels.presenter.ui(ui, &mut context);
            self.paint_dialogs(ui, commands);
            return;
        }
        panels::top_bar::ui(ui, &mut context);
        panels::status_bar::ui(ui, &context, &self.notices);
        let trains = context.controls.space == Space::Train;
        if !trains && context.controls.space != Space::Evaluate {
            let playing = self.show.player.is_some();
            self.panels.strip.ui(ui, &mut context, playing);
        }
        // A panel may have brought another model to the front.
        if trains {
            let front = context.controls.model.clone();
            self.panels
                .train
                .ui(ui, &mut self.training, &front, commands);
        } else if panels::open(context.controls, context.session).is_some() {
            self.panels.space(ui, &mut context);
        } else {
            panels::opening::ui(ui, &mut context);
        }
        self.paint_over(ui, commands);
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
        self.dialogs.help_ui(ui.ctx());
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
}
