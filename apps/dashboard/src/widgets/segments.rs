//! A choice between a few things, side by side.

use eframe::egui::{Button, Frame, Response, RichText, Ui};

use crate::theme;

/// A row of buttons of which one is down. Returns the choice that was clicked.
pub fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    current: T,
    choices: impl IntoIterator<Item = (T, String)>,
) -> Option<T> {
    hinted_segments(ui, current, choices, |_| String::new())
}

/// The same with a tooltip for each choice; an empty one does not show.
pub fn hinted_segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    current: T,
    choices: impl IntoIterator<Item = (T, String)>,
    hint: impl Fn(T) -> String,
) -> Option<T> {
    let mut clicked = None;
    let palette = theme::palette(ui);
    Frame::new()
        .fill(palette.well)
        .corner_radius(6)
        .inner_margin(2)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            ui.horizontal(|ui| {
                let mut choices: Vec<(T, String)> = choices.into_iter().collect();
                if ui.layout().prefer_right_to_left() {
                    choices.reverse();
                }
                for (choice, text) in choices {
                    let mut button = segment(ui, choice == current, &text);
                    let hint = hint(choice);
                    if !hint.is_empty() {
                        button = button.on_hover_text(hint);
                    }
                    if button.clicked() {
                        clicked = Some(choice);
                    }
                }
            });
        });
    clicked.filter(|choice| *choice != current)
}

fn segment(ui: &mut Ui, selected: bool, text: &str) -> Response {
    let palette = theme::palette(ui);
    let color = if selected {
        palette.on_accent_soft
    } else {
        palette.text
    };
    ui.add(Button::selectable(selected, RichText::new(text).color(color)).corner_radius(4))
}
