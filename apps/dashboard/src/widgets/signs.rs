//! Buttons with a sign on them, painted: the font has none of these.

use eframe::egui::{
    Button, Color32, Painter, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::cross_mark;
use crate::theme;

/// Width and height of a button.
const SIZE: Vec2 = vec2(30.0, 26.0);
/// Width and height of a button with a cross.
pub const CLOSE: f32 = 20.0;
/// Half the height of a sign.
const HALF: f32 = 5.5;

/// What is on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A triangle to the right.
    Play,
    /// Two bars.
    Pause,
    /// A triangle to the left, against a bar.
    Previous,
    /// A triangle to the right, against a bar.
    Next,
    /// A triangle up: something opens there.
    Unfold,
    /// A triangle down: something closes there.
    Fold,
}

/// A button with a cross, which takes something away: true if it was clicked. `name` says what it does, `hint` more about it.
pub fn close_button(ui: &mut Ui, name: &str, hint: &str) -> bool {
    let button = Button::new("").frame_when_inactive(false);
    let response = ui.add(button.min_size(Vec2::splat(CLOSE)));
    let ink = ui.style().interact(&response).fg_stroke.color;
    let mark = Rect::from_center_size(response.rect.center(), Vec2::splat(8.0));
    cross_mark(ui.painter(), mark, ink);
    let response = response.on_hover_text(hint);
    response.accessible_name(name).clicked()
}

/// A button with a sign. `name` says what it does.
pub fn sign_button(ui: &mut Ui, sign: Sign, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(SIZE, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if ui.is_rect_visible(rect) {
        let visuals = ui.style().interact(&response);
        let painter = ui.painter();
        painter.rect(
            rect,
            theme::RADIUS,
            visuals.weak_bg_fill,
            visuals.bg_stroke,
            StrokeKind::Inside,
        );
        paint(painter, rect, sign, visuals.fg_stroke.color);
    }
    response
}

fn paint(painter: &Painter, rect: Rect, sign: Sign, ink: Color32) {
    let center = rect.center();
    let bar = |x: f32, width: f32| {
        let size = vec2(width, 2.0 * HALF);
        let bar = Rect::from_center_size(center + vec2(x, 0.0), size);
        painter.rect_filled(bar, 0.0, ink);
    };
    // Its point lies `HALF` from the centre in that direction, its base as far on the other side.
    let triangle = |direction: Vec2| {
        let side = direction.rot90();
        let corners = [direction, side - direction, -side - direction];
        let corners = corners.map(|corner| {
            let corner = center + HALF * corner;
            pos2(corner.x, corner.y)
        });
        painter.add(eframe::egui::Shape::convex_polygon(
            corners.to_vec(),
            ink,
            Stroke::NONE,
        ));
    };
    match sign {
        Sign::Play => triangle(Vec2::RIGHT),
        Sign::Pause => {
            bar(-3.0, 3.5);
            bar(3.0, 3.5);
        }
        Sign::Previous => {
            triangle(Vec2::LEFT);
            bar(-HALF - 1.5, 2.0);
        }
        Sign::Next => {
            triangle(Vec2::RIGHT);
            bar(HALF + 1.5, 2.0);
        }
        Sign::Unfold => triangle(0.8 * Vec2::UP),
        Sign::Fold => triangle(0.8 * Vec2::DOWN),
    }
}
