//! Explore: move the latent and see the image, the verdict and the evidence.

mod realism;
mod sliders;
mod stage;
mod start;
mod verdict;

pub use sliders::seed_field;
pub use stage::heatmap_controls;
pub use verdict::evidence;

use eframe::egui::{CentralPanel, Panel, ScrollArea, Ui};

use super::Context;
use crate::{
    canvas::{Atlas, Canvas},
    theme,
};

/// What Explore keeps between passes: textures and the pointer's last row.
#[derive(Default)]
pub struct ExplorePanel {
    canvas: Canvas,
    strip: Atlas,
    effects: Atlas,
    input: Canvas,
    sample: Canvas,
    hovered: Option<usize>,
}

impl ExplorePanel {
    /// Shows the space.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        self.update_effects(ui, context);
        let frame = theme::panel_frame(ui, 12, 10);
        Panel::left("explore sliders")
            .exact_size(theme::LEFT_PANEL)
            .resizable(false)
            .frame(frame)
            .show(ui, |ui| self.sliders(ui, context));
        Panel::right("explore verdict")
            .exact_size(theme::RIGHT_PANEL)
            .resizable(false)
            .frame(frame)
            .show(ui, |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    verdict::ui(ui, context);
                    ui.add_space(theme::GAP);
                    self.start(ui, context);
                });
            });
        let frame = theme::panel_frame(ui, 16, 12).fill(theme::palette(ui).background);
        CentralPanel::default()
            .frame(frame)
            .show(ui, |ui| self.stage(ui, context));
    }

    fn update_effects(&mut self, ui: &Ui, context: &Context<'_>) {
        let Some(effects) = &context.answers().effects else {
            return;
        };
        let palette = theme::palette(ui);
        let maps = &effects.value.maps;
        // One scale for all maps, so that a dimension that changes little looks as if it does.
        let largest = maps
            .iter()
            .flatten()
            .fold(f32::EPSILON, |largest, value| largest.max(value.abs()));
        let key = (effects.revision, ui.visuals().dark_mode);
        let images = maps.iter().map(Vec::as_slice);
        self.effects.show_signed(ui.ctx(), key, images, |value| {
            palette.diverging(value / largest)
        });
    }
}
