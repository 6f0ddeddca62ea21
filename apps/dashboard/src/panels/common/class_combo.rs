//! A list to choose a class from.

use datasets::ClassId;
use eframe::egui::{ComboBox, PopupCloseBehavior, Ui};

use crate::{
    state::classes::class_id,
    widgets::{MOST_BUTTONS, class_list},
};

/// Height of a list that can be searched.
const LIST: f32 = 260.0;

/// A choice of one of the classes in `names`; `name` says to a screen reader what is chosen. Many classes can be searched.
pub(in crate::panels) fn class_combo(
    ui: &mut Ui,
    name: &str,
    width: f32,
    class: &mut ClassId,
    names: &[String],
) {
    let current = names.get(class.index());
    let text = current.map_or_else(|| class.to_string(), Clone::clone);
    let searched = names.len() > MOST_BUTTONS;
    let close = if searched {
        PopupCloseBehavior::CloseOnClickOutside
    } else {
        PopupCloseBehavior::CloseOnClick
    };
    let combo = ComboBox::from_id_salt(name)
        .width(width)
        .truncate()
        .close_behavior(close)
        .selected_text(&text);
    let response = combo.show_ui(ui, |ui| {
        if searched {
            ui.set_min_width(width.max(180.0));
            if let Some(chosen) = class_list(ui, name, names, Some(*class), LIST) {
                *class = chosen;
                ui.close();
            }
            return;
        }
        for (index, title) in names.iter().enumerate() {
            if let Some(choice) = class_id(index) {
                ui.selectable_value(class, choice, title);
            }
        }
    });
    response.response.on_hover_text(text).accessible_name(name);
}
