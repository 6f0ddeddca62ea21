//! What a person decides about a picture of theirs, as plain data: how it is turned, which part counts, what is ink.

use std::borrow::Cow;

use image::DynamicImage;
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};
use serde::{Deserialize, Serialize};

use super::Region;

/// The largest tilt, in degrees to either side: beyond it lies the next quarter turn.
pub const MAX_TILT: f32 = 45.0;

/// A person's decisions about a picture. What is left open, [`prepare`](super::prepare) decides as it sees fit.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adjustments {
    /// Quarter turns clockwise.
    pub quarter_turns: u8,
    /// Degrees clockwise besides, about the middle of the picture, at most [`MAX_TILT`] to either side.
    pub tilt: f32,
    /// The part that counts, in pixels of the turned picture; the program looks at the whole picture without it.
    pub crop: Option<Region>,
    /// Whether light and dark are exchanged: yes for dark ink on light paper, no for light ink on a dark ground. Pictures that keep
    /// their colours become negatives.
    pub invert: Option<bool>,
    /// How far a pixel has to differ from its background to count, in shares of `[0, 1]`. Pictures that keep their colours take none.
    pub threshold: Option<f32>,
    /// Which of the objects that are found, counted from 0, the largest first.
    pub object: Option<usize>,
}

impl Adjustments {
    /// Nothing but a turn by so many degrees clockwise; a number that is not finite does not turn.
    #[must_use]
    pub fn turned_by(degrees: f32) -> Self {
        let degrees = if degrees.is_finite() {
            degrees.rem_euclid(360.0)
        } else {
            0.0
        };
        let quarters = (degrees / 90.0).round();
        Self {
            quarter_turns: quarters as u8 % 4,
            tilt: degrees - 90.0 * quarters,
            ..Self::default()
        }
    }

    /// Whether the picture stands as it came.
    #[must_use]
    pub fn is_upright(&self) -> bool {
        self.quarter_turns.is_multiple_of(4) && self.tilt == 0.0
    }

    /// Whether it was decided what counts, beside how the picture is turned.
    pub(super) fn decide(&self) -> bool {
        let Self {
            crop,
            invert,
            threshold,
            object,
            ..
        } = self;
        crop.is_some() || invert.is_some() || threshold.is_some() || object.is_some()
    }

    /// The turned picture. A quarter turn exchanges its sides; a tilt keeps them, so its corners leave the picture, and what comes
    /// in from outside has the colour of the nearest edge.
    #[must_use]
    pub fn turn<'a>(&self, picture: &'a DynamicImage) -> Cow<'a, DynamicImage> {
        let quartered = match self.quarter_turns % 4 {
            1 => Cow::Owned(picture.rotate90()),
            2 => Cow::Owned(picture.rotate180()),
            3 => Cow::Owned(picture.rotate270()),
            _ => Cow::Borrowed(picture),
        };
        if self.tilt == 0.0 || !self.tilt.is_finite() {
            return quartered;
        }
        let angle = self.tilt.clamp(-MAX_TILT, MAX_TILT).to_radians();
        let how = Interpolation::Bilinear;
        Cow::Owned(if quartered.color().has_alpha() {
            rotate_about_center(&quartered.to_rgba8(), angle, how, Border::Replicate).into()
        } else {
            rotate_about_center(&quartered.to_rgb8(), angle, how, Border::Replicate).into()
        })
    }
}
