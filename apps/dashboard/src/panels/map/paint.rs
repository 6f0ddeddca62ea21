//! How the map looks: points in the colours of their classes, or their pictures where there is room.

use datasets::ImageShape;
use eframe::egui::{
    Align2, Color32, Painter, Pos2, Rect, Response, Shape, Stroke, StrokeKind, TextStyle, Tooltip,
    Ui, Vec2, emath::GuiRounding as _, vec2,
};

use super::{Layout, View};
use crate::{
    state::{
        map::{Camera, MapPoint},
        model::OpenModel,
    },
    theme::{self, Palette},
    widgets::{
        self,
        canvas::{self, Atlas},
    },
};

const DOT: f32 = 3.2;
/// How near the pointer has to be to a point to be on it.
const REACH: f32 = 8.0;
/// So many pictures at most, on so much of the map at most: more would hide each other.
const MOST_PICTURES: usize = 150;
const PICTURE_SHARE: f32 = 0.3;
const PICTURE_SIDES: [f32; 3] = [84.0, 56.0, 32.0];
/// Side of the picture in the tooltip.
const LARGE: f32 = 96.0;
/// What does not stand out.
const FAINT: f32 = 0.16;
const CURSOR: f32 = 9.0;

/// The points that are in view.
pub(super) struct InView {
    /// Number and place on the screen, in the order in which they are painted.
    points: Vec<(usize, Pos2)>,
    /// Side of their pictures, where there is room for such.
    side: Option<f32>,
}

impl InView {
    /// `pictures` is the shape of the points' pictures, once they are there.
    pub fn new(
        ui: &Ui,
        layout: Layout<'_>,
        view: &View,
        camera: &Camera,
        pictures: Option<ImageShape>,
    ) -> Self {
        let near = camera.rect().expand(DOT);
        let classes = &layout.points.cloud.classes;
        let points = layout.places().iter().zip(classes).enumerate();
        let points: Vec<_> = points
            .filter(|(_, (_, class))| view.shows(**class))
            .map(|(index, (place, _))| (index, camera.to_screen(*place)))
            .filter(|(_, at)| near.contains(*at))
            .collect();
        let few = points.len() <= MOST_PICTURES && !points.is_empty();
        let room = PICTURE_SHARE * camera.rect().area() / points.len().max(1) as f32;
        let side = pictures.filter(|_| few).and_then(|shape| {
            let ppp = ui.pixels_per_point();
            let sides = PICTURE_SIDES.map(|side| canvas::crisp_side(shape, side, ppp));
            sides.into_iter().find(|side| side * side <= room)
        });
        Self { points, side }
    }

    /// The point at this place of the screen.
    pub fn at(&self, pointer: Pos2) -> Option<usize> {
        let distance = |at: Pos2| match self.side {
            Some(side) if Rect::from_center_size(at, Vec2::splat(side)).contains(pointer) => {
                at.distance(pointer)
            }
            None if at.distance(pointer) <= REACH => at.distance(pointer),
            _ => f32::INFINITY,
        };
        let near = self.points.iter().map(|(index, at)| (index, distance(*at)));
        near.filter(|(_, distance)| distance.is_finite())
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(index, _)| *index)
    }
}

/// What is painted besides the points.
pub(super) struct Stage<'a> {
    pub layout: Layout<'a>,
    pub camera: &'a Camera,
    pub pictures: &'a Atlas,
    pub model: &'a OpenModel,
    /// Whether the points are images of the sample.
    pub sampled: bool,
}

impl Stage<'_> {
    pub fn paint(
        &self,
        ui: &Ui,
        response: &Response,
        view: &View,
        in_view: &InView,
        hit: Option<usize>,
        latent: &[f32],
    ) {
        let palette = theme::palette(ui);
        let painter = ui.painter_at(response.rect);
        if self.layout.unfolded.is_none() {
            self.axes(&painter, palette);
        }
        // What stands out lies on top, and what the pointer is on lies highest.
        for top in [false, true] {
            for &(index, at) in &in_view.points {
                let class = self.layout.points.cloud.classes[index];
                if view.stands_out(index, class) == top && hit != Some(index) {
                    self.point(ui, &painter, in_view.side, (index, at), !top);
                }
            }
        }
        let under = in_view.points.iter().find(|(index, _)| hit == Some(*index));
        if let Some(&(index, at)) = under {
            self.point(ui, &painter, in_view.side, (index, at), false);
            let half = in_view.side.map_or(DOT + 3.0, |side| side / 2.0 + 3.0);
            let stroke = Stroke::new(2.0, palette.text_strong);
            if in_view.side.is_some() {
                let rect = Rect::from_center_size(at, Vec2::splat(2.0 * half));
                painter.rect_stroke(rect, 2.0, stroke, StrokeKind::Inside);
            } else {
                painter.circle_stroke(at, half, stroke);
            }
            self.tooltip(ui, response, index);
        }
        self.line(&painter, palette, &view.line);
        if self.layout.unfolded.is_none() {
            self.shares(ui, &painter, palette);
        }
        let cursor = self.camera.to_screen(view.cursor(self.layout, latent));
        let inner = response.rect.shrink(CURSOR + 2.0);
        paint_cursor(&painter, palette, cursor.clamp(inner.min, inner.max));
        if response.has_focus() {
            let stroke = Stroke::new(1.5, palette.accent);
            painter.rect_stroke(response.rect, 0.0, stroke, StrokeKind::Inside);
        }
    }

    fn point(
        &self,
        ui: &Ui,
        painter: &Painter,
        side: Option<f32>,
        (index, at): (usize, Pos2),
        faint: bool,
    ) {
        let palette = theme::palette(ui);
        let class = self.layout.points.cloud.classes[index];
        let color = palette.class(class);
        let color = if faint {
            color.gamma_multiply(FAINT)
        } else {
            color
        };
        let Some(side) = side else {
            let radius = DOT + self.camera.zoom().max(1.0).ln();
            painter.circle_filled(at, radius.min(2.0 * DOT), color);
            return;
        };
        // On whole pixels of the screen, so that the picture is crisp.
        let corner = (at - Vec2::splat(side / 2.0)).round_to_pixels(ui.pixels_per_point());
        let rect = Rect::from_min_size(corner, Vec2::splat(side));
        let tint = if faint {
            Color32::WHITE.gamma_multiply(FAINT)
        } else {
            Color32::WHITE
        };
        self.pictures.paint_with(painter, rect, index, tint);
        painter.rect_stroke(rect, 0.0, Stroke::new(2.0, color), StrokeKind::Outside);
    }

    /// Through the middle of all class regions.
    fn axes(&self, painter: &Painter, palette: &Palette) {
        let rect = self.camera.rect();
        let middle = self.camera.to_screen([0.0; 2]);
        let stroke = Stroke::new(1.0, palette.line);
        painter.hline(
            rect.x_range(),
            painter.round_to_pixel_center(middle.y),
            stroke,
        );
        painter.vline(
            painter.round_to_pixel_center(middle.x),
            rect.y_range(),
            stroke,
        );
    }

    /// The share of the variance that each direction holds, on top of everything.
    fn shares(&self, ui: &Ui, painter: &Painter, palette: &Palette) {
        let font = TextStyle::Small.resolve(ui.style());
        let rect = self.camera.rect().shrink2(vec2(12.0, 8.0));
        let [right, up] = &self.layout.points.plane.axes;
        for (anchor, way, share) in [
            (Align2::RIGHT_BOTTOM, "to the right", right.share),
            (Align2::LEFT_TOP, "up", up.share),
        ] {
            let text = format!("{way}: {:.1} % of the variance", share * 100.0);
            let text = painter.layout_no_wrap(text, font.clone(), palette.text_weak);
            let at = anchor.anchor_size(anchor.pos_in_rect(&rect), text.size());
            let behind = palette.background.gamma_multiply(0.8);
            painter.rect_filled(at.expand2(vec2(4.0, 2.0)), theme::RADIUS, behind);
            painter.galley(at.min, text, palette.text_weak);
        }
    }

    fn line(&self, painter: &Painter, palette: &Palette, line: &[MapPoint]) {
        let points: Vec<Pos2> = line.iter().map(|at| self.camera.to_screen(*at)).collect();
        let stroke = Stroke::new(1.5, palette.accent);
        let closing: Vec<Pos2> = points
            .first()
            .into_iter()
            .chain(points.last())
            .copied()
            .collect();
        painter.extend(Shape::dashed_line(&closing, stroke, 5.0, 4.0));
        painter.add(Shape::line(points, stroke));
    }

    fn tooltip(&self, ui: &Ui, response: &Response, index: usize) {
        let tooltip =
            Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), response.id, response.rect);
        tooltip.at_pointer().gap(14.0).show(|ui| {
            let shape = self.model.shape();
            let side = canvas::crisp_side(shape, LARGE, ui.pixels_per_point());
            ui.horizontal(|ui| {
                let (rect, _) =
                    ui.allocate_exact_size(Vec2::splat(side), eframe::egui::Sense::hover());
                self.pictures.paint(ui, rect, index);
                ui.vertical(|ui| {
                    let cloud = &self.layout.points.cloud;
                    if self.model.info().has_classes() {
                        let name = self.model.info().class_name(cloud.classes[index]);
                        widgets::title(ui, &name);
                    }
                    let name = if self.sampled {
                        format!("Test image {}", index + 1)
                    } else {
                        format!("Sample {}", cloud.number_in_region(index) + 1)
                    };
                    widgets::caption(ui, name);
                });
            });
        });
    }
}

/// A ring with a dark and a light edge, to be seen on every colour.
fn paint_cursor(painter: &Painter, palette: &Palette, at: Pos2) {
    painter.circle_stroke(at, CURSOR, Stroke::new(5.0, palette.background));
    painter.circle_stroke(at, CURSOR, Stroke::new(2.5, palette.text_strong));
    painter.circle_filled(at, 3.5, palette.background);
    painter.circle_filled(at, 2.5, palette.text_strong);
}
