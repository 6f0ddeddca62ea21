//! A confusion matrix: a row for each class that was meant, a column for each that was predicted. Up to some tens of
//! classes each cell is a square of its own; with more, the matrix is a picture.

mod cells;
mod picture;

use eframe::egui::{
    Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::text::{percent, thousands};
use crate::theme;

/// Above the matrix, for the names or numbers of the columns.
const COLUMN_LABELS: f32 = 18.0;
/// Beside the matrix, for those of the rows: for numbers and letters, and for words.
const SHORT_LABELS: f32 = 18.0;
const LONG_LABELS: f32 = 88.0;
/// More classes than this are painted as a picture.
const MOST_CELLS: usize = 40;

/// What a matrix shows.
#[derive(Clone, Copy, Debug)]
pub struct Confusion<'a> {
    /// Counts, a row for each class that was meant.
    pub counts: &'a [Vec<u32>],
    /// The names of the classes.
    pub names: &'a [String],
    /// What the rows are, for the tooltip.
    pub meant: &'a str,
}

/// Where the matrix is.
#[derive(Clone, Copy)]
struct Place {
    /// Labels included.
    whole: Rect,
    /// The cells alone.
    matrix: Rect,
}

impl Confusion<'_> {
    /// Shows the matrix, as wide as there is room up to `max_side`.
    pub fn show(&self, ui: &mut Ui, max_side: f32) -> Response {
        let as_picture = self.counts.len() > MOST_CELLS;
        let short = self.names.iter().all(|name| name.chars().count() <= 2);
        let gutter = match (as_picture, short) {
            (false, true) => SHORT_LABELS,
            (false, false) => LONG_LABELS,
            (true, _) => picture::LABELS,
        };
        let classes = self.counts.len().max(1) as f32;
        let room = (ui.available_width() - gutter).min(max_side);
        let side = if as_picture {
            room.floor()
        } else {
            (room / classes).floor().max(8.0) * classes
        };
        let size = vec2(gutter + side, COLUMN_LABELS + side);
        let (whole, response) = ui.allocate_exact_size(size, Sense::hover());
        self.describe(&response);
        let corner = whole.min + vec2(gutter, COLUMN_LABELS);
        let place = Place {
            whole,
            matrix: Rect::from_min_size(corner, Vec2::splat(side)),
        };
        if as_picture {
            picture::paint(ui, self, place);
        } else {
            cells::paint(ui, self, place, short);
        }
        self.point_at(ui, response, place)
    }

    fn describe(&self, response: &Response) {
        let diagonal = self.counts.iter().enumerate();
        let diagonal = diagonal.filter_map(|(i, row)| row.get(i));
        let right: u64 = diagonal.map(|&n| u64::from(n)).sum();
        let all: u64 = self.counts.iter().flatten().map(|&n| u64::from(n)).sum();
        response.widget_info(|| {
            let text = format!("confusion matrix, {right} of {all} on the diagonal");
            WidgetInfo::labeled(Role::Image, true, text)
        });
    }

    /// Says what the cell under the pointer counts: in a picture, the largest of those that share its place.
    fn point_at(&self, ui: &Ui, response: Response, place: Place) -> Response {
        let pointer = response.hover_pos().filter(|at| place.matrix.contains(*at));
        let Some(pointer) = pointer else {
            return response;
        };
        let share = (pointer - place.matrix.min) / place.matrix.size();
        let bins = self.bins();
        let bin = |share: f32| ((share * bins as f32) as usize).min(bins.saturating_sub(1));
        let found = self.largest(bin(share.y), bin(share.x));
        let Some((row, column, count)) = found else {
            return response;
        };
        let cell = place.matrix.width() / bins as f32;
        let at = vec2(bin(share.x) as f32, bin(share.y) as f32) * cell;
        let rect = Rect::from_min_size(place.matrix.min + at, Vec2::splat(cell));
        let stroke = Stroke::new(1.5, theme::palette(ui).text_strong);
        ui.painter().rect_stroke(
            rect.expand(if cell < 4.0 { 2.0 } else { 0.0 }),
            1.0,
            stroke,
            StrokeKind::Inside,
        );
        let name = |class: usize| self.names.get(class).map_or("?", String::as_str);
        let total: u32 = self.counts[row].iter().sum();
        let part = f64::from(count) / f64::from(total.max(1));
        response.on_hover_text_at_pointer(format!(
            "{} {}, predicted {}: {} of {} ({})",
            self.meant,
            name(row),
            name(column),
            thousands(count as usize),
            thousands(total as usize),
            percent(part).trim()
        ))
    }

    /// Into how many rows and columns the classes are gathered to be painted.
    fn bins(&self) -> usize {
        self.counts.len().clamp(1, picture::MOST_BINS)
    }

    /// The classes that are gathered in a row or column.
    fn gathered(&self, bin: usize) -> std::ops::Range<usize> {
        let (bins, classes) = (self.bins(), self.counts.len());
        bin * classes / bins..(bin + 1) * classes / bins
    }

    /// The largest count of those that are gathered at one place, with its row and column.
    fn largest(&self, row: usize, column: usize) -> Option<(usize, usize, u32)> {
        let columns = self.gathered(column);
        let cells = self.gathered(row).flat_map(|row| {
            let line = self.counts[row].get(columns.clone()).unwrap_or_default();
            let line = line.iter().zip(columns.clone());
            line.map(move |(&count, column)| (row, column, count))
        });
        // The first of equals.
        cells.reduce(|best, next| if next.2 > best.2 { next } else { best })
    }
}

/// Where a row or column of `classes` has its middle, along a side of the matrix.
fn middle(matrix: Rect, class: usize, classes: usize) -> Vec2 {
    let along = (class as f32 + 0.5) / classes.max(1) as f32;
    (pos2(along, along).to_vec2()) * matrix.size()
}
