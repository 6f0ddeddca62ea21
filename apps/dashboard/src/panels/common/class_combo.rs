//! A list to choose a class from.

use datasets::ClassId;
use eframe::egui::{ComboBox, PopupCloseBehavior, Ui};

use crate::{
    state::classes::class_id,
    widgets::{MOST_BUTTONS, class_list},
};

/// Height of a list that can be searched.
const LIST: f32 = 260.0;
/// Height of a list at most: a line for each of the classes that need no search, and a few more.
const MOST: f32 = 340.0;

/// A choice of one of the classes in `names`; `name` says to a screen reader what is chosen. Many classes can be searched.
pub(in crate::panels) fn class_combo(
    ui: &mut Ui,
    name: &str,
    width: f32,
    class: &mut ClassId,
    names: &[String],
) {
    let chosen = class_combo_after(ui, name, width, (*class, names), |_| {});
    *class = chosen.unwrap_or(*class);
}

/// The same with something else in front of the classes. The class that was clicked, also if it is the one that is shown.
pub(in crate::panels) fn class_combo_after(
    ui: &mut Ui,
    name: &str,
    width: f32,
    (shown, names): (ClassId, &[String]),
    first: impl FnOnce(&mut Ui),
) -> Option<ClassId> {
    let current = names.get(shown.index());
    let text = current.map_or_else(|| shown.to_string(), Clone::clone);
    let searched = names.len() > MOST_BUTTONS;
    let close = if searched {
        PopupCloseBehavior::CloseOnClickOutside
    } else {
        PopupCloseBehavior::CloseOnClick
    };
    let combo = ComboBox::from_id_salt(name)
        .width(width)
        .height(MOST)
        .truncate()
        .close_behavior(close)
        .selected_text(&text);
    let mut clicked = None;
    let response = combo.show_ui(ui, |ui| {
        first(ui);
        if searched {
            ui.set_min_width(width.max(180.0));
            if let Some(chosen) = class_list(ui, name, names, Some(shown), LIST) {
                clicked = Some(chosen);
                ui.close();
            }
            return;
        }
        for (index, title) in names.iter().enumerate() {
            let Some(choice) = class_id(index) else {
                continue;
            };
            if ui.selectable_label(choice == shown, title).clicked() {
                clicked = Some(choice);
            }
        }
    });
    response.response.on_hover_text(text).accessible_name(name);
    clicked
}
