//! A slider along a direction that is no axis: what it is called, where the latent stands, and a rail under both.

use eframe::egui::{Align2, Rect, Response, Sense, TextStyle, Ui, pos2, vec2};

use super::sigma_slider::sigma_slider;
use crate::theme;

const LINE: f32 = 20.0;
const RAIL: f32 = 24.0;
const FIGURES: f32 = 112.0;
/// Height of a row, in points.
pub const DIRECTION_ROW: f32 = LINE + RAIL;

/// A row for one direction, `position` in its own units. Returns the slider's response.
pub fn direction_row(ui: &mut Ui, title: &str, figures: &str, position: &mut f32) -> Response {
    let palette = theme::palette(ui);
    let size = vec2(ui.available_width(), DIRECTION_ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let line = Rect::from_min_size(rect.min, vec2(rect.width(), LINE));
    let words = Rect::from_min_max(line.min, pos2(line.right() - FIGURES, line.bottom()));
    ui.painter_at(words).text(
        words.left_center(),
        Align2::LEFT_CENTER,
        title,
        TextStyle::Body.resolve(ui.style()),
        palette.text,
    );
    ui.painter().text(
        line.right_center(),
        Align2::RIGHT_CENTER,
        figures,
        TextStyle::Monospace.resolve(ui.style()),
        palette.text_weak,
    );
    let rail = Rect::from_min_max(pos2(rect.left(), line.bottom()), rect.max);
    sigma_slider(ui, rail, title, position)
}
