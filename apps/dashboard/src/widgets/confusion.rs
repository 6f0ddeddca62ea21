//! A confusion matrix: a row for each class that was meant, a column for each that was predicted.

use eframe::egui::{
    Align2, Color32, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use super::text::{percent, thousands};
use crate::theme;

const COLUMN_LABELS: f32 = 18.0;

/// The matrix, as wide as there is room up to `max_side`. `meant` says what the rows are, for the tooltip.
pub fn confusion_matrix(
    ui: &mut Ui,
    counts: &[Vec<u32>],
    names: &[String],
    meant: &str,
    max_side: f32,
) -> Response {
    let short = names.iter().all(|name| name.chars().count() <= 2);
    let gutter = if short { 18.0 } else { 88.0 };
    let classes = counts.len().max(1);
    let width = (ui.available_width() - gutter).min(max_side);
    let cell = (width / classes as f32).floor().max(8.0);
    let size = vec2(
        gutter + cell * classes as f32,
        COLUMN_LABELS + cell * classes as f32,
    );
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let right: u64 = counts
        .iter()
        .enumerate()
        .filter_map(|(i, row)| row.get(i))
        .map(|&n| u64::from(n))
        .sum();
    let all: u64 = counts.iter().flatten().map(|&n| u64::from(n)).sum();
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Image,
            true,
            format!("confusion matrix, {right} of {all} on the diagonal"),
        )
    });
    let origin = rect.min + vec2(gutter, COLUMN_LABELS);
    let cell_rect = |row: usize, column: usize| {
        Rect::from_min_size(
            origin + vec2(column as f32, row as f32) * cell,
            Vec2::splat(cell),
        )
    };
    paint_labels(ui, rect, names, gutter, cell);
    for (row, line) in counts.iter().enumerate() {
        let total: u32 = line.iter().sum();
        for (column, &count) in line.iter().enumerate() {
            paint_cell(ui, cell_rect(row, column).shrink(0.5), count, total);
        }
    }
    let pointed = response
        .hover_pos()
        .map(|pointer| (pointer - origin) / cell);
    let inside = pointed
        .filter(|at| at.x >= 0.0 && at.y >= 0.0)
        .map(|at| (at.y as usize, at.x as usize));
    let Some((row, column, line)) =
        inside.and_then(|(r, c)| Some((r, c, counts.get(r).filter(|l| c < l.len())?)))
    else {
        return response;
    };
    let stroke = Stroke::new(1.5, theme::palette(ui).text_strong);
    ui.painter()
        .rect_stroke(cell_rect(row, column), 1.0, stroke, StrokeKind::Inside);
    let name = |class: usize| names.get(class).map_or("?", String::as_str);
    let total: u32 = line.iter().sum();
    let share = f64::from(line[column]) / f64::from(total.max(1));
    response.on_hover_text_at_pointer(format!(
        "{meant} {}, predicted {}: {} of {} ({})",
        name(row),
        name(column),
        thousands(line[column] as usize),
        thousands(total as usize),
        percent(share).trim()
    ))
}

fn paint_labels(ui: &Ui, rect: Rect, names: &[String], gutter: f32, cell: f32) {
    let palette = theme::palette(ui);
    let font = FontId::proportional(12.0);
    let short = gutter < 30.0;
    for (class, name) in names.iter().enumerate() {
        let along = (class as f32 + 0.5) * cell;
        let y = rect.top() + COLUMN_LABELS + along;
        let row = if short {
            name.clone()
        } else {
            format!("{name}  {class}")
        };
        let at = pos2(rect.left() + gutter - 5.0, y);
        ui.painter().text(
            at,
            Align2::RIGHT_CENTER,
            row,
            font.clone(),
            palette.text_weak,
        );
        let column = if short {
            name.clone()
        } else {
            class.to_string()
        };
        let at = pos2(
            rect.left() + gutter + along,
            rect.top() + COLUMN_LABELS - 3.0,
        );
        ui.painter().text(
            at,
            Align2::CENTER_BOTTOM,
            column,
            font.clone(),
            palette.text_weak,
        );
    }
}

fn paint_cell(ui: &Ui, rect: Rect, count: u32, total: u32) {
    let palette = theme::palette(ui);
    let share = count as f32 / total.max(1) as f32;
    let fill = palette.sequential(share);
    ui.painter().rect_filled(rect, 1.0, fill);
    let per_cent = (share * 100.0).round();
    if per_cent >= 1.0 && rect.width() >= 22.0 {
        let bright =
            0.299 * f32::from(fill.r()) + 0.587 * f32::from(fill.g()) + 0.114 * f32::from(fill.b());
        let ink = if bright > 140.0 {
            Color32::BLACK
        } else {
            Color32::WHITE
        };
        let font = FontId::monospace(10.5);
        ui.painter().text(
            rect.center(),
            Align2::CENTER_CENTER,
            format!("{per_cent:.0}"),
            font,
            ink,
        );
    }
}
