//! Colour maps, and a heatmap painted over the image that it explains.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Heatmap;

/// A map from `[0, 1]` to a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ColorMap {
    /// Dark violet over green to yellow; even steps look even, also to colour-blind eyes.
    Viridis,
    /// Black over red to pale yellow.
    Inferno,
    /// Black over violet to cream.
    Magma,
    /// Blue over magenta to yellow.
    Plasma,
    /// Dark blue to yellow, made to look alike with and without red-green blindness.
    Cividis,
    /// A rainbow: the most colours, but its brightness peaks in the middle.
    Turbo,
    /// Black to white.
    Greys,
}

impl ColorMap {
    /// Every colour map, in the order in which to offer them.
    pub const ALL: [Self; 7] = [
        Self::Viridis,
        Self::Inferno,
        Self::Magma,
        Self::Plasma,
        Self::Cividis,
        Self::Turbo,
        Self::Greys,
    ];

    /// The name that people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viridis => "Viridis",
            Self::Inferno => "Inferno",
            Self::Magma => "Magma",
            Self::Plasma => "Plasma",
            Self::Cividis => "Cividis",
            Self::Turbo => "Turbo",
            Self::Greys => "Greys",
        }
    }

    /// The `sRGB` colour of `value`, which is clamped to `[0, 1]`; NaN gets the lowest colour.
    #[must_use]
    pub fn rgb(self, value: f32) -> [u8; 3] {
        let value = f64::from(unit(value));
        match self {
            Self::Viridis => colorous::VIRIDIS.eval_continuous(value),
            Self::Inferno => colorous::INFERNO.eval_continuous(value),
            Self::Magma => colorous::MAGMA.eval_continuous(value),
            Self::Plasma => colorous::PLASMA.eval_continuous(value),
            Self::Cividis => colorous::CIVIDIS.eval_continuous(value),
            Self::Turbo => colorous::TURBO.eval_continuous(value),
            // The library's greys run from white to black; here, as in the other maps, more is brighter.
            Self::Greys => colorous::GREYS.eval_continuous(1.0 - value),
        }
        .into_array()
    }
}

impl fmt::Display for ColorMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Colours that an overlay has to choose from: neighbours differ by less than what a pixel can show, and a colour map takes
/// longer to evaluate than all the rest of a pixel.
const STEPS: usize = 1024;

/// Paints a heatmap over an image, grey or in `sRGB` colours: a colour for each pixel, row by row.
///
/// - `values`: `[channels, height, width]` with 1 or 3 channels
///
/// Each pixel is a blend of the image and the heatmap's colour, with `opacity * value` of the colour: where there is no
/// evidence the image stays as it is, and at opacity 0 all of it does. The blend is of `sRGB` values, as in any image
/// viewer. `values` and `opacity` are clamped to `[0, 1]`; NaN counts as 0.
///
/// # Panics
/// If `heatmap` does not have one value for each pixel; see [`Heatmap::over_image`].
#[must_use]
pub fn overlay(values: &[f32], heatmap: &Heatmap, map: ColorMap, opacity: f32) -> Vec<[u8; 3]> {
    let pixels = heatmap.values.len();
    let is_colour = values.len() == 3 * pixels;
    assert!(
        is_colour || values.len() == pixels,
        "resample the heatmap ({} x {}) to the size of the image first",
        heatmap.height,
        heatmap.width
    );
    let opacity = unit(opacity);
    let step = |index: usize| map.rgb(index as f32 / STEPS as f32).map(f32::from);
    let colors: Vec<[f32; 3]> = (0..=STEPS).map(step).collect();
    let blend = |pixel: [f32; 3], value: f32| {
        let value = unit(value);
        let color = colors[(value * STEPS as f32 + 0.5) as usize];
        let mixed = |of: usize| {
            let under = unit(pixel[of]) * 255.0;
            (under + (color[of] - under) * opacity * value + 0.5) as u8
        };
        [mixed(0), mixed(1), mixed(2)]
    };
    let evidence = heatmap.values.iter().enumerate();
    if is_colour {
        let pixel = |i: usize| [values[i], values[pixels + i], values[2 * pixels + i]];
        evidence.map(|(i, value)| blend(pixel(i), *value)).collect()
    } else {
        evidence
            .map(|(i, value)| blend([values[i]; 3], *value))
            .collect()
    }
}

/// Clamps to `[0, 1]`; NaN becomes 0.
fn unit(value: f32) -> f32 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(0.0, 1.0)
    }
}
