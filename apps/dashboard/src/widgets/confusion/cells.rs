//! A matrix of few classes: a square a cell, with names on both sides and a figure where there is room.

use eframe::egui::{Align2, Color32, FontId, Rect, Ui, Vec2, pos2, vec2};

use super::{Confusion, Place, middle};
use crate::{theme, widgets::text::elided};

const LABEL: f32 = 12.0;
/// Between the middles of two labels at least.
const LABEL_STEP: f32 = 13.0;
/// The smallest cell with a figure in it.
const FIGURE: f32 = 22.0;

pub(super) fn paint(ui: &Ui, confusion: &Confusion<'_>, place: Place, short: bool) {
    labels(ui, confusion, place, short);
    let cell = place.matrix.width() / confusion.counts.len().max(1) as f32;
    for (row, line) in confusion.counts.iter().enumerate() {
        let total: u32 = line.iter().sum();
        for (column, &count) in line.iter().enumerate() {
            let corner = place.matrix.min + vec2(column as f32, row as f32) * cell;
            let rect = Rect::from_min_size(corner, Vec2::splat(cell));
            // The gap takes no more than a small part of a small cell.
            paint_cell(ui, rect.shrink((cell / 32.0).min(0.5)), count, total);
        }
    }
}

/// Rows have names, columns names or numbers; where the cells are small, only some of them.
fn labels(ui: &Ui, confusion: &Confusion<'_>, place: Place, short: bool) {
    let palette = theme::palette(ui);
    let font = FontId::proportional(LABEL);
    let Place { whole, matrix } = place;
    let classes = confusion.counts.len().max(1);
    let cell = matrix.width() / classes as f32;
    // Numbers of two digits are wider than high.
    let rows_apart = (LABEL_STEP / cell).ceil() as usize;
    let columns_apart = (LABEL_STEP * if classes > 10 { 1.3 } else { 1.0 } / cell).ceil() as usize;
    for (class, name) in confusion.names.iter().enumerate().take(classes) {
        let along = middle(matrix, class, classes);
        let column = if short {
            name.clone()
        } else {
            class.to_string()
        };
        if class.is_multiple_of(rows_apart) {
            let row = if short {
                name.clone()
            } else {
                format!("  {class}")
            };
            let at = pos2(matrix.left() - 5.0, matrix.top() + along.y);
            let number = ui
                .painter()
                .layout_no_wrap(row, font.clone(), palette.text_weak);
            let number_rect = Align2::RIGHT_CENTER.anchor_size(at, number.size());
            if !short {
                let room = number_rect.left() - whole.left();
                let name = elided(ui.painter(), name, font.clone(), palette.text_weak, room);
                let at = Align2::RIGHT_CENTER.anchor_size(number_rect.left_center(), name.size());
                ui.painter().galley(at.min, name, palette.text_weak);
            }
            ui.painter()
                .galley(number_rect.min, number, palette.text_weak);
        }
        if class.is_multiple_of(columns_apart) {
            let at = pos2(matrix.left() + along.x, matrix.top() - 3.0);
            let ink = palette.text_weak;
            ui.painter()
                .text(at, Align2::CENTER_BOTTOM, column, font.clone(), ink);
        }
    }
}

fn paint_cell(ui: &Ui, rect: Rect, count: u32, total: u32) {
    let palette = theme::palette(ui);
    let share = count as f32 / total.max(1) as f32;
    let fill = palette.sequential(share);
    ui.painter().rect_filled(rect, 1.0, fill);
    let per_cent = (share * 100.0).round();
    if per_cent >= 1.0 && rect.width() >= FIGURE {
        let bright =
            0.299 * f32::from(fill.r()) + 0.587 * f32::from(fill.g()) + 0.114 * f32::from(fill.b());
        let ink = if bright > 140.0 {
            Color32::BLACK
        } else {
            Color32::WHITE
        };
        let font = FontId::monospace(10.5);
        let text = format!("{per_cent:.0}");
        ui.painter()
            .text(rect.center(), Align2::CENTER_CENTER, text, font, ink);
    }
}
