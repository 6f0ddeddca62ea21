//! Anchors: many samples of one class, judged one by one, and the way from one class to another.

mod grid;
mod morph;
mod settings;

use eframe::egui::{CentralPanel, Panel, ScrollArea, Ui, UiBuilder, vec2};

use super::{Context, common::roomy, dock};
use crate::{state::dock::Docked, theme, widgets::canvas::Atlas};

/// Beside the samples and the morph.
const MARGIN: i8 = 16;
/// Height of the samples, margins included, where the morph is scrolled to.
const LEAST_GRID: f32 = 200.0;

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
        let width = ui.available_width() - 2.0 * f32::from(MARGIN);
        let height = model.map_or(0.0, |model| morph::height(ui, model, width));
        let frame = theme::panel_frame(ui, MARGIN, 12).fill(theme::palette(ui).background);
        if ui.available_height() < LEAST_GRID + height {
            CentralPanel::default().frame(frame).show(ui, |ui| {
                self.above_each_other(ui, context, height);
            });
            return;
        }
        Panel::bottom("anchors morph")
            .exact_size(height)
            .resizable(false)
            .frame(theme::panel_frame(ui, MARGIN, 12))
            .show(ui, |ui| self.morph(ui, context));
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| self.grid(ui, context));
    }

    /// The samples, and the morph under them, both to be scrolled to: for low windows.
    fn above_each_other(&mut self, ui: &mut Ui, context: &mut Context<'_>, morph: f32) {
        roomy(ui, vec2(0.0, LEAST_GRID + morph), |ui| {
            let whole = ui.available_rect_before_wrap();
            let border = whole.bottom() - morph;
            let grid = whole.with_max_y(border);
            ui.scope_builder(UiBuilder::new().max_rect(grid), |ui| self.grid(ui, context));
            let morph = whole.with_min_y(border);
            ui.scope_builder(UiBuilder::new().max_rect(morph), |ui| {
                self.morph(ui, context);
            });
        });
    }
}
