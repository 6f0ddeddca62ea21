//! A matrix of many classes: a picture with a pixel a cell, numbers along its sides, and names where the pointer is.

use eframe::egui::{
    Align2, Color32, ColorImage, FontId, Id, Rect, TextureHandle, TextureOptions, Ui, pos2,
};

use super::{Confusion, Place, middle};
use crate::theme;

/// Room for the numbers of the rows.
pub(super) const LABELS: f32 = 34.0;
/// Rows and columns of the picture at most: of more classes, some share a pixel.
pub(super) const MOST_BINS: usize = 250;
/// Numbers along a side at most.
const NUMBERS: usize = 6;

/// A picture that is kept from pass to pass, and what it is of.
#[derive(Clone)]
struct Kept {
    of: (u64, bool),
    texture: TextureHandle,
}

pub(super) fn paint(ui: &Ui, confusion: &Confusion<'_>, place: Place) {
    let texture = texture(ui, confusion);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter()
        .image(texture.id(), place.matrix, whole, Color32::WHITE);
    numbers(ui, confusion.counts.len(), place.matrix);
}

fn texture(ui: &Ui, confusion: &Confusion<'_>) -> TextureHandle {
    let id = Id::unique(("confusion picture", confusion.meant));
    let of = (fingerprint(confusion.counts), ui.visuals().dark_mode);
    let kept: Option<Kept> = ui.data(|data| data.get_temp(id));
    if let Some(kept) = kept.filter(|kept| kept.of == of) {
        return kept.texture;
    }
    let palette = theme::palette(ui);
    let bins = confusion.bins();
    let totals: Vec<u32> = confusion
        .counts
        .iter()
        .map(|row| row.iter().sum())
        .collect();
    let color = |index: usize| {
        let largest = confusion.largest(index / bins, index % bins);
        let share = largest.map_or(0.0, |(row, _, count)| {
            count as f32 / totals[row].max(1) as f32
        });
        palette.sequential(share)
    };
    let picture = ColorImage::new([bins; 2], (0..bins * bins).map(color).collect());
    let texture = ui
        .ctx()
        .load_texture("confusion", picture, TextureOptions::NEAREST);
    let kept = Kept {
        of,
        texture: texture.clone(),
    };
    ui.data_mut(|data| data.insert_temp(id, kept));
    texture
}

/// The numbers of some classes, at even steps.
fn numbers(ui: &Ui, classes: usize, matrix: Rect) {
    let palette = theme::palette(ui);
    let font = FontId::proportional(12.0);
    let text = |at, align: Align2, class: usize| {
        ui.painter().text(
            at,
            align,
            class.to_string(),
            font.clone(),
            palette.text_weak,
        );
    };
    for class in (0..classes).step_by(step(classes)) {
        let along = middle(matrix, class, classes);
        let row = pos2(matrix.left() - 5.0, matrix.top() + along.y);
        text(row, Align2::RIGHT_CENTER, class);
        let column = pos2(matrix.left() + along.x, matrix.top() - 3.0);
        text(column, Align2::CENTER_BOTTOM, class);
    }
}

/// 10, 20, 50, 100 or more, so that there are few enough.
fn step(classes: usize) -> usize {
    let decades = (1..).map(|power| 10_usize.pow(power));
    let mut steps = decades.flat_map(|decade| [decade, 2 * decade, 5 * decade]);
    steps
        .find(|step| classes.div_ceil(*step) <= NUMBERS)
        .unwrap_or(classes)
}

fn fingerprint(counts: &[Vec<u32>]) -> u64 {
    let start = counts.len() as u64;
    counts.iter().flatten().fold(start, |hash, &count| {
        hash.rotate_left(5).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(count)
    })
}
