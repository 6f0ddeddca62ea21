//! Small signs, painted so that they look the same with every font.

use eframe::egui::{Color32, Painter, Rect, Stroke, StrokeKind, pos2};

/// A tick: right.
pub fn check_mark(painter: &Painter, rect: Rect, color: Color32) {
    let at = |x: f32, y: f32| {
        pos2(
            rect.left() + x * rect.width(),
            rect.top() + y * rect.height(),
        )
    };
    let points = vec![at(0.12, 0.55), at(0.40, 0.82), at(0.90, 0.20)];
    painter.line(points, Stroke::new(stroke_width(rect), color));
}

/// A cross: wrong.
pub fn cross_mark(painter: &Painter, rect: Rect, color: Color32) {
    let inner = rect.shrink(rect.width() * 0.16);
    let stroke = Stroke::new(stroke_width(rect), color);
    painter.line_segment([inner.left_top(), inner.right_bottom()], stroke);
    painter.line_segment([inner.right_top(), inner.left_bottom()], stroke);
}

/// A padlock, shut or open.
pub fn padlock(painter: &Painter, rect: Rect, color: Color32, shut: bool) {
    let at = |x: f32, y: f32| {
        pos2(
            rect.left() + x * rect.width(),
            rect.top() + y * rect.height(),
        )
    };
    let stroke = Stroke::new(1.4, color);
    let body = Rect::from_min_max(at(0.16, 0.46), at(0.84, 0.94));
    let lift = if shut { 0.0 } else { -0.10 };
    let mut shackle = vec![at(0.30, 0.46), at(0.30, 0.27 + lift), at(0.38, 0.14 + lift)];
    shackle.extend([
        at(0.50, 0.09 + lift),
        at(0.62, 0.14 + lift),
        at(0.70, 0.27 + lift),
    ]);
    if shut {
        shackle.push(at(0.70, 0.46));
        painter.rect_filled(body, 1.5, color);
    } else {
        painter.rect_stroke(body, 1.5, stroke, StrokeKind::Inside);
    }
    painter.line(shackle, stroke);
}

fn stroke_width(rect: Rect) -> f32 {
    (rect.width() / 6.0).clamp(1.5, 2.5)
}
