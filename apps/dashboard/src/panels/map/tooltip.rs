//! What shows beside the pointer on a map.

use eframe::egui::{Response, Sense, Tooltip, Ui, Vec2};

use super::paint::Stage;
use crate::{
    state::map::Coloring,
    widgets::{self, canvas},
};

/// Side of the picture.
const LARGE: f32 = 96.0;

impl Stage<'_> {
    /// The picture of a point, and what is known of it.
    pub(super) fn tooltip(&self, ui: &Ui, response: &Response, index: usize) {
        let tooltip =
            Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), response.id, response.rect);
        tooltip.at_pointer().gap(14.0).show(|ui| {
            let shape = self.model.shape();
            let side = canvas::crisp_side(shape, LARGE, ui.pixels_per_point());
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
                self.pictures.paint(ui, rect, index);
                ui.vertical(|ui| {
                    let cloud = &self.layout.points.cloud;
                    if self.model.info().has_classes() {
                        let name = self.model.info().class_name(cloud.classes[index]);
                        widgets::title(ui, &name);
                    }
                    let name = if self.sampled {
                        format!("Test image {}", index + 1)
                    } else {
                        format!("Sample {}", cloud.number_in_region(index) + 1)
                    };
                    widgets::caption(ui, name);
                    self.measured(ui, index);
                });
            });
        });
    }

    /// What was measured of a point.
    fn measured(&self, ui: &mut Ui, index: usize) {
        if let Some(said) = self.figures.predictions.get(index) {
            let name = self.model.judged_name(said.class);
            widgets::caption(ui, format!("Taken for {name}"));
        }
        for coloring in Coloring::ALL {
            if let Some(value) = self.figures.value(coloring, index) {
                let value = coloring.in_words(value);
                widgets::caption(ui, format!("{} {value}", coloring.title()));
            }
        }
    }

    /// What a pin is.
    pub(super) fn pin_tooltip(&self, ui: &Ui, response: &Response, pin: usize) {
        let Some(pin) = self.pins.get(pin) else {
            return;
        };
        let ctx = ui.ctx().clone();
        let tooltip = Tooltip::always_open(ctx, ui.layer_id(), response.id, response.rect);
        tooltip.at_pointer().gap(14.0).show(|ui| {
            widgets::title(ui, &pin.name);
            widgets::caption(ui, "A picture of your own. Click to go there");
        });
    }
}
