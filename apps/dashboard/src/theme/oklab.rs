//! Colours by lightness, chroma and hue as people see them: `OKLab` (Björn Ottosson, 2020).

use eframe::egui::Color32;
use eframe::epaint::ecolor::gamma_u8_from_linear_f32;

/// The colour of this lightness (0..1) and hue (in turns), as strong as `chroma` or as a screen can show it there. Lightness and hue
/// stay: a colour that was cut off channel by channel would be another one.
pub(super) fn color(lightness: f32, chroma: f32, hue: f32) -> Color32 {
    /// Halvings of the chroma's range: less than a step of a byte is left.
    const HALVINGS: usize = 12;
    let at = |chroma: f32| {
        let (sin, cos) = (std::f32::consts::TAU * hue).sin_cos();
        linear([lightness, chroma * cos, chroma * sin])
    };
    let shown = |rgb: [f32; 3]| rgb.iter().all(|value| (-1e-4..=1.0001).contains(value));
    let (mut low, mut high) = (0.0, chroma);
    if !shown(at(chroma)) {
        for _ in 0..HALVINGS {
            let middle = f32::midpoint(low, high);
            if shown(at(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        high = low;
    }
    let [r, g, b] = at(high).map(|value| gamma_u8_from_linear_f32(value.clamp(0.0, 1.0)));
    Color32::from_rgb(r, g, b)
}

/// Red, green and blue, linear in light; beyond 0..1 where no screen shows the colour.
fn linear([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let cone = |a_part: f32, b_part: f32| (lightness + a_part * a + b_part * b).powi(3);
    let long = cone(0.396_337_78, 0.215_803_76);
    let middle = cone(-0.105_561_346, -0.063_854_17);
    let short = cone(-0.089_484_18, -1.291_485_5);
    [
        4.076_741_7 * long - 3.307_711_6 * middle + 0.230_969_94 * short,
        -1.268_438 * long + 2.609_757_4 * middle - 0.341_319_4 * short,
        -0.004_196_086_3 * long - 0.703_418_6 * middle + 1.707_614_7 * short,
    ]
}
