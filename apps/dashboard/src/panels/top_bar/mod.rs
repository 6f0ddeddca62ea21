//! The bar on top: which domain and which model of it, which space, dark or light, help.

mod file_menu;
mod fit;
mod models;

use eframe::egui::{Align, Button, ComboBox, Layout, Panel, RichText, Ui, vec2};

use self::{
    fit::{BarFit, NAME, SIGN, SPACES},
    models::Choices,
};
use super::{Context, common::theme_menu};
use crate::{
    state::{
        command::{Command, ModelCommand, WindowCommand},
        controls::Space,
        shortcuts,
    },
    theme,
    widgets::hinted_segments,
};

/// Shows the bar.
pub fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    let margin = if theme::is_narrow(ui) { 8 } else { 14 };
    Panel::top("top bar")
        .exact_size(theme::TOP_BAR)
        .resizable(false)
        .frame(theme::panel_frame(ui, margin, 7))
        .show(ui, |ui| {
            let choices = Choices::new(context);
            let fit = BarFit::of(ui, |fit| choices.width(ui, fit));
            ui.horizontal_centered(|ui| {
                if fit.name {
                    let color = theme::palette(ui).text_strong;
                    ui.label(RichText::new("Latent Lens").size(NAME).color(color));
                }
                file_menu::ui(ui, context, fit);
                if fit.name {
                    ui.add_space(theme::GAP);
                }
                spaces(ui, context, fit);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if fit.help {
                        help(ui, context);
                    }
                    if fit.find {
                        find(ui, context);
                    }
                    if fit.theme {
                        theme_menu(ui, context);
                        ui.add_space(theme::GAP);
                        let open = ui.button("Open model…");
                        if open.on_hover_text("Open a model's folder").clicked() {
                            context.send(ModelCommand::AskForFolder);
                        }
                    }
                    models::ui(ui, context, &choices, fit);
                });
            });
        });
}

fn spaces(ui: &mut Ui, context: &mut Context<'_>, fit: BarFit) {
    let choices = Space::ALL.map(|space| (space, space.title().to_owned()));
    let keys = |space: Space| {
        shortcuts::keys(&Command::Window(WindowCommand::GoTo(space))).unwrap_or_default()
    };
    let hint = |space: Space| format!("{} ({})", space.title(), keys(space));
    let front = context.controls.space;
    let mut chosen = None;
    if fit.spaces {
        chosen = hinted_segments(ui, front, choices, hint);
    } else {
        let combo = ComboBox::from_id_salt("space")
            .width(SPACES)
            .selected_text(front.title());
        let response = combo.show_ui(ui, |ui| {
            for (space, title) in choices {
                let label = ui.selectable_label(space == front, title);
                if label.on_hover_text(hint(space)).clicked() {
                    chosen = Some(space);
                }
            }
        });
        response.response.accessible_name("space");
    }
    if let Some(space) = chosen {
        context.send(WindowCommand::GoTo(space));
    }
}

fn help(ui: &mut Ui, context: &mut Context<'_>) {
    let button = ui.add(Button::new("?").min_size(vec2(SIGN, SIGN)));
    if button
        .on_hover_text("Keyboard shortcuts (?)")
        .accessible_name("Keyboard shortcuts")
        .clicked()
    {
        context.send(WindowCommand::ToggleHelp);
    }
}

fn find(ui: &mut Ui, context: &mut Context<'_>) {
    let button = ui.add(Button::new("Find").frame_when_inactive(false));
    if button
        .on_hover_text("Find a command or an explanation (Ctrl+K)")
        .clicked()
    {
        context.send(WindowCommand::TogglePalette);
    }
}
