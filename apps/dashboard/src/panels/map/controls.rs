//! The row over the map: which layout, and what to do on it.

use eframe::egui::{Align, Button, Layout as Flow, ProgressBar, Ui, vec2};

use super::{MapPanel, Projection};
use crate::{
    panels::Context,
    widgets::{caption, figure, hinted_segments, overflow_row, text_width},
};

/// How much a button zooms.
const ZOOM_STEP: f32 = 1.5;
const PROGRESS: f32 = 150.0;
const HINT: &str = "Scroll to zoom, right-drag to move the map";

/// What stands in the row.
#[derive(Clone, Copy)]
enum Control {
    Projection,
    Progress,
    Lasso,
    Zoom,
}

impl MapPanel {
    pub(super) fn controls(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let mut row = vec![Control::Projection, Control::Lasso, Control::Zoom];
        if self.is_unfolding() {
            row.insert(1, Control::Progress);
        }
        ui.horizontal_centered(|ui| {
            overflow_row(ui, "Map's row", &row, 0.0, |ui, control| match control {
                Control::Projection => self.projection(ui),
                Control::Progress => self.progress(ui, context),
                Control::Lasso => self.lasso(ui),
                Control::Zoom => self.zoom(ui),
            });
            let room = ui.available_width();
            ui.with_layout(Flow::right_to_left(Align::Center), |ui| {
                if text_width(ui, HINT) < room {
                    caption(ui, HINT);
                }
            });
        });
    }

    fn projection(&mut self, ui: &mut Ui) {
        let choices = [
            (Projection::Principal, "PCA".to_owned()),
            (Projection::Tsne, "t-SNE".to_owned()),
        ];
        let hint = |projection| {
            let text = match projection {
                Projection::Principal => "The two directions in which latents spread most",
                Projection::Tsne => {
                    "Neighbours together: worked out once a model, in a few seconds"
                }
            };
            text.to_owned()
        };
        if let Some(projection) = hinted_segments(ui, self.projection, choices, hint) {
            self.choose(projection);
        }
    }

    fn lasso(&mut self, ui: &mut Ui) {
        let lasso = ui.add(Button::selectable(self.lasso, "Lasso"));
        if lasso
            .on_hover_text("Draw a line around points and see their mean (L). Esc puts it away")
            .clicked()
        {
            self.lasso = !self.lasso;
        }
    }

    fn is_unfolding(&self) -> bool {
        let unfolds = self.projection == Projection::Tsne;
        unfolds && self.unfolding().is_some_and(|unfolding| !unfolding.done())
    }

    fn choose(&mut self, projection: Projection) {
        self.projection = projection;
        self.view.points_moved();
        self.view.viewport = crate::state::map::Viewport::default();
    }

    /// How far t-SNE is, and a way to stop it.
    fn progress(&mut self, ui: &mut Ui, context: &Context<'_>) {
        let Some(unfolding) = self.unfolding() else {
            return;
        };
        let (done, all) = unfolding.progress();
        let share = done as f32 / all.max(1) as f32;
        ui.add(ProgressBar::new(share).desired_width(PROGRESS))
            .accessible_name("progress of t-SNE");
        figure(ui, format!("{done:3}/{all}"));
        let cancel = ui.button("Cancel").on_hover_text("Back to PCA");
        if cancel.accessible_name("Cancel t-SNE").clicked() {
            let model = &context.controls.model;
            self.unfoldings.retain(|of, _| of.source != *model);
            self.choose(Projection::Principal);
        }
    }

    fn zoom(&mut self, ui: &mut Ui) {
        let small = |text: &str| Button::new(text.to_owned()).min_size(vec2(26.0, 26.0));
        for (text, name, factor) in [
            ("−", "zoom out", 1.0 / ZOOM_STEP),
            ("+", "zoom in", ZOOM_STEP),
        ] {
            if ui.add(small(text)).accessible_name(name).clicked() {
                self.view.zoom_by = factor;
            }
        }
        let whole = self.view.viewport.shows_all();
        let fit = ui.add_enabled(!whole, Button::new("Fit all"));
        if fit
            .on_hover_text("Show all points (double-click)")
            .clicked()
        {
            self.view.viewport = crate::state::map::Viewport::default();
        }
    }
}
