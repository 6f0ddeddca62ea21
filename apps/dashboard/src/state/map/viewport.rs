//! Which part of a map is in view.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::MapPoint;

/// Share of the view that all points fill at most.
const FILLED: f32 = 0.92;
const ZOOM: std::ops::RangeInclusive<f32> = 0.5..=200.0;

/// What a person set: how near, and where the middle is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// 1 shows all points.
    zoom: f32,
    /// In shares of the extent of all points, so that it stays while a layout grows.
    middle: Vec2,
}

impl Default for Viewport {
    fn default() -> Self {
        Self {
            zoom: 1.0,
            middle: Vec2::splat(0.5),
        }
    }
}

/// From places to points of the screen and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    rect: Rect,
    middle: MapPoint,
    /// Points a unit.
    scale: f32,
    low: MapPoint,
    extent: Vec2,
    zoom: f32,
}

impl Viewport {
    /// Whether all points are in view, as large as they fit.
    #[must_use]
    pub fn shows_all(&self) -> bool {
        *self == Self::default()
    }

    /// The view of `places` in `rect`.
    #[must_use]
    pub fn camera(&self, rect: Rect, places: &[MapPoint]) -> Camera {
        let start = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        let (low, high) = places.iter().fold(start, |(low, high), place| {
            let both = |pick: fn(f32, f32) -> f32, a: MapPoint| {
                [pick(a[0], place[0]), pick(a[1], place[1])]
            };
            (both(f32::min, low), both(f32::max, high))
        });
        let (low, high) = if places.is_empty() {
            ([-1.0; 2], [1.0; 2])
        } else {
            (low, high)
        };
        let extent = vec2(high[0] - low[0], high[1] - low[1]).max(Vec2::splat(1e-6));
        let fit = (rect.width() / extent.x).min(rect.height() / extent.y) * FILLED;
        Camera {
            rect,
            middle: [
                low[0] + self.middle.x * extent.x,
                low[1] + self.middle.y * extent.y,
            ],
            scale: fit * self.zoom,
            low,
            extent,
            zoom: self.zoom,
        }
    }

    /// Zooms by `factor` so that what is under `pointer` stays there.
    pub fn zoom(&mut self, camera: &Camera, pointer: Pos2, factor: f32) {
        let zoom = (self.zoom * factor).clamp(*ZOOM.start(), *ZOOM.end());
        let under = camera.to_map(pointer);
        let share = self.zoom / zoom;
        self.zoom = zoom;
        self.look_at(
            camera,
            [
                under[0] + (camera.middle[0] - under[0]) * share,
                under[1] + (camera.middle[1] - under[1]) * share,
            ],
        );
    }

    /// Moves the map with a hand that moved by `delta` points.
    pub fn pan(&mut self, camera: &Camera, delta: Vec2) {
        let middle = [
            camera.middle[0] - delta.x / camera.scale,
            camera.middle[1] + delta.y / camera.scale,
        ];
        self.look_at(camera, middle);
    }

    /// The middle never leaves the points.
    fn look_at(&mut self, camera: &Camera, middle: MapPoint) {
        let from_low = vec2(middle[0] - camera.low[0], middle[1] - camera.low[1]);
        self.middle = (from_low / camera.extent).clamp(Vec2::ZERO, Vec2::splat(1.0));
    }
}

impl Camera {
    /// Where the map is on the screen.
    #[must_use]
    pub fn rect(&self) -> Rect {
        self.rect
    }

    /// How much nearer than all points fit.
    #[must_use]
    pub fn zoom(&self) -> f32 {
        self.zoom
    }

    /// Units of the map in so many points of the screen.
    #[must_use]
    pub fn units(&self, points: f32) -> f32 {
        points / self.scale
    }

    /// Where a place is on the screen. Up is up.
    #[must_use]
    pub fn to_screen(&self, place: MapPoint) -> Pos2 {
        let center = self.rect.center();
        pos2(
            center.x + (place[0] - self.middle[0]) * self.scale,
            center.y - (place[1] - self.middle[1]) * self.scale,
        )
    }

    /// The place under a point of the screen.
    #[must_use]
    pub fn to_map(&self, at: Pos2) -> MapPoint {
        let center = self.rect.center();
        [
            self.middle[0] + (at.x - center.x) / self.scale,
            self.middle[1] - (at.y - center.y) / self.scale,
        ]
    }
}
