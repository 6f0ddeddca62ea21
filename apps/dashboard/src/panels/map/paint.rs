//! How the map looks: points as marks in the colours of their classes or of what was measured, or their pictures where there is room.

use datasets::ImageShape;
use eframe::egui::{
    Align2, Color32, Painter, Pos2, Rect, Response, Shape, Stroke, StrokeKind, TextStyle, Ui, Vec2,
    emath::GuiRounding as _, vec2,
};

use super::{Layout, View};
use crate::{
    state::{
        map::{Camera, ColorScale, KeptGroup, MapPoint, MapSettings, Pin, PointFigures},
        model::OpenModel,
    },
    theme::{self, Palette, PointMark},
    widgets::{
        canvas::{self, Atlas},
        point_marks,
    },
};

pub(super) const DOT: f32 = 3.2;
/// How near the pointer has to be to a point to be on it.
const REACH: f32 = 8.0;
/// So many pictures at most, on so much of the map at most: more would hide each other.
const MOST_PICTURES: usize = 150;
const PICTURE_SHARE: f32 = 0.3;
const PICTURE_SIDES: [f32; 3] = [84.0, 56.0, 32.0];
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
    /// How the map is shown.
    pub settings: MapSettings,
    /// What was measured of the points, and the scale on which colours show it.
    pub figures: PointFigures<'a>,
    pub scale: Option<ColorScale>,
    /// The groups that are kept of these points.
    pub groups: Vec<&'a KeptGroup>,
    /// What is pinned, and its pictures.
    pub pins: &'a [Pin],
    pub pinned: &'a Atlas,
    /// Where the latent has been, the oldest first.
    pub trail: Vec<&'a [f32]>,
}

/// What the pointer is on.
#[derive(Clone, Copy, Default)]
pub(super) struct Hit {
    /// A point, by its number.
    pub point: Option<usize>,
    /// A pin, by its place in the list. Pins lie over points.
    pub pin: Option<usize>,
}

impl Stage<'_> {
    pub fn paint(
        &self,
        ui: &Ui,
        response: &Response,
        view: &View,
        in_view: &InView,
        hit: Hit,
        latent: &[f32],
    ) {
        let palette = theme::palette(ui);
        let painter = ui.painter_at(response.rect);
        if self.layout.unfolded.is_none() {
            self.axes(&painter, palette);
        }
        // What stands out lies on top, and what the pointer is on lies highest.
        for top in [false, true] {
            let points = in_view.points.iter().copied().filter(|(index, _)| {
                let class = self.layout.points.cloud.classes[*index];
                view.stands_out(*index, class) == top && hit.point != Some(*index)
            });
            self.points(ui, &painter, in_view.side, points, !top);
        }
        let under = in_view
            .points
            .iter()
            .find(|(index, _)| hit.point == Some(*index));
        if let Some(&(index, at)) = under {
            self.point_under_pointer(ui, &painter, in_view.side, (index, at));
            self.tooltip(ui, response, index);
        }
        self.line(&painter, palette, &view.line);
        let cursor = self.camera.to_screen(view.cursor(self.layout, latent));
        self.trail(&painter, palette, cursor);
        self.names(ui, &painter, palette, view);
        self.paint_pins(ui, &painter, palette, hit.pin);
        if let Some(pin) = hit.pin {
            self.pin_tooltip(ui, response, pin);
        }
        if self.layout.unfolded.is_none() {
            self.shares(ui, &painter, palette);
        }
        let inner = response.rect.shrink(CURSOR + 2.0);
        paint_cursor(&painter, palette, cursor.clamp(inner.min, inner.max));
        if response.has_focus() {
            let stroke = Stroke::new(1.5, palette.accent);
            painter.rect_stroke(response.rect, 0.0, stroke, StrokeKind::Inside);
        }
    }

    /// The point under the pointer, with an edge around it.
    fn point_under_pointer(
        &self,
        ui: &Ui,
        painter: &Painter,
        side: Option<f32>,
        (index, at): (usize, Pos2),
    ) {
        self.points(ui, painter, side, std::iter::once((index, at)), false);
        let half = side.map_or(DOT + 3.0, |side| side / 2.0 + 3.0);
        let stroke = Stroke::new(2.0, theme::palette(ui).text_strong);
        if side.is_some() {
            let rect = Rect::from_center_size(at, Vec2::splat(2.0 * half));
            painter.rect_stroke(rect, 2.0, stroke, StrokeKind::Inside);
        } else {
            painter.circle_stroke(at, half, stroke);
        }
    }

    /// What the colour of a point says: what was measured of it, or its class.
    fn color(&self, palette: &Palette, index: usize) -> Color32 {
        let coloring = self.settings.coloring;
        let value = self.figures.value(coloring, index);
        match self.scale.zip(value) {
            Some((scale, value)) => palette.graded(scale.share(value)),
            None if coloring.is_measured() => palette.mark,
            None => palette.class(self.layout.points.cloud.classes[index]),
        }
    }

    /// Points as marks of their classes, or as pictures of this side.
    fn points(
        &self,
        ui: &Ui,
        painter: &Painter,
        side: Option<f32>,
        points: impl Iterator<Item = (usize, Pos2)> + Clone,
        faint: bool,
    ) {
        let palette = theme::palette(ui);
        let dimmed = |color: Color32| {
            if faint {
                color.gamma_multiply(FAINT)
            } else {
                color
            }
        };
        let colored = points.map(|(index, at)| (index, at, dimmed(self.color(palette, index))));
        let Some(side) = side else {
            let radius = (DOT + self.camera.zoom().max(1.0).ln()).min(2.0 * DOT);
            let class = |index: usize| self.layout.points.cloud.classes[index];
            let marks = colored
                .clone()
                .map(|(index, at, color)| (at, PointMark::of(class(index)), color));
            point_marks(painter, radius, marks);
            if !faint {
                for (index, at, _) in colored {
                    self.rings(painter, palette, (index, at), radius);
                }
            }
            return;
        };
        for (index, at, color) in colored {
            // On whole pixels of the screen, so that the picture is crisp.
            let corner = (at - Vec2::splat(side / 2.0)).round_to_pixels(ui.pixels_per_point());
            let rect = Rect::from_min_size(corner, Vec2::splat(side));
            self.pictures
                .paint_with(painter, rect, index, dimmed(Color32::WHITE));
            painter.rect_stroke(rect, 0.0, Stroke::new(2.0, color), StrokeKind::Outside);
            let class = self.layout.points.cloud.classes[index];
            let mark = (rect.left_top(), PointMark::of(class), color);
            point_marks(painter, DOT, std::iter::once(mark));
            self.rings(painter, palette, (index, rect.left_top()), DOT);
        }
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
}

/// A ring with a dark and a light edge, to be seen on every colour.
fn paint_cursor(painter: &Painter, palette: &Palette, at: Pos2) {
    painter.circle_stroke(at, CURSOR, Stroke::new(5.0, palette.background));
    painter.circle_stroke(at, CURSOR, Stroke::new(2.5, palette.text_strong));
    painter.circle_filled(at, 3.5, palette.background);
    painter.circle_filled(at, 2.5, palette.text_strong);
}
