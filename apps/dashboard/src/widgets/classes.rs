//! One button a class.

use datasets::ClassId;
use eframe::egui::{Button, RichText, TextStyle, Ui, vec2};

use crate::theme;

/// A button for each class in `names`; `current` is down. Returns the class that was clicked.
///
/// Short names stand in one row, longer ones in two columns with the key of each in front.
pub fn class_buttons(ui: &mut Ui, names: &[String], current: Option<ClassId>) -> Option<ClassId> {
    let palette = theme::palette(ui);
    let short = names.iter().all(|name| name.chars().count() <= 2);
    let columns = if short { names.len().min(10) } else { 2 }.max(1);
    let gap = 4.0;
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let mut clicked = None;
    ui.spacing_mut().item_spacing = vec2(gap, gap);
    ui.spacing_mut().button_padding.x = 6.0;
    for (row, chunk) in names.chunks(columns).enumerate() {
        ui.horizontal(|ui| {
            for (column, name) in chunk.iter().enumerate() {
                let Ok(class) = u8::try_from(row * columns + column).map(ClassId) else {
                    continue;
                };
                let selected = current == Some(class);
                let color = if selected {
                    palette.on_accent_soft
                } else {
                    palette.text
                };
                let mut button = Button::new(RichText::new(name).color(color)).selected(selected);
                if !short {
                    let key = RichText::new(class.to_string())
                        .color(palette.text_weak)
                        .text_style(TextStyle::Small);
                    button = button.right_text(key).truncate();
                }
                let response = ui.add(button.min_size(vec2(width, 26.0)));
                let response = response.on_hover_text(format!("{name} (key {class})"));
                if response.accessible_name(format!("class {name}")).clicked() {
                    clicked = Some(class);
                }
            }
        });
    }
    clicked
}
