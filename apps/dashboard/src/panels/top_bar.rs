//! The bar on top: which model, which space, dark or light, help.

use datasets::KnownDataset;
use eframe::egui::{Align, Button, Layout, Panel, RichText, ThemePreference, Ui};
use studio::ModelSource;

use super::{Context, file_menu};
use crate::{command::Command, controls::Space, theme, widgets::segments};

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
                    theme_toggle(ui, context);
                    ui.add_space(theme::GAP);
                    let open = ui.button("Open model…");
                    if open.on_hover_text("Open a model's folder").clicked() {
                        context.send(Command::AskForModel);
                    }
                    models(ui, context);
                });
            });
        });
}

fn spaces(ui: &mut Ui, context: &mut Context<'_>) {
    let choices = Space::ALL.map(|space| (space, space.title().to_owned()));
    if let Some(space) = segments(ui, context.controls.space, choices) {
        context.send(Command::Show(space));
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
        context.send(Command::OpenModel(sources[index].clone()));
    }
}

/// What to call a model: its data set's name, or its folder's.
#[must_use]
pub fn model_title(source: &ModelSource) -> String {
    match source {
        ModelSource::Shipped(dataset) => dataset.title().to_owned(),
        ModelSource::Folder(folder) => {
            let name = folder.file_name().unwrap_or(folder.as_os_str());
            format!("{}/", name.to_string_lossy())
        }
    }
}

fn theme_toggle(ui: &mut Ui, context: &mut Context<'_>) {
    let (text, next) = if ui.visuals().dark_mode {
        ("Light", ThemePreference::Light)
    } else {
        ("Dark", ThemePreference::Dark)
    };
    let button = ui.add(Button::new(text).frame_when_inactive(false));
    if button
        .on_hover_text("Change between dark and light (Ctrl+D)")
        .clicked()
    {
        context.send(Command::Theme(next));
    }
}

fn help(ui: &mut Ui, context: &mut Context<'_>) {
    let button = ui.add(Button::new("?").min_size(eframe::egui::vec2(26.0, 26.0)));
    if button
        .on_hover_text("Keyboard shortcuts (?)")
        .accessible_name("Keyboard shortcuts")
        .clicked()
    {
        context.send(Command::ToggleHelp);
    }
}
