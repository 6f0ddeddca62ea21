//! The bar on top: which model, which space, dark or light, help.

use datasets::KnownDataset;
use eframe::egui::{Align, Button, Layout, Panel, RichText, ThemePreference, Ui};
use studio::ModelSource;

use super::{Context, file_menu};
use crate::{
    state::{
        command::{Command, ModelCommand, WindowCommand},
        controls::Space,
        shortcuts,
        sources::model_title,
    },
    theme,
    widgets::{hinted_segments, segments},
};

/// Shows the bar.
pub fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    Panel::top("top bar")
        .exact_size(theme::TOP_BAR)
        .resizable(false)
        .frame(theme::panel_frame(ui, 14, 7))
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                let color = theme::palette(ui).text_strong;
                ui.label(RichText::new("Latent Lens").size(18.0).color(color));
                file_menu::ui(ui, context);
                ui.add_space(theme::GAP);
                spaces(ui, context);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    help(ui, context);
                    find(ui, context);
                    theme_menu(ui, context);
                    ui.add_space(theme::GAP);
                    let open = ui.button("Open model…");
                    if open.on_hover_text("Open a model's folder").clicked() {
                        context.send(ModelCommand::AskForFolder);
                    }
                    models(ui, context);
                });
            });
        });
}

fn spaces(ui: &mut Ui, context: &mut Context<'_>) {
    let choices = Space::ALL.map(|space| (space, space.title().to_owned()));
    let keys = |space: Space| {
        shortcuts::keys(&Command::Window(WindowCommand::GoTo(space))).unwrap_or_default()
    };
    let hint = |space: Space| format!("{} ({})", space.title(), keys(space));
    if let Some(space) = hinted_segments(ui, context.controls.space, choices, hint) {
        context.send(WindowCommand::GoTo(space));
    }
}

/// The two shipped models and every folder that was opened.
fn models(ui: &mut Ui, context: &mut Context<'_>) {
    let mut sources: Vec<ModelSource> = KnownDataset::ALL.map(ModelSource::Shipped).to_vec();
    let folders = context
        .session
        .sources()
        .filter(|source| matches!(source, ModelSource::Folder(_)));
    sources.extend(folders.cloned());
    if !sources.contains(&context.controls.model) {
        sources.push(context.controls.model.clone());
    }
    let current = sources
        .iter()
        .position(|source| *source == context.controls.model)
        .unwrap_or(0);
    let choices: Vec<_> = sources.iter().map(model_title).enumerate().collect();
    if let Some(index) = segments(ui, current, choices) {
        context.send(ModelCommand::Open(sources[index].clone()));
    }
}

fn theme_menu(ui: &mut Ui, context: &mut Context<'_>) {
    let now = ui.ctx().options(|options| options.theme_preference);
    let menu = ui.menu_button("Theme", |ui| {
        for (theme, name) in [
            (ThemePreference::Dark, "Dark"),
            (ThemePreference::Light, "Light"),
            (ThemePreference::System, "As the system"),
        ] {
            if ui.selectable_label(now == theme, name).clicked() {
                context.send(WindowCommand::Theme(theme));
                ui.close();
            }
        }
    });
    menu.response
        .on_hover_text("Dark, light, or as the system has it (Ctrl+D)");
}

fn help(ui: &mut Ui, context: &mut Context<'_>) {
    let button = ui.add(Button::new("?").min_size(eframe::egui::vec2(26.0, 26.0)));
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
