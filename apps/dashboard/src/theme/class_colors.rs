//! Colours that tell classes apart.

use std::f32::consts::TAU;

use eframe::egui::Color32;
use eframe::epaint::ecolor::gamma_u8_from_linear_f32;

/// Classes whose colours were searched for, so that they are as far apart as can be. Those of the others are computed.
pub(super) const FIRST_CLASSES: usize = 10;

// From a search for the largest least distance of any two in OKLab, as most people see them and with the red or the green
// cones missing, with a contrast of at least 3 to the background. Their order keeps classes that lie beside each other in
// the shipped models, such as 0 and 6 or 4 and 9, far apart.
pub(super) const ON_DARK: [Color32; FIRST_CLASSES] = [
    Color32::from_rgb(0x9e, 0x84, 0x98),
    Color32::from_rgb(0x77, 0xca, 0xae),
    Color32::from_rgb(0xc1, 0xfd, 0x93),
    Color32::from_rgb(0x26, 0xa6, 0xff),
    Color32::from_rgb(0xf0, 0x62, 0x20),
    Color32::from_rgb(0xf4, 0xb2, 0x13),
    Color32::from_rgb(0x54, 0x5d, 0xe3),
    Color32::from_rgb(0x9f, 0x35, 0x93),
    Color32::from_rgb(0x9a, 0x4a, 0x21),
    Color32::from_rgb(0xe6, 0xe5, 0xff),
];
pub(super) const ON_LIGHT: [Color32; FIRST_CLASSES] = [
    Color32::from_rgb(0x26, 0x8a, 0xb2),
    Color32::from_rgb(0x4c, 0x4a, 0x69),
    Color32::from_rgb(0x37, 0x2d, 0x00),
    Color32::from_rgb(0xb8, 0x5b, 0x6e),
    Color32::from_rgb(0x00, 0x19, 0x99),
    Color32::from_rgb(0x4e, 0x01, 0x51),
    Color32::from_rgb(0xb3, 0x83, 0x00),
    Color32::from_rgb(0x8f, 0x75, 0xff),
    Color32::from_rgb(0x49, 0x49, 0xce),
    Color32::from_rgb(0x01, 0x62, 0x01),
];

/// Hues by the golden ratio, so that any number of neighbours lie far apart on the wheel, each a little lighter or
/// darker and more or less strong than the one before.
pub(super) fn later(class_lightness: &[f32; 5], index: usize) -> Color32 {
    const GOLDEN: f32 = 0.618_034;
    const CHROMA: [f32; 2] = [0.15, 0.1];
    const AROUND: [f32; 3] = [0.0, 0.02, -0.02];
    let steps = class_lightness.len();
    let chroma = CHROMA[index / steps % CHROMA.len()];
    let around = AROUND[index / (steps * CHROMA.len()) % AROUND.len()];
    let lightness = class_lightness[index % steps] + around;
    let (sin, cos) = (TAU * (index as f32 * GOLDEN).fract()).sin_cos();
    from_oklab([lightness, chroma * cos, chroma * sin])
}

/// A colour from `OKLab` (Björn Ottosson, 2020), the nearest one that a screen has.
fn from_oklab([lightness, a, b]: [f32; 3]) -> Color32 {
    let cone = |a_part: f32, b_part: f32| (lightness + a_part * a + b_part * b).powi(3);
    let long = cone(0.396_337_78, 0.215_803_76);
    let middle = cone(-0.105_561_346, -0.063_854_17);
    let short = cone(-0.089_484_18, -1.291_485_5);
    let red = 4.076_741_7 * long - 3.307_711_6 * middle + 0.230_969_94 * short;
    let green = -1.268_438 * long + 2.609_757_4 * middle - 0.341_319_4 * short;
    let blue = -0.004_196_086_3 * long - 0.703_418_6 * middle + 1.707_614_7 * short;
    let byte = |linear: f32| gamma_u8_from_linear_f32(linear.clamp(0.0, 1.0));
    Color32::from_rgb(byte(red), byte(green), byte(blue))
}
