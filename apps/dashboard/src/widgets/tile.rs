//! A small picture that can be clicked.

use eframe::egui::{
    FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    emath::GuiRounding as _, pos2, vec2,
};

use super::{canvas::Atlas, elided, marks};
use crate::theme;

/// Height of the line under a picture.
const LINE: f32 = 17.0;

/// What a tile shows.
#[derive(Clone, Copy)]
pub struct Tile<'a> {
    /// The pictures.
    pub atlas: &'a Atlas,
    /// Which of them.
    pub index: usize,
    /// Width and height of the picture, in points.
    pub side: f32,
    /// What it is called.
    pub name: &'a str,
    /// What stands under it; nothing does if it is empty.
    pub caption: &'a str,
    /// Right or wrong, if that is asked.
    pub right: Option<bool>,
    /// Whether it is the one in front.
    pub selected: bool,
}

impl Tile<'_> {
    /// The space that tiles of this side take, with or without a line under them.
    #[must_use]
    pub fn size(side: f32, captioned: bool) -> Vec2 {
        vec2(side, if captioned { side + LINE } else { side })
    }
}

/// A picture with a line under it. Wrong ones have a red frame and a cross, right ones a tick.
pub fn image_tile(ui: &mut Ui, tile: Tile<'_>) -> Response {
    let palette = theme::palette(ui);
    let size = Tile::size(tile.side, !tile.caption.is_empty());
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, tile.selected, tile.name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let picture = Rect::from_min_size(rect.min, Vec2::splat(tile.side));
    ui.painter().rect_filled(picture, 0.0, palette.well);
    tile.atlas.paint(ui, picture, tile.index);
    let frame = if tile.selected || response.has_focus() {
        Some(Stroke::new(2.0, palette.accent))
    } else if response.hovered() {
        Some(Stroke::new(2.0, palette.text))
    } else if tile.right == Some(false) {
        Some(Stroke::new(2.0, palette.bad))
    } else {
        None
    };
    if let Some(stroke) = frame {
        ui.painter()
            .rect_stroke(picture, 1.0, stroke, StrokeKind::Outside);
    }
    if !tile.caption.is_empty() {
        let line = Rect::from_min_max(pos2(rect.left(), picture.bottom() + 2.0), rect.max);
        paint_line(ui, line, tile);
    }
    response
}

fn paint_line(ui: &Ui, line: Rect, tile: Tile<'_>) {
    let palette = theme::palette(ui);
    let painter = ui.painter_at(line);
    let mut left = line.left();
    let ink = match tile.right {
        Some(right) => {
            let mark = Rect::from_center_size(pos2(left + 6.0, line.center().y), Vec2::splat(9.0));
            left += 14.0;
            if right {
                marks::check_mark(&painter, mark, palette.good);
                palette.text_weak
            } else {
                marks::cross_mark(&painter, mark, palette.bad);
                palette.bad
            }
        }
        None => palette.text_weak,
    };
    let font = FontId::proportional(12.0);
    let room = line.right() - left;
    let galley = elided(&painter, tile.caption, font, ink, room);
    let size = galley.size();
    let x = if tile.right.is_some() {
        left
    } else {
        left + (room - size.x) / 2.0
    };
    let at = pos2(x, line.center().y - size.y / 2.0);
    painter.galley(at.round_to_pixels(ui.pixels_per_point()), galley, ink);
}
