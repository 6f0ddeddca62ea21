//! The row over the map: which layout, and what to do on it.

use eframe::egui::{Align, Button, Layout as Flow, ProgressBar, Ui, vec2};

use super::{MapPanel, Projection};
use crate::{
    panels::Context,
    theme,
    widgets::{caption, figure, hinted_segments},
};

/// How much a button zooms.
const ZOOM_STEP: f32 = 1.5;
const PROGRESS: f32 = 150.0;

impl MapPanel {
    pub(super) fn controls(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        ui.horizontal_centered(|ui| {
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
            ui.add_space(theme::GAP);
            let lasso = ui.add(Button::selectable(self.lasso, "Lasso"));
            if lasso
                .on_hover_text("Draw a line around points and see their mean (L). Esc puts it away")
                .clicked()
            {
                self.lasso = !self.lasso;
            }
            self.progress(ui, context);
            ui.with_layout(Flow::right_to_left(Align::Center), |ui| self.zoom(ui));
        });
    }

    fn choose(&mut self, projection: Projection) {
        self.projection = projection;
        self.view.points_moved();
        self.view.viewport = crate::state::map::Viewport::default();
    }

    /// How far t-SNE is, and a way to stop it.
    fn progress(&mut self, ui: &mut Ui, context: &Context<'_>) {
        let chosen = self.projection == Projection::Tsne;
        let Some(unfolding) = self
            .unfolding()
            .filter(|unfolding| chosen && !unfolding.done())
        else {
            return;
        };
        let (done, all) = unfolding.progress();
        ui.add_space(theme::GAP);
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

    /// From the right to the left.
    fn zoom(&mut self, ui: &mut Ui) {
        let whole = self.view.viewport.shows_all();
        let fit = ui.add_enabled(!whole, Button::new("Fit all"));
        if fit
            .on_hover_text("Show all points (double-click)")
            .clicked()
        {
            self.view.viewport = crate::state::map::Viewport::default();
        }
        let small = |text: &str| Button::new(text.to_owned()).min_size(vec2(26.0, 26.0));
        for (text, name, factor) in [
            ("+", "zoom in", ZOOM_STEP),
            ("−", "zoom out", 1.0 / ZOOM_STEP),
        ] {
            if ui.add(small(text)).accessible_name(name).clicked() {
                self.view.zoom_by = factor;
            }
        }
        caption(ui, "Scroll to zoom, right-drag to move the map");
    }
}
