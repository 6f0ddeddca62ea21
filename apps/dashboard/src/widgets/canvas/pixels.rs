//! Image pixels and screen pixels.

use datasets::SIDE;
use eframe::egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};

/// A number for [`Canvas::paint`](super::Canvas::paint) to tell images by that come from no answer.
#[must_use]
pub fn fingerprint(pixels: &[f32]) -> u64 {
    pixels.iter().fold(0, |hash: u64, value| {
        hash.rotate_left(5) ^ u64::from(value.to_bits())
    })
}
/// The largest side that fits into `available` points with every image pixel the same whole number of screen pixels.
#[must_use]
pub fn crisp_side(available: f32, pixels_per_point: f32) -> f32 {
    let side = SIDE as f32;
    let scale = (available * pixels_per_point / side).floor().max(1.0);
    scale * side / pixels_per_point
}
/// The image `scale` times as large, in grey.
#[must_use]
pub fn enlarged(pixels: &[f32], scale: usize) -> ColorImage {
    let side = SIDE * scale;
    let color = |index: usize| {
        let (row, column) = (index / side / scale, index % side / scale);
        Color32::from_gray(byte(
            pixels.get(row * SIDE + column).copied().unwrap_or(0.0),
        ))
    };
    ColorImage::new([side, side], (0..side * side).map(color).collect())
}
/// Updates a texture in place, or makes it.
pub(super) fn put(
    texture: &mut Option<TextureHandle>,
    ctx: &Context,
    name: &str,
    image: ColorImage,
) {
    match texture {
        Some(texture) => texture.set(image, TextureOptions::NEAREST),
        None => *texture = Some(ctx.load_texture(name, image, TextureOptions::NEAREST)),
    }
}
pub(super) fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}
