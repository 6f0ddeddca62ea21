//! A list to choose a class from.

use datasets::ClassId;
use eframe::egui::{ComboBox, Ui};
use studio::Manifest;

use crate::state::classes::class_id;

/// The classes of a model; `name` says to a screen reader what is chosen.
pub(in crate::panels) fn class_combo(
    ui: &mut Ui,
    name: &str,
    width: f32,
    class: &mut ClassId,
    manifest: &Manifest,
) {
    let combo = ComboBox::from_id_salt(name)
        .width(width)
        .selected_text(manifest.class_name(*class));
    let response = combo.show_ui(ui, |ui| {
        for (index, title) in manifest.class_names.iter().enumerate() {
            if let Some(choice) = class_id(index) {
                ui.selectable_value(class, choice, title);
            }
        }
    });
    response.response.accessible_name(name);
}
