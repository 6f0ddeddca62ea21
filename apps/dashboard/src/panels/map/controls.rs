//! The row over the map: which layout, and what to do on it.

use eframe::egui::{
    Align, Button, ComboBox, Layout as Flow, PopupCloseBehavior, ProgressBar, Ui, containers::menu,
    vec2,
};

use super::MapPanel;
use crate::{
    panels::Context,
    state::{
        command::MapCommand,
        map::{Coloring, MapLayer, Projection, Viewport},
    },
    widgets::{caption, checkbox, figure, hinted_segments, overflow_row, text_width},
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
    Coloring,
    Lasso,
    Zoom,
    Layers,
    Save,
}

impl MapPanel {
    pub(super) fn controls(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let mut row = vec![
            Control::Projection,
            Control::Coloring,
            Control::Lasso,
            Control::Zoom,
            Control::Layers,
            Control::Save,
        ];
        if self.is_unfolding(context.controls.map.projection) {
            row.insert(1, Control::Progress);
        }
        ui.horizontal_centered(|ui| {
            overflow_row(ui, "Map's row", &row, 0.0, |ui, control| match control {
                Control::Projection => self.projection(ui, context),
                Control::Progress => self.progress(ui, context),
                Control::Coloring => coloring(ui, context),
                Control::Lasso => self.lasso(ui),
                Control::Zoom => self.zoom(ui),
                Control::Layers => layers(ui, context),
                Control::Save => save(ui, context),
            });
            let room = ui.available_width();
            ui.with_layout(Flow::right_to_left(Align::Center), |ui| {
                if text_width(ui, HINT) < room {
                    caption(ui, HINT);
                }
            });
        });
    }

    fn projection(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let chosen = context.controls.map.projection;
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
        if let Some(projection) = hinted_segments(ui, chosen, choices, hint) {
            context.controls.map.projection = projection;
            self.lies_anew();
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

    fn is_unfolding(&self, projection: Projection) -> bool {
        let unfolds = projection == Projection::Tsne;
        unfolds && self.unfolding().is_some_and(|unfolding| !unfolding.done())
    }

    /// The points lie elsewhere now.
    fn lies_anew(&mut self) {
        self.view.points_moved();
        self.view.viewport = Viewport::default();
    }

    /// How far t-SNE is, and a way to stop it.
    fn progress(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
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
            context.controls.map.projection = Projection::Principal;
            self.lies_anew();
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
            self.view.viewport = Viewport::default();
        }
    }
}

/// What the colours say.
fn coloring(ui: &mut Ui, context: &mut Context<'_>) {
    let chosen = context.controls.map.coloring;
    ui.label("Colour");
    let combo = ComboBox::from_id_salt("map colours")
        .width(96.0)
        .selected_text(chosen.title());
    let response = combo.show_ui(ui, |ui| {
        let Some(model) = context.session.open(&context.controls.model) else {
            return;
        };
        for one in Coloring::ALL {
            let missing = one.missing(model);
            let button = Button::selectable(chosen == one, one.title());
            let button = ui.add_enabled(missing.is_none(), button);
            let button = button
                .on_hover_text(one.sentence())
                .on_disabled_hover_text(missing.unwrap_or_default());
            if button.clicked() {
                context.controls.map.coloring = one;
                ui.close();
            }
        }
    });
    let response = response.response.on_hover_text(chosen.sentence());
    response.accessible_name("colours of the map");
}

/// What lies over the points.
fn layers(ui: &mut Ui, context: &mut Context<'_>) {
    let config = menu::MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (button, _) = menu::MenuButton::new("Show").config(config).ui(ui, |ui| {
        for layer in MapLayer::ALL {
            let mut shown = context.controls.map.shows(layer);
            let shown = checkbox(ui, &mut shown, layer.title());
            if shown.on_hover_text(layer.sentence()).changed() {
                context.send(MapCommand::Toggle(layer));
            }
        }
    });
    button.accessible_name("show on the map");
}

fn save(ui: &mut Ui, context: &mut Context<'_>) {
    let menu = ui.menu_button("Save", |ui| {
        let entries = [
            ("Points as CSV…", MapCommand::SaveTable),
            ("Drawing as SVG…", MapCommand::SaveDrawing),
        ];
        for (title, command) in entries {
            if ui.button(title).clicked() {
                context.send(command);
            }
        }
    });
    menu.response.accessible_name("save the map");
}
