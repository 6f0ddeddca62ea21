//! Choosing a class: by a button each where there are few, from a list that can be searched where there are many.

use datasets::ClassId;
use eframe::egui::{
    Align, Button, Id, Layout, RichText, ScrollArea, TextEdit, TextStyle, Ui, vec2,
};

use super::{fields::text_field, text::caption};
use crate::{
    state::{
        classes::{DIGITS, class_id},
        finder,
    },
    theme,
};

/// More classes than this are a list.
pub const MOST_BUTTONS: usize = 12;
/// Height of a list among other controls.
const LIST: f32 = 132.0;
const ROW: f32 = 24.0;
/// Least width of a button with one letter.
const LEAST_BUTTON: f32 = 18.0;

/// Lets a person choose one of the classes in `names`; `current` is the one that is chosen. Returns the class that was
/// clicked.
pub fn class_buttons(ui: &mut Ui, names: &[String], current: Option<ClassId>) -> Option<ClassId> {
    if names.len() > MOST_BUTTONS {
        return class_list(ui, "classes", names, current, LIST);
    }
    buttons(ui, names, current)
}

/// Short names stand in one row, longer ones in two columns with the key of each in front.
fn buttons(ui: &mut Ui, names: &[String], current: Option<ClassId>) -> Option<ClassId> {
    let palette = theme::palette(ui);
    let short = names.iter().all(|name| name.chars().count() <= 2);
    let gap = 4.0;
    let room = ((ui.available_width() + gap) / (LEAST_BUTTON + gap)) as usize;
    let columns = if short { names.len().min(room) } else { 2 }.max(1);
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let mut clicked = None;
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    ui.spacing_mut().button_padding.x = 6.0;
    for (row, chunk) in names.chunks(columns).enumerate() {
        ui.horizontal(|ui| {
            for (column, name) in chunk.iter().enumerate() {
                let Some(class) = class_id(row * columns + column) else {
                    continue;
                };
                let selected = current == Some(class);
                let color = if selected {
                    palette.on_accent_soft
                } else {
                    palette.text
                };
                let mut button = Button::new(RichText::new(name).color(color)).selected(selected);
                let key = (class.index() < DIGITS).then(|| class.to_string());
                if !short {
                    let key = RichText::new(key.clone().unwrap_or_default())
                        .color(palette.text_weak)
                        .text_style(TextStyle::Small);
                    button = button.right_text(key).truncate();
                }
                // Wider than its place it would push the last one out.
                let size = vec2(width.floor(), 26.0);
                let response = ui
                    .allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                        ui.set_max_width(size.x);
                        ui.add(button.min_size(size))
                    })
                    .inner;
                let hint = key.map_or_else(|| name.clone(), |key| format!("{name} (key {key})"));
                let response = response.on_hover_text(hint);
                if response.accessible_name(format!("class {name}")).clicked() {
                    clicked = Some(class);
                }
            }
        });
    }
    clicked
}

/// The classes one under the other, and a field that finds them by some of their letters. `salt` tells lists apart.
pub fn class_list(
    ui: &mut Ui,
    salt: &str,
    names: &[String],
    current: Option<ClassId>,
    height: f32,
) -> Option<ClassId> {
    let id = Id::unique(("class list", salt));
    let mut query: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let field = TextEdit::singleline(&mut query)
        .hint_text(format!("Search {} classes", names.len()))
        .desired_width(f32::INFINITY);
    let field = text_field(ui, field).accessible_name(format!("search {salt}"));
    let found = finder::find(&query, names.iter().map(|name| (name.as_str(), "")));
    if field.changed() {
        ui.data_mut(|data| data.insert_temp(id, query));
    }
    if found.is_empty() {
        caption(ui, "No class is called that.");
    }
    let mut clicked = None;
    let area = ScrollArea::vertical()
        .id_salt(salt)
        .max_height(height)
        .auto_shrink([false, true]);
    ui.spacing_mut().item_spacing.y = 2.0;
    area.show_rows(ui, ROW, found.len(), |ui, rows| {
        for &index in &found[rows] {
            let Some(class) = class_id(index) else {
                continue;
            };
            let name = &names[index];
            let size = vec2(ui.available_width(), ROW);
            let button = Button::selectable(current == Some(class), name.as_str()).truncate();
            let response = ui.add(button.min_size(size)).on_hover_text(name);
            if response.accessible_name(format!("class {name}")).clicked() {
                clicked = Some(class);
            }
        }
    });
    clicked
}
