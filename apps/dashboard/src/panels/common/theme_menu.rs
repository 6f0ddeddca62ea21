//! The choice between dark and light.

use eframe::egui::{ThemePreference, Ui};

use crate::{panels::Context, state::command::WindowCommand};

/// Dark, light, or as the system has it.
pub(in crate::panels) fn theme_menu(ui: &mut Ui, context: &mut Context<'_>) {
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
