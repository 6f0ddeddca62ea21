//! Small signs, painted so that they look the same with every font.

use eframe::egui::{
    Color32, Mesh, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2,
};

use crate::theme::{self, PointMark};

/// Side of a tick among texts, in points.
const TICK: f32 = 14.0;

/// A tick among texts: done. `name` says what.
pub fn tick(ui: &mut Ui, name: &str) {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(TICK), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    check_mark(ui.painter(), rect, theme::palette(ui).good);
}

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

/// Marks of this radius, each with its place and colour, as one mesh: a map has a thousand of them.
pub fn point_marks(
    painter: &Painter,
    radius: f32,
    marks: impl IntoIterator<Item = (Pos2, PointMark, Color32)>,
) {
    // Half a screen pixel to each side of the edge fades.
    let half = 0.5 / painter.pixels_per_point();
    let mut mesh = Mesh::default();
    for (at, mark, color) in marks {
        add_mark(&mut mesh, (at, radius, half), mark, color);
    }
    painter.add(Shape::mesh(mesh));
}

/// The outline of a mark: what it would be if it were shown.
pub fn hollow_mark(painter: &Painter, at: Pos2, radius: f32, mark: PointMark, color: Color32) {
    let corners = mark.outline().iter();
    let corners = corners.map(|[x, y]| pos2(at.x + radius * x, at.y + radius * y));
    painter.add(Shape::closed_line(
        corners.collect(),
        Stroke::new(1.2, color),
    ));
}

/// Triangles from the middle to the edge, and around them a thin band that fades.
fn add_mark(
    mesh: &mut Mesh,
    (at, radius, half): (Pos2, f32, f32),
    mark: PointMark,
    color: Color32,
) {
    let first = mesh.vertices.len() as u32;
    mesh.colored_vertex(at, color);
    let outline = mark.outline();
    for [x, y] in outline {
        let length = (x * x + y * y).sqrt().max(f32::EPSILON);
        for (by, ink) in [(-half, color), (half, Color32::TRANSPARENT)] {
            let scale = ((radius * length + by) / length).max(0.0);
            mesh.colored_vertex(pos2(at.x + scale * x, at.y + scale * y), ink);
        }
    }
    let corners = outline.len() as u32;
    for corner in 0..corners {
        let (inner, next) = (
            first + 1 + 2 * corner,
            first + 1 + 2 * ((corner + 1) % corners),
        );
        mesh.add_triangle(first, inner, next);
        mesh.add_triangle(inner, inner + 1, next + 1);
        mesh.add_triangle(inner, next + 1, next);
    }
}
