//! What is painted over the picture in the card: the crop, the objects' numbers, and the pointer.

use eframe::egui::{Align2, CursorIcon, FontId, Rect, Stroke, StrokeKind, Ui, Vec2, pos2};

use crate::{
    state::import::crop::{End, Grip},
    theme,
};

/// The side of the square at each corner of the crop.
const HANDLE: f32 = 9.0;

/// Dims what lies outside of the crop, and marks its edge and its corners.
pub(super) fn crop(ui: &Ui, picture: Rect, crop: Rect, has_focus: bool) {
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let veil = palette.veil.gamma_multiply(0.8);
    for outside in around(picture, crop) {
        painter.rect_filled(outside, 0.0, veil);
    }
    // A dark line and a light one: one of them is seen on any picture.
    for (width, color) in [(3.0, palette.background), (1.0, palette.text_strong)] {
        let line = Stroke::new(width, color);
        painter.rect_stroke(crop, 0.0, line, StrokeKind::Middle);
    }
    let edge = if has_focus {
        palette.accent
    } else {
        palette.background
    };
    for corner in [
        crop.left_top(),
        crop.right_top(),
        crop.left_bottom(),
        crop.right_bottom(),
    ] {
        let handle = Rect::from_center_size(corner, Vec2::splat(HANDLE));
        let (fill, line) = (palette.text_strong, Stroke::new(1.5, edge));
        painter.rect(handle, 1.0, fill, line, StrokeKind::Outside);
    }
}

/// What of a picture lies outside of a part of it.
fn around(whole: Rect, part: Rect) -> [Rect; 4] {
    let row = |top: f32, bottom: f32| {
        Rect::from_min_max(pos2(whole.left(), top), pos2(whole.right(), bottom))
    };
    let beside = |left: f32, right: f32| {
        Rect::from_min_max(pos2(left, part.top()), pos2(right, part.bottom()))
    };
    [
        row(whole.top(), part.top()),
        row(part.bottom(), whole.bottom()),
        beside(whole.left(), part.left()),
        beside(part.right(), whole.right()),
    ]
}

/// An object's frame, and its number in a square of its own.
pub(super) fn object(
    ui: &Ui,
    [frame, tag]: [Rect; 2],
    number: usize,
    (shown, has_focus): (bool, bool),
) {
    let palette = theme::palette(ui);
    let (fill, text, width) = if shown {
        (palette.accent, palette.background, 2.0)
    } else {
        (palette.surface, palette.text, 1.0)
    };
    let painter = ui.painter();
    painter.rect_stroke(frame, 2.0, Stroke::new(width, fill), StrokeKind::Outside);
    painter.rect_filled(tag, 3.0, fill);
    if has_focus {
        let ring = Stroke::new(2.0, palette.text_strong);
        painter.rect_stroke(tag, 3.0, ring, StrokeKind::Outside);
    }
    let (font, name) = (FontId::proportional(13.0), (number + 1).to_string());
    painter.text(tag.center(), Align2::CENTER_CENTER, name, font, text);
}

/// The pointer over what it would have hold of.
pub(super) fn cursor(grip: Grip) -> CursorIcon {
    match grip {
        Grip::New => CursorIcon::Crosshair,
        Grip::All => CursorIcon::Move,
        Grip::Edges([Some(_), None]) => CursorIcon::ResizeHorizontal,
        Grip::Edges([None, _]) => CursorIcon::ResizeVertical,
        Grip::Edges([Some(across), Some(down)]) => match (across, down) {
            (End::First, End::First) | (End::Last, End::Last) => CursorIcon::ResizeNwSe,
            _ => CursorIcon::ResizeNeSw,
        },
    }
}
