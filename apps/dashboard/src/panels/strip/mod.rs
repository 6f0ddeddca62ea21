//! The strip under the spaces: the show in one row, and above it, when it is unfolded, the bookmarks.

mod bar;
mod shelf;

use eframe::egui::{Align, Layout, Panel, Ui, vec2};

use super::{Context, open};
use crate::{
    state::command::{BookmarkCommand, ShowCommand},
    theme,
    widgets::canvas::Atlas,
};

/// What the strip keeps between passes.
#[derive(Default)]
pub struct StripPanel {
    pictures: Atlas,
    /// The bookmark whose name is being typed, and the name so far.
    typed: Option<(usize, String)>,
}

impl StripPanel {
    /// Shows the strip, once a model is open and where there is room for it.
    pub fn ui(&mut self, ui: &mut Ui, context: &mut Context<'_>, playing: bool) {
        if open(context.controls, context.session).is_none() || !theme::has_strip(ui) {
            return;
        }
        let unfolded = context.controls.timeline.unfolded && theme::has_shelf(ui);
        let shelf = if unfolded { theme::STRIP_SHELF } else { 0.0 };
        Panel::bottom("strip")
            .exact_size(theme::STRIP_BAR + shelf)
            .resizable(false)
            .frame(theme::panel_frame(ui, 14, 4))
            .show(ui, |ui| {
                if unfolded {
                    let size = vec2(ui.available_width(), theme::STRIP_SHELF - 6.0);
                    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
                        ui.set_min_size(size);
                        self.shelf(ui, context);
                    });
                }
                ui.horizontal_centered(|ui| bar::ui(ui, context, playing));
            });
    }
}

/// What the strip is for, in a menu: for windows that are too low for it.
pub(super) fn menu(ui: &mut Ui, context: &mut Context<'_>) {
    ui.menu_button("Bookmarks", |ui| {
        if ui.button("Add bookmark").clicked() {
            context.send(BookmarkCommand::Add);
        }
        bar::bookmarks(ui, context);
    });
    if ui.button("Play or pause the show").clicked() {
        context.send(ShowCommand::TogglePlay);
    }
}
