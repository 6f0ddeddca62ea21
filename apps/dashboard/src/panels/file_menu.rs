//! The menu of what goes in and out: files, what was opened last, the session.

use std::path::{Path, PathBuf};

use eframe::egui::{Button, Ui};
use studio::ModelSource;

use super::{Context, common::theme_menu};
use crate::{
    state::{
        command::{
            ClipboardCommand, Command, FileCommand, ImportCommand, ModelCommand, WindowCommand,
        },
        recipe::PictureKind,
    },
    theme,
};

/// What can be saved.
const SAVE: [(&str, &str, PictureKind); 6] = [
    ("Save image as PNG…", "Ctrl+S", PictureKind::Image),
    ("Save grid as PNG…", "", PictureKind::Grid),
    ("Save window as PNG…", "", PictureKind::Window),
    ("Save morph as GIF…", "", PictureKind::Morph),
    ("Save walk as GIF…", "", PictureKind::Traversal),
    ("Save show as GIF…", "", PictureKind::Show),
];
/// Longest path that is shown, in characters.
const SHOWN: usize = 60;

/// Shows the button that opens the menu.
pub fn ui(ui: &mut Ui, context: &mut Context<'_>) {
    ui.menu_button("File", |ui| {
        ui.set_min_width(theme::MENU);
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
        recent(ui, context);
        ui.separator();
        for (text, keys, shows) in SAVE {
            entry(ui, context, text, keys, FileCommand::AskWhereToSave(shows));
        }
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
        if theme::is_narrow(ui) {
            // The top bar has no room for it.
            theme_menu(ui, context);
        }
        ui.separator();
        entry(ui, context, "Reset layout", "", WindowCommand::ResetLayout);
        entry(
            ui,
            context,
            "Forget session",
            "",
            WindowCommand::ForgetSession,
        );
        ui.separator();
        entry(ui, context, "Quit", "Ctrl+Q", WindowCommand::Quit);
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
                let button = ui.button(shortened(path));
                if button.on_hover_text(path.display().to_string()).clicked() {
                    context.send(command(path));
                    ui.close();
                }
            }
        });
    });
}

/// The end of a path, which tells most.
fn shortened(path: &Path) -> String {
    let text = path.display().to_string();
    let length = text.chars().count();
    if length <= SHOWN {
        return text;
    }
    let end: String = text.chars().skip(length - SHOWN + 1).collect();
    format!("…{end}")
}
