//! Image pixels and screen pixels: how large an image is painted so that its pixels stay crisp, and in which colours.

use datasets::{Image, ImageShape};
use eframe::egui::{
    Color32, ColorImage, Context, Rect, TextureFilter, TextureHandle, TextureOptions,
    emath::GuiRounding as _, vec2,
};

use crate::theme::LEAST_PICTURE;

/// Enlarged pixels are squares of one colour. Where there is no room for that, neighbours are mixed rather than left out.
pub(super) const CRISP: TextureOptions = TextureOptions {
    magnification: TextureFilter::Nearest,
    minification: TextureFilter::Linear,
    ..TextureOptions::NEAREST
};

/// A number for [`Canvas::paint`](super::Canvas::paint) to tell images by that come from no answer.
#[must_use]
pub fn fingerprint(image: &Image) -> u64 {
    // FNV-1a, of which every factor is odd: what changes in two rows does not cancel out, as it would with shifts alone.
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let shape = image.shape();
    let start = (shape.channels() << 16 | shape.height() << 8 | shape.width()) as u64;
    image.values().iter().fold(start, |hash, value| {
        (hash ^ u64::from(value.to_bits())).wrapping_mul(PRIME)
    })
}

/// The largest side of a square, up to `available` points, in which every image pixel is the same whole number of screen
/// pixels. Where not even one screen pixel a pixel fits, it is `available`: the image is shrunk then.
#[must_use]
pub fn crisp_side(shape: ImageShape, available: f32, pixels_per_point: f32) -> f32 {
    let side = shape.square_side() as f32;
    let room = (available * pixels_per_point).floor().max(1.0);
    let scale = (room / side).floor();
    let screen = if scale < 1.0 { room } else { scale * side };
    screen / pixels_per_point
}

/// Room for the smallest square of at least [`LEAST_PICTURE`] points in which every image pixel is the same whole number of
/// screen pixels: a point or two more than its side, which rounding may take away again.
#[must_use]
pub fn least_side(shape: ImageShape, pixels_per_point: f32) -> f32 {
    let side = shape.square_side() as f32;
    let scale = (LEAST_PICTURE * pixels_per_point / side).ceil();
    (scale * side / pixels_per_point).ceil() + 1.0
}

/// Where an image lies in the room that it is given: as large as its proportions allow, in the middle, on whole screen
/// pixels. A square image fills a square room.
#[must_use]
pub fn fitted(shape: ImageShape, room: Rect, pixels_per_point: f32) -> Rect {
    let (width, height) = (shape.width() as f32, shape.height() as f32);
    let scale = (room.width() / width).min(room.height() / height);
    let size = vec2(width, height) * scale;
    if size == room.size() {
        return room;
    }
    let corner = room.center() - size / 2.0;
    Rect::from_min_size(corner.round_to_pixels(pixels_per_point), size)
}

/// The image `scale` times as large.
#[must_use]
pub fn enlarged(image: &Image, scale: usize) -> ColorImage {
    let (height, width) = (image.shape().height(), image.shape().width());
    let colors = colors(image);
    let pixel = |index: usize| {
        let (row, column) = (index / (width * scale), index % (width * scale));
        colors[row / scale * width + column / scale]
    };
    let pixels = (0..height * width * scale * scale).map(pixel).collect();
    ColorImage::new([width * scale, height * scale], pixels)
}

/// The colours of an image's pixels, row by row.
pub(super) fn colors(image: &Image) -> Vec<Color32> {
    let rgb = image.to_rgb().into_iter();
    rgb.map(|[r, g, b]| Color32::from_rgb(r, g, b)).collect()
}

/// Updates a texture in place, or makes it. `options` say how it is enlarged and shrunk.
pub(super) fn put(
    texture: &mut Option<TextureHandle>,
    ctx: &Context,
    name: &str,
    (image, options): (ColorImage, TextureOptions),
) {
    match texture {
        Some(texture) => texture.set(image, options),
        None => *texture = Some(ctx.load_texture(name, image, options)),
    }
}
