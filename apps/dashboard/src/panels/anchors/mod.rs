//! Anchors: many samples of one class, judged one by one, and the way from one class to another.

mod grid;
mod morph;
mod settings;

use eframe::egui::{CentralPanel, Panel, ScrollArea, Ui};

use super::{Context, dock};
use crate::{state::dock::Docked, theme, widgets::canvas::Atlas};

/// What Anchors keeps between passes: textures.
#[derive(Default)]
pub struct AnchorsPanel {
    grid: Atlas,
    morph: Atlas,
}

impl AnchorsPanel {
    /// Shows the space.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        dock::show(ui, context, Docked::Settings, |ui, context| {
            let area = ScrollArea::vertical().auto_shrink(false);
            area.show(ui, |ui| settings::ui(ui, context));
        });
        let model = context.session.open(&context.controls.model);
        let height = model.map_or(0.0, |model| morph::height(ui, model));
        Panel::bottom("anchors morph")
            .exact_size(height)
            .resizable(false)
            .frame(theme::panel_frame(ui, 16, 12))
            .show(ui, |ui| self.morph(ui, context));
        let frame = theme::panel_frame(ui, 16, 12).fill(theme::palette(ui).background);
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| self.grid(ui, context));
    }
}
