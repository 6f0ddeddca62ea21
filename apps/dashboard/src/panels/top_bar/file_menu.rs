//! The menu of what goes in and out: files, what was opened last, the session.

use std::path::PathBuf;

use eframe::egui::{Button, ScrollArea, Ui};
use studio::ModelSource;

use super::fit::BarFit;
use crate::{
    panels::{Context, common::theme_menu, history, strip},
    state::{
        command::{
            ClipboardCommand, Command, FileCommand, ImportCommand, LessonCommand, ModelCommand,
            WindowCommand,
        },
        recipe::PictureKind,
        zoom::ZoomCommand,
    },
    theme,
    widgets::{caption, path_end},
};

/// What can be saved.
const SAVE: [(&str, &str, PictureKind); 4] = [
    ("Save image as PNG…", "Ctrl+S", PictureKind::Image),
    ("Save grid as PNG…", "", PictureKind::Grid),
    ("Save window as PNG…", "", PictureKind::Window),
    ("Save pad's sheet as PNG…", "", PictureKind::Pad),
];
/// What can be saved as a film.
const FILMS: [(&str, PictureKind); 3] = [
    ("Save morph as GIF…", PictureKind::Morph),
    ("Save walk as GIF…", PictureKind::Traversal),
    ("Save show as GIF…", PictureKind::Show),
];
/// Longest path that is shown, in characters.
const SHOWN: usize = 60;
/// Height of the menu: where there is less room it scrolls.
const WHOLE: f32 = 672.0;

/// Shows the button that opens the menu. It holds what `fit` leaves out of the bar, and what has no room elsewhere.
pub fn ui(ui: &mut Ui, context: &mut Context<'_>, fit: BarFit) {
    ui.menu_button("File", |ui| {
        ui.set_min_width(theme::MENU);
        let room = ui.ctx().content_rect().height() - theme::TOP_BAR - 2.0 * theme::GROUP_GAP;
        if room >= WHOLE {
            left_out(ui, context, fit);
            entries(ui, context);
            return;
        }
        ui.set_max_height(room);
        ScrollArea::vertical().max_height(room).show(ui, |ui| {
            left_out(ui, context, fit);
            entries(ui, context);
        });
    });
}

/// What a narrow bar has no room for, and a low window.
fn left_out(ui: &mut Ui, context: &mut Context<'_>, fit: BarFit) {
    if !fit.find {
        let find = "Find a command…";
        entry(ui, context, find, "Ctrl+K", WindowCommand::TogglePalette);
    }
    if !fit.help {
        let keys = "Keyboard shortcuts";
        entry(ui, context, keys, "?", WindowCommand::ToggleHelp);
    }
    if !fit.theme {
        theme_menu(ui, context);
    }
    if !theme::has_strip(ui) {
        strip::menu(ui, context);
    }
    if !theme::has_shelf(ui) {
        history::menu(ui, context);
    }
    if !theme::has_status_bar(ui) {
        let device = caption(ui, format!("Models run on: {}", context.device.name));
        device.on_hover_text(&context.device.reason);
    }
    if fit != BarFit::ALL {
        ui.separator();
    }
}

fn entries(ui: &mut Ui, context: &mut Context<'_>) {
    entry(
        ui,
        context,
        "Open image…",
        "Ctrl+O",
        FileCommand::AskForImage,
    );
    entry(ui, context, "Adjust picture…", "I", ImportCommand::Open);
    entry(
        ui,
        context,
        "Open model folder…",
        "",
        ModelCommand::AskForFolder,
    );
    if matches!(context.controls.model, ModelSource::Folder(_)) {
        let front = context.controls.model.clone();
        entry(
            ui,
            context,
            "Close this model",
            "",
            ModelCommand::Close(front),
        );
    }
    recent(ui, context);
    ui.separator();
    for (text, keys, shows) in SAVE {
        entry(ui, context, text, keys, FileCommand::AskWhereToSave(shows));
    }
    ui.menu_button("Films", |ui| {
        for (text, shows) in FILMS {
            entry(ui, context, text, "", FileCommand::AskWhereToSave(shows));
        }
    });
    ui.separator();
    entry(ui, context, "Copy scene", "", ClipboardCommand::CopyScene);
    entry(
        ui,
        context,
        "Paste scene",
        "Ctrl+V",
        ClipboardCommand::AskForPaste,
    );
    ui.separator();
    entry(ui, context, "Present", "F11", WindowCommand::Present(true));
    entry(ui, context, "Lessons", "F9", LessonCommand::ToggleList);
    ui.separator();
    zoom(ui, context);
    entry(ui, context, "Reset layout", "", WindowCommand::ResetLayout);
    entry(
        ui,
        context,
        "Delete session",
        "",
        WindowCommand::ForgetSession,
    );
    ui.separator();
    entry(ui, context, "Quit", "Ctrl+Q", WindowCommand::Quit);
}

fn zoom(ui: &mut Ui, context: &mut Context<'_>) {
    ui.menu_button("Zoom", |ui| {
        for (text, keys, zoom) in [
            ("Larger", "Ctrl+Plus", ZoomCommand::In),
            ("Smaller", "Ctrl+Minus", ZoomCommand::Out),
            ("100 %", "Ctrl+0", ZoomCommand::Reset),
        ] {
            entry(ui, context, text, keys, WindowCommand::Zoom(zoom));
        }
    });
}

fn entry(
    ui: &mut Ui,
    context: &mut Context<'_>,
    text: &str,
    keys: &str,
    command: impl Into<Command>,
) {
    let button = Button::new(text).shortcut_text(keys);
    if ui.add(button).accessible_name(text).clicked() {
        context.send(command);
        ui.close();
    }
}

fn recent(ui: &mut Ui, context: &mut Context<'_>) {
    let recent = context.recent;
    let image = |path: &PathBuf| FileCommand::OpenImage(path.clone()).into();
    let model = |path: &PathBuf| ModelCommand::Open(ModelSource::Folder(path.clone())).into();
    list(ui, context, "Recent images", &recent.images, image);
    list(ui, context, "Recent models", &recent.models, model);
}

fn list(
    ui: &mut Ui,
    context: &mut Context<'_>,
    title: &str,
    paths: &[PathBuf],
    command: impl Fn(&PathBuf) -> Command,
) {
    ui.add_enabled_ui(!paths.is_empty(), |ui| {
        ui.menu_button(title, |ui| {
            for path in paths {
                let button = ui.button(path_end(path, SHOWN));
                if button.on_hover_text(path.display().to_string()).clicked() {
                    context.send(command(path));
                    ui.close();
                }
            }
        });
    });
}
