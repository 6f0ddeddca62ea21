//! What lies over the points of a map: names of classes, the way of the latent, rings of groups, pins.

use eframe::egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2,
    emath::GuiRounding as _, pos2, vec2,
};

use super::{
    View,
    paint::{DOT, Stage},
};
use crate::{
    state::map::{KeptGroup, MapLayer, Pin, class_medians},
    theme::{self, Palette},
    widgets::canvas,
};

/// Side of the picture of a pin, and how high it stands over its place.
const PIN: f32 = 28.0;
const STEM: f32 = 12.0;
/// Size of the name of a class.
const NAME: f32 = 17.0;
/// Around a name.
const MARGIN: Vec2 = vec2(5.0, 2.0);
/// Names on a map at most: more would hide it.
const MOST_NAMES: usize = 40;
/// How clearly the oldest place of the trail is seen, and the newest.
const TRAIL_FROM: f32 = 0.3;
const TRAIL_TO: f32 = 1.0;

impl Stage<'_> {
    /// Rings around the points of groups, one outside the other.
    pub(super) fn rings(
        &self,
        painter: &Painter,
        palette: &Palette,
        (index, at): (usize, Pos2),
        radius: f32,
    ) {
        let holds = |kept: &&&KeptGroup| kept.group.members.binary_search(&index).is_ok();
        for (place, kept) in self.groups.iter().filter(holds).enumerate() {
            let stroke = Stroke::new(1.2, palette.group(kept.color));
            painter.circle_stroke(at, radius + 2.5 + 2.5 * place as f32, stroke);
        }
    }

    /// The name of each class at the median of its points, that of the most frequent first. A name that has no room is left out.
    pub(super) fn names(&self, ui: &Ui, painter: &Painter, palette: &Palette, view: &View) {
        let info = self.model.info();
        if !self.settings.shows(MapLayer::Labels) || !info.has_classes() {
            return;
        }
        let font = FontId::proportional(NAME);
        let classes = &self.layout.points.cloud.classes;
        let shown = |class| view.shows(class) && view.lit.is_none_or(|lit| lit == class);
        let mut taken: Vec<Rect> = Vec::new();
        for (class, place) in class_medians(self.layout.places(), classes, shown) {
            let name = info.class_name(class);
            let text = painter.layout_no_wrap(name, font.clone(), palette.text_strong);
            let at = self.camera.to_screen(place);
            let rect = Align2::CENTER_CENTER.anchor_size(at, text.size());
            let free = |around: &Rect| {
                self.camera.rect().contains_rect(*around)
                    && taken.iter().all(|other| !other.intersects(*around))
            };
            // At its place, or a line or two beside it.
            let line = rect.height() + 2.0 * MARGIN.y;
            let places = [0.0, 1.0, -1.0, 2.0, -2.0];
            let places = places.map(|lines| rect.translate(vec2(0.0, lines * line)));
            let mut places = places.iter().map(|rect| rect.expand2(MARGIN));
            let Some(around) = places.find(free).filter(|_| taken.len() < MOST_NAMES) else {
                continue;
            };
            taken.push(around);
            let behind = palette.background.gamma_multiply(0.85);
            painter.rect_filled(around, theme::RADIUS, behind);
            let corner = (around.min + MARGIN).round_to_pixels(ui.pixels_per_point());
            painter.galley(corner, text, palette.text_strong);
        }
    }

    /// Where the latent has been, the older the fainter, up to where it is.
    pub(super) fn trail(&self, painter: &Painter, palette: &Palette, cursor: Pos2) {
        if !self.settings.shows(MapLayer::Trail) {
            return;
        }
        let place = |latent: &&[f32]| self.camera.to_screen(self.layout.place_of(latent));
        let mut places: Vec<Pos2> = self.trail.iter().map(place).collect();
        places.push(cursor);
        let last = places.len().saturating_sub(1).max(1) as f32;
        let aged = |color: Color32, index: usize| {
            let age = (index + 1) as f32 / last;
            color.gamma_multiply(TRAIL_FROM + (TRAIL_TO - TRAIL_FROM) * age)
        };
        // With an edge, to be seen on marks of any colour.
        for (width, ink) in [(5.0, palette.background), (2.5, palette.accent)] {
            for (index, pair) in places.windows(2).enumerate() {
                let color = aged(ink, index);
                painter.line_segment([pair[0], pair[1]], Stroke::new(width, color));
                painter.circle_filled(pair[0], width, color);
            }
        }
    }

    /// The pin under this place of the screen.
    pub(super) fn pin_at(&self, ui: &Ui, pointer: Pos2) -> Option<usize> {
        let mut pins = self.pins(ui).rev();
        pins.find(|(_, _, rect)| rect.expand(2.0).contains(pointer))
            .map(|(index, _, _)| index)
    }

    /// Each pin with its place on the screen and that of its picture.
    fn pins(&self, ui: &Ui) -> impl DoubleEndedIterator<Item = (usize, Pos2, Rect)> {
        let shown = self.settings.shows(MapLayer::Pins);
        let side = canvas::crisp_side(self.model.shape(), PIN, ui.pixels_per_point());
        let dims = self.model.space.dims();
        let ppp = ui.pixels_per_point();
        let pins = self.pins.iter().enumerate();
        pins.filter(move |(_, pin)| shown && pin.fits(dims)).map(
            move |(index, pin): (usize, &Pin)| {
                let at = self.camera.to_screen(self.layout.place_of(&pin.latent));
                let corner = pos2(at.x - side / 2.0, at.y - STEM - side);
                let rect = Rect::from_min_size(corner.round_to_pixels(ppp), Vec2::splat(side));
                (index, at, rect)
            },
        )
    }

    /// Pictures of the person's own, each on a stem over its place.
    pub(super) fn paint_pins(
        &self,
        ui: &Ui,
        painter: &Painter,
        palette: &Palette,
        under: Option<usize>,
    ) {
        for (index, at, rect) in self.pins(ui) {
            let live = under == Some(index);
            let color = if live {
                palette.text_strong
            } else {
                palette.accent
            };
            let stroke = Stroke::new(2.0, color);
            painter.add(Shape::line_segment([at, pos2(at.x, rect.bottom())], stroke));
            painter.circle_filled(at, DOT, color);
            painter.rect_filled(rect, 0.0, palette.well);
            self.pinned.paint_with(painter, rect, index, Color32::WHITE);
            painter.rect_stroke(rect, 1.0, stroke, StrokeKind::Outside);
        }
    }
}
