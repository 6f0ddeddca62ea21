//! The sliders, those that carry most information first.

use eframe::egui::{Align, Button, CollapsingHeader, Layout, RichText, ScrollArea, Ui};
use studio::GeneratorPart;

use super::{ExplorePanel, pad};
use crate::{
    panels::{self, Context, common::seed_field},
    state::{
        command::{NotebookCommand, SceneCommand, WindowCommand},
        importance::{Importance, slider_order},
        notebook::{self, Note},
        scene::Scene,
    },
    theme,
    widgets::{self, LatentRow, RowResponse, latent_row, overflow_row, segments, text_width},
};

impl ExplorePanel {
    pub(super) fn sliders(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        heading(ui, context);
        draw_buttons(ui, context);
        self.kinds(ui, context);
        ui.add_space(2.0);
        let room = ui.available_size();
        // Both lists have a place of their own that they are scrolled to.
        let area = ScrollArea::vertical().id_salt(self.directions.shown);
        area.auto_shrink(false).show(ui, |ui| {
            pad::ui(ui, context, room);
            if self.directions.shown {
                self.directions.ui(ui, context);
            } else {
                self.directions.hide();
                self.rows(ui, context);
            }
        });
    }

    /// A row for each dimension.
    fn rows(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let (notebook, mut naming) = (context.notebook, None);
        let Some(open) = panels::open(context.controls, context.session) else {
            return;
        };
        let stats = &open.model.space.statistics;
        let (active, quiet): (Vec<usize>, Vec<usize>) = slider_order(stats)
            .into_iter()
            .partition(|&dim| stats.is_active(dim));
        let weights = notebook::weights(&open.model.manifest);
        let note = |dim: usize| notebook.note(weights, dim);
        let (mut hovered, mut first) = (None, None);
        let mut row = |ui: &mut Ui, dim: usize, scene: &mut Scene| {
            let response = self.row(ui, open.generator, dim, scene, note(dim));
            first.get_or_insert(response.slider);
            if response.hovered {
                hovered = Some(dim);
            }
            if response.naming {
                naming = Some(dim);
            }
        };
        ui.spacing_mut().item_spacing.y = 1.0;
        for dim in active {
            row(ui, dim, open.scene);
        }
        if !quiet.is_empty() {
            ui.add_space(theme::GAP);
            let text = RichText::new(format!("{} quiet dimensions", quiet.len()))
                .color(theme::palette(ui).text_weak);
            CollapsingHeader::new(text).show_unindented(ui, |ui| {
                widgets::caption(
                    ui,
                    "The encoder hardly uses these: over the training images the variance of their mean is at most 0.01.",
                );
                for dim in quiet {
                    row(ui, dim, open.scene);
                }
            });
        }
        self.first_slider = first;
        if hovered != self.hovered {
            self.hovered = hovered;
            ui.ctx().request_repaint();
        }
        if let Some(dim) = naming {
            context.send(NotebookCommand::AskForName(dim));
        }
    }

    /// Axes or other directions, and a name for the selected axis.
    fn kinds(&mut self, ui: &mut Ui, context: &mut Context<'_>) {
        let selected = context.controls.scene().map(|scene| scene.selected);
        ui.horizontal(|ui| {
            let choices = [(false, "Axes".to_owned()), (true, "Directions".to_owned())];
            let shown = self.directions.shown;
            self.directions.shown = segments(ui, shown, choices).unwrap_or(shown);
            let Some(dim) = selected else { return };
            let name = format!("Name z{dim}…");
            let width = text_width(ui, &name) + 2.0 * ui.spacing().button_padding.x;
            // Where it has no room, N and a double-click ask for the name.
            if ui.available_width() < width {
                return;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let name = ui.button(name);
                let name =
                    name.on_hover_text("Name the selected dimension, and note what it does (N)");
                if name.clicked() {
                    context.send(NotebookCommand::AskForName(dim));
                }
            });
        });
    }

    fn row(
        &self,
        ui: &mut Ui,
        part: &GeneratorPart,
        dim: usize,
        scene: &mut Scene,
        note: Option<&Note>,
    ) -> RowResponse {
        let stats = &part.latent.statistics;
        let row = LatentRow {
            dim,
            importance: Importance::of(part, dim),
            selected: scene.selected == dim,
            maps: (!self.effects.is_empty()).then_some(&self.effects),
            note,
        };
        let mut sigmas = stats.to_sigmas(dim, scene.latent[dim]);
        let response = latent_row(ui, row, &mut sigmas, &mut scene.locked[dim]);
        if response.changed {
            scene.latent[dim] = stats.from_sigmas(dim, sigmas);
        }
        if response.chosen {
            scene.selected = dim;
        }
        response
    }
}

fn heading(ui: &mut Ui, context: &mut Context<'_>) {
    ui.horizontal(|ui| {
        widgets::title(ui, "Latent").on_hover_text(
            "One slider a dimension, those that carry most information first, in standard deviations (sigma) of the \
             aggregate posterior. Drag, or hold Shift for a fine drag; arrow keys move the one in focus; double-click \
             goes back to the mean.",
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let steps = [
                ("Redo", context.redo.as_ref(), SceneCommand::Redo, "Ctrl+Shift+Z"),
                ("Undo", context.undo.as_ref(), SceneCommand::Undo, "Ctrl+Z"),
            ];
            let mut sent = None;
            for (name, what, command, keys) in steps {
                let button = Button::new(name).frame_when_inactive(false);
                let button = ui.add_enabled(what.is_some(), button);
                let what = what.map_or("", String::as_str);
                if button
                    .on_hover_text(format!("{name} {what} ({keys})"))
                    .on_disabled_hover_text(format!("There is nothing to {}", name.to_lowercase()))
                    .clicked()
                {
                    sent = Some(command);
                }
            }
            context.commands.extend(sent.map(Into::into));
            // In a low window the steps are in the file menu.
            if !theme::has_shelf(ui) {
                return;
            }
            let history = Button::new("History").frame_when_inactive(false);
            let shown = context.controls.history_unfolded;
            let history = ui.add(history.selected(shown));
            let hint = "Every step that you made, as pictures; a click goes there (U)";
            if history.on_hover_text(hint).clicked() {
                context.send(WindowCommand::ToggleHistory);
            }
        });
    });
}

/// What can be done with the whole latent.
#[derive(Clone, Copy)]
enum Draw {
    Randomise,
    Seed,
    Reset,
    Back,
}

fn draw_buttons(ui: &mut Ui, context: &mut Context<'_>) {
    const ALL: [Draw; 4] = [Draw::Randomise, Draw::Reset, Draw::Back, Draw::Seed];
    ui.horizontal(|ui| {
        overflow_row(ui, "the latent", &ALL, 0.0, |ui, draw| match draw {
            Draw::Randomise => {
                let randomise = ui
                    .button("Randomise")
                    .on_hover_text("Draw every unlocked dimension from the prior (R)");
                if randomise.clicked() {
                    context.send(SceneCommand::Randomise);
                }
            }
            Draw::Seed => {
                if let Some(scene) = context.controls.scene_mut() {
                    seed_field(ui, &mut scene.seed, "seed of the next draw");
                }
            }
            Draw::Reset => {
                let reset = ui
                    .button("Reset")
                    .on_hover_text("Put every unlocked dimension on its mean (Delete)");
                if reset.clicked() {
                    context.send(SceneCommand::Reset);
                }
            }
            Draw::Back => {
                let back = ui
                    .button("Back to start")
                    .on_hover_text("Go back to where this latent came from (Backspace)");
                if back.clicked() {
                    context.send(SceneCommand::BackToStart);
                }
            }
        });
    });
}
