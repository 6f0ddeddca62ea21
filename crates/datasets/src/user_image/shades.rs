//! Pictures that show one thing on one level: the level of the background, and in which direction the thing differs.

use image::Luma;

use super::grey::{Plane, quantile};

/// Pictures with less contrast count as empty.
const MIN_CONTRAST: f32 = 0.03;

/// The background's level, and in which direction ink differs from it.
pub(super) struct Shades {
    background: f32,
    inverted: bool,
}

impl Shades {
    /// The background is what most of the edge looks like. `None` if there is nothing else.
    pub(super) fn find(levels: &Plane) -> Option<Self> {
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
            inverted: background > f32::midpoint(darkest, lightest),
        })
    }

    /// How far each pixel is from the background (0) towards black or white (1).
    pub(super) fn ink(&self, levels: &Plane) -> Plane {
        let Self {
            background,
            inverted,
        } = *self;
        Plane::from_fn(levels.width(), levels.height(), |x, y| {
            let level = levels.get_pixel(x, y)[0];
            let ink = if inverted {
                (background - level) / background
            } else {
                (level - background) / (1.0 - background)
            };
            Luma([ink.clamp(0.0, 1.0)])
        })
    }
}

/// The outermost pixels. The corners come twice, which changes no median that matters.
fn edge(levels: &Plane) -> impl Iterator<Item = f32> {
    let (right, bottom) = (levels.width() - 1, levels.height() - 1);
    let rows = (0..=right).flat_map(move |x| [(x, 0), (x, bottom)]);
    let columns = (0..=bottom).flat_map(move |y| [(0, y), (right, y)]);
    rows.chain(columns).map(|(x, y)| levels.get_pixel(x, y)[0])
}
