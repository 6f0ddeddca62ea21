//! Titles, captions, and figures of one width.

use std::{path::Path, sync::Arc};

use eframe::egui::{
    Color32, FontId, Galley, Label, Painter, Response, RichText, TextStyle, Ui,
    text::{LayoutJob, TextWrapping},
};

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

/// A line of text at most `width` points wide: of a longer one the start, and a sign that there is more.
#[must_use]
pub fn elided(
    painter: &Painter,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    painter.layout_job(job)
}

/// Width of a line of text on a button or a label, in points.
#[must_use]
pub fn text_width(ui: &Ui, text: &str) -> f32 {
    let font = TextStyle::Button.resolve(ui.style());
    let painter = ui.painter();
    let galley = painter.layout_no_wrap(text.to_owned(), font, Color32::WHITE);
    galley.size().x
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

/// The end of a path, which tells most, of at most `most` characters.
#[must_use]
pub fn path_end(path: &Path, most: usize) -> String {
    let text = path.display().to_string();
    let length = text.chars().count();
    if length <= most {
        return text;
    }
    let end: String = text.chars().skip(length + 1 - most).collect();
    format!("…{end}")
}
