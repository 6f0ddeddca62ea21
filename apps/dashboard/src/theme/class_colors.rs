//! Colours that tell classes apart.

use eframe::egui::Color32;

use super::oklab;

/// Classes whose colours were searched for, so that they are as far apart as can be. Those of the others are computed.
pub(super) const FIRST_CLASSES: usize = 10;

// From a search for the largest least distance of any two in OKLab, in both themes at once, as most people see them and with the red
// or the green cones missing. Within it a class has one hue in both themes, no two classes are equally light in either, and each has
// a contrast of at least 3 to the background. Their order keeps classes that lie beside each other in the shipped models, such as 0
// and 6 or 4 and 9, far apart.
pub(super) const ON_DARK: [Color32; FIRST_CLASSES] = [
    Color32::from_rgb(0xdf, 0x9a, 0x84),
    Color32::from_rgb(0xc4, 0x54, 0x6f),
    Color32::from_rgb(0xfa, 0x8f, 0xd7),
    Color32::from_rgb(0x30, 0x5e, 0xfd),
    Color32::from_rgb(0xff, 0xe9, 0xb1),
    Color32::from_rgb(0x2d, 0xaf, 0x18),
    Color32::from_rgb(0x8b, 0x4b, 0xa3),
    Color32::from_rgb(0xcc, 0xdb, 0x25),
    Color32::from_rgb(0x74, 0xf5, 0xff),
    Color32::from_rgb(0xa0, 0x85, 0xfc),
];
pub(super) const ON_LIGHT: [Color32; FIRST_CLASSES] = [
    Color32::from_rgb(0xf9, 0x4f, 0x05),
    Color32::from_rgb(0x76, 0x41, 0x4b),
    Color32::from_rgb(0xce, 0x34, 0xa6),
    Color32::from_rgb(0x08, 0x06, 0x8f),
    Color32::from_rgb(0x74, 0x5a, 0x05),
    Color32::from_rgb(0x13, 0x42, 0x0d),
    Color32::from_rgb(0x52, 0x2b, 0x60),
    Color32::from_rgb(0x87, 0x8e, 0x59),
    Color32::from_rgb(0x03, 0x77, 0x7e),
    Color32::from_rgb(0x80, 0x43, 0xf6),
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
    oklab::color(lightness, chroma, (index as f32 * GOLDEN).fract())
}
