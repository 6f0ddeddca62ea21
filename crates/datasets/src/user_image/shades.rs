//! Pictures that show one thing on one level: the level of the background, and in which direction the thing differs.

use image::Luma;

use super::{
    Adjustments,
    grey::{Plane, quantile},
};

/// Pictures with less contrast count as empty.
const MIN_CONTRAST: f32 = 0.03;

/// The background's level, and in which direction ink differs from it.
pub(super) struct Shades {
    background: f32,
    inverted: bool,
    threshold: Option<f32>,
}

impl Shades {
    /// The background is what most of the edge looks like. A person may have decided in which direction ink differs from it, and how
    /// far at least. `None` if there is nothing else than background.
    pub(super) fn find(levels: &Plane, adjustments: &Adjustments) -> Option<Self> {
        if levels.as_raw().is_empty() {
            return None;
        }
        let values = levels.as_raw().iter().copied();
        let darkest = values.clone().fold(f32::INFINITY, f32::min);
        let lightest = values.fold(f32::NEG_INFINITY, f32::max);
        if lightest - darkest < MIN_CONTRAST {
            return None;
        }
        let background = quantile(edge(levels).collect(), 0.5);
        Some(Self {
            background,
            inverted: adjustments
                .invert
                .unwrap_or(background > f32::midpoint(darkest, lightest)),
            threshold: adjustments.threshold,
        })
    }

    /// Whether ink is darker than the background.
    pub(super) fn inverted(&self) -> bool {
        self.inverted
    }

    /// How much ink counts, where a person said it.
    pub(super) fn threshold(&self) -> Option<f32> {
        self.threshold
    }

    /// How far each pixel is from the background (0) towards black or white (1); `None` if none is.
    pub(super) fn ink(&self, levels: &Plane) -> Option<Plane> {
        let Self {
            background,
            inverted,
            threshold,
        } = *self;
        let mut any = false;
        let ink = Plane::from_fn(levels.width(), levels.height(), |x, y| {
            let level = levels.get_pixel(x, y)[0];
            // A person may look for what is darker than black.
            let ink = if inverted {
                (background - level) / background.max(f32::MIN_POSITIVE)
            } else {
                (level - background) / (1.0 - background).max(f32::MIN_POSITIVE)
            };
            let counts = threshold.is_none_or(|threshold| ink >= threshold);
            let ink = if counts { ink.clamp(0.0, 1.0) } else { 0.0 };
            any |= ink > 0.0;
            Luma([ink])
        });
        any.then_some(ink)
    }
}

/// The outermost pixels. The corners come twice, which changes no median that matters.
fn edge(levels: &Plane) -> impl Iterator<Item = f32> {
    let (right, bottom) = (levels.width() - 1, levels.height() - 1);
    let rows = (0..=right).flat_map(move |x| [(x, 0), (x, bottom)]);
    let columns = (0..=bottom).flat_map(move |y| [(0, y), (right, y)]);
    rows.chain(columns).map(|(x, y)| levels.get_pixel(x, y)[0])
}
