//! The bar on top: which domain and which model of it, which space, dark or light, help.

use eframe::egui::{Align, Button, Color32, ComboBox, Layout, Panel, RichText, TextStyle, Ui};
use studio::ModelSource;

use super::{Context, common::theme_menu, file_menu};
use crate::{
    state::{
        command::{Command, ModelCommand, WindowCommand},
        controls::Space,
        shortcuts,
        sources::{self, Domain},
    },
    theme,
    widgets::{hinted_segments, segments},
};

/// Widths of the list of domains, and of that of models at most.
const DOMAIN: f32 = 150.0;
const MODEL: f32 = 170.0;
const MODEL_IF_NARROW: f32 = 92.0;
/// What a list needs beside its text: the arrow and the space around both.
const AROUND_TEXT: f32 = 40.0;

/// Shows the bar.
pub fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    Panel::top("top bar")
        .exact_size(theme::TOP_BAR)
        .resizable(false)
        .frame(theme::panel_frame(ui, 14, 7))
        .show(ui, |ui| {
            let narrow = theme::is_narrow(ui);
            ui.horizontal_centered(|ui| {
                if !narrow {
                    let color = theme::palette(ui).text_strong;
                    ui.label(RichText::new("Latent Lens").size(18.0).color(color));
                }
                file_menu::ui(ui, context);
                ui.add_space(theme::GAP);
                spaces(ui, context);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    help(ui, context);
                    find(ui, context);
                    // In a narrow window both are in the file menu.
                    if !narrow {
                        theme_menu(ui, context);
                        ui.add_space(theme::GAP);
                        let open = ui.button("Open model…");
                        if open.on_hover_text("Open a model's folder").clicked() {
                            context.send(ModelCommand::AskForFolder);
                        }
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

/// What the images show, and which model of it draws them. From right to left.
fn models(ui: &mut Ui, context: &mut Context<'_>) {
    let front = context.controls.model.clone();
    let domains = sources::domains(context.session, &front);
    let holds_front = |domain: &Domain| domain.models.contains(&front);
    let Some(current) = domains.iter().position(holds_front) else {
        return;
    };
    let mut wanted = models_of(ui, &domains[current], &front);
    let titles = domains.iter().map(|domain| domain.title.clone());
    let titles: Vec<_> = titles.enumerate().collect();
    let chosen = if fits(ui, &titles) {
        segments(ui, current, titles)
    } else {
        list(ui, current, &titles)
    };
    if let Some(domain) = chosen.and_then(|index| domains.get(index)) {
        wanted = domain.models.first().cloned();
    }
    if let Some(model) = wanted {
        context.send(ModelCommand::Open(model));
    }
}

/// The models of a domain, where there are several.
fn models_of(ui: &mut Ui, domain: &Domain, front: &ModelSource) -> Option<ModelSource> {
    if domain.models.len() < 2 {
        return None;
    }
    let mut chosen = None;
    let title = sources::kind_title(front);
    // No wider than its text, which leaves the room to the domains.
    let most = if theme::is_narrow(ui) {
        MODEL_IF_NARROW
    } else {
        MODEL
    };
    let combo = ComboBox::from_id_salt("model")
        .width((text_width(ui, &title) + AROUND_TEXT).min(most))
        .truncate()
        .selected_text(title);
    let list = |ui: &mut Ui| {
        for model in &domain.models {
            let label = ui.selectable_label(model == front, sources::kind_title(model));
            if label.on_hover_text(model.to_string()).clicked() {
                chosen = Some(model.clone());
            }
        }
    };
    let response = ui.scope(|ui| {
        ui.set_max_width(most);
        combo.show_ui(ui, list)
    });
    let response = response.inner;
    response.response.accessible_name("model");
    chosen
}

/// Whether all domains have room beside each other.
fn fits(ui: &Ui, titles: &[(usize, String)]) -> bool {
    let around = 2.0 * ui.spacing().button_padding.x + 4.0;
    let width = |title: &str| text_width(ui, title) + around;
    let all: f32 = titles.iter().map(|(_, title)| width(title)).sum();
    all + theme::GAP < ui.available_width()
}

fn text_width(ui: &Ui, text: &str) -> f32 {
    let font = TextStyle::Button.resolve(ui.style());
    let text = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font, Color32::WHITE);
    text.size().x
}

/// Many domains, or long names of them.
fn list(ui: &mut Ui, current: usize, titles: &[(usize, String)]) -> Option<usize> {
    let mut chosen = None;
    let title = titles.get(current).map_or("", |(_, title)| title);
    let combo = ComboBox::from_id_salt("domain")
        .width(DOMAIN.min(ui.available_width() - theme::GAP))
        .truncate()
        .selected_text(title);
    let response = combo.show_ui(ui, |ui| {
        for (index, title) in titles {
            if ui.selectable_label(*index == current, title).clicked() {
                chosen = Some(*index);
            }
        }
    });
    response.response.accessible_name("domain");
    chosen
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
