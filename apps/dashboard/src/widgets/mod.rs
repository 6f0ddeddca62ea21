//! Widgets: functions that take a size, allocate it, interact, paint, and say what they are to screen readers.

mod bars;
mod classes;
mod confusion;
mod direction_row;
mod gauge;
mod latent_row;
mod legend;
mod marks;
mod segments;
mod sigma_slider;
mod signs;
mod tile;

pub use bars::{probability_bars, top_bars};
pub use classes::class_buttons;
pub use confusion::confusion_matrix;
pub use direction_row::direction_row;
pub use gauge::{Gauge, gauge, word_for};
pub use latent_row::{LatentRow, RowResponse, latent_row};
pub use legend::{color_bar, difference_bar};
pub use marks::{check_mark, cross_mark, padlock};
pub use segments::{hinted_segments, segments};
pub use signs::{Sign, sign_button};
pub use tile::{Tile, image_tile};

use eframe::egui::{Label, Response, RichText, TextStyle, Ui};

use crate::theme;

/// The title of a group of controls or figures.
pub fn title(ui: &mut Ui, text: &str) -> Response {
    let color = theme::palette(ui).text_strong;
    ui.label(RichText::new(text).color(color).size(15.0))
}

/// A short explanation in small, quiet type.
pub fn caption(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = theme::palette(ui).text_weak;
    ui.add(
        Label::new(
            RichText::new(text)
                .color(color)
                .text_style(TextStyle::Small),
        )
        .wrap(),
    )
}

/// A figure: digits of one width, so that nothing moves when it changes.
pub fn figure(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.add(Label::new(RichText::new(text).text_style(TextStyle::Monospace)).extend())
}

/// A share as a percentage of fixed width.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:5.1} %", share * 100.0)
}

/// A whole number with its thousands apart.
#[must_use]
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
