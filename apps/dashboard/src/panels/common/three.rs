//! Three pictures beside each other, with lines over and under each of them: the places of Compare and Explain.

use datasets::ImageShape;
use eframe::egui::{Rect, Ui, Vec2, pos2, vec2};

use crate::widgets::canvas;

const GAP: f32 = 24.0;
/// The lines over and under a picture need this width, however small the picture is.
const LEAST_WIDTH: f32 = 240.0;
/// Between a picture and what stands under it.
const UNDER: f32 = 8.0;

/// Where three pictures and their lines are.
#[derive(Clone, Copy)]
pub(in crate::panels) struct Three {
    columns: [Rect; 3],
    header: f32,
    side: f32,
}

impl Three {
    /// In the middle of `room`, as large as it allows, with so much height over and under each picture.
    pub fn new(ui: &Ui, room: Rect, shape: ImageShape, header: f32, footer: f32) -> Self {
        let share = ((room.width() - 2.0 * GAP) / 3.0).max(0.0);
        let widest = share.min(room.height() - header - footer);
        let side = canvas::crisp_side(shape, widest, ui.pixels_per_point());
        let size = vec2(
            side.max(share.min(LEAST_WIDTH)).floor(),
            header + side + footer,
        );
        let left = (room.center().x - f32::midpoint(3.0 * size.x, 2.0 * GAP)).round();
        let top = (room.center().y - size.y / 2.0).max(room.top()).round();
        let column =
            |place: f32| Rect::from_min_size(pos2(left + place * (size.x + GAP), top), size);
        Self {
            columns: [column(0.0), column(1.0), column(2.0)],
            header,
            side,
        }
    }

    /// The room that three pictures of the least side need, with so much height over and under each.
    pub fn least(ui: &Ui, shape: Option<ImageShape>, around: f32) -> Vec2 {
        let side = |shape| canvas::least_side(shape, ui.pixels_per_point());
        let side = shape.map_or(0.0, side);
        vec2(3.0 * side + 2.0 * GAP, side + around)
    }

    /// Width of the lines over and under a picture.
    pub fn width(&self) -> f32 {
        self.columns[0].width()
    }

    /// A picture with its lines.
    pub fn column(&self, place: usize) -> Rect {
        self.columns[place]
    }

    /// A picture.
    pub fn picture(&self, place: usize) -> Rect {
        let corner = self.columns[place].min + vec2(0.0, self.header);
        Rect::from_min_size(corner, Vec2::splat(self.side))
    }

    /// What is under a picture.
    pub fn under(&self, place: usize) -> Rect {
        let column = self.columns[place];
        let top = self.picture(place).bottom() + UNDER;
        Rect::from_min_max(pos2(column.left(), top), column.max)
    }
}
