//! How large everything is drawn: as the person wants it, as large windows ask for, and so that the least content has room.

use eframe::egui::Vec2;
use serde::{Deserialize, Serialize};

use crate::theme::LEAST_CONTENT;

/// What the person can choose, and in how many steps a key press changes it by one.
const LEAST: f32 = 0.5;
const MOST: f32 = 3.0;
const STEPS: f32 = 10.0;
/// In a larger window than this, in points of the screen, everything is drawn larger.
const LARGE: Vec2 = Vec2::new(1920.0, 1080.0);
/// Windows much larger than that still draw no larger than so many times.
const MOST_GROWTH: f32 = 1.5;

/// What the person wants: 1 is the size that everything is made for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zoom(f32);

/// A change of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoomCommand {
    /// A step larger.
    In,
    /// A step smaller.
    Out,
    /// Back to 100 %.
    Reset,
}

impl Default for Zoom {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Zoom {
    /// In percent, to be read.
    #[must_use]
    pub fn percent(self) -> f32 {
        self.0 * 100.0
    }

    /// What a command makes of it.
    #[must_use]
    pub fn after(self, command: ZoomCommand) -> Self {
        let steps = (self.0 * STEPS).round();
        match command {
            ZoomCommand::In => Self((steps + 1.0) / STEPS),
            ZoomCommand::Out => Self((steps - 1.0) / STEPS),
            ZoomCommand::Reset => Self::default(),
        }
        .sound()
    }

    /// What somebody may have written into a file by hand is brought into range.
    #[must_use]
    pub fn sound(self) -> Self {
        if self.0.is_finite() {
            Self(self.0.clamp(LEAST, MOST))
        } else {
            Self::default()
        }
    }

    /// How many points of the screen a point of the content is in a window of `size` points of the screen. Large windows draw
    /// everything larger, by the square root of how much larger they are, in tenths, so that text is not laid out anew at
    /// every pixel; and where the content would have less than the least, everything is drawn smaller.
    #[must_use]
    pub fn factor(self, size: Vec2) -> f32 {
        self.factor_beside(size, 0.0)
    }

    /// As [`Self::factor`], where so many points of the content's height are taken by something else.
    #[must_use]
    pub fn factor_beside(self, size: Vec2, taken: f32) -> f32 {
        let larger = (size / LARGE).min_elem().max(1.0).sqrt().min(MOST_GROWTH);
        // A little more than what rounding takes away.
        let growth = ((larger + 1e-3) * 10.0).floor() / 10.0;
        let least = Vec2::from(LEAST_CONTENT) + Vec2::new(0.0, taken);
        let fits = (size / least).min_elem();
        (self.0 * growth).min(fits).max(f32::MIN_POSITIVE)
    }
}
