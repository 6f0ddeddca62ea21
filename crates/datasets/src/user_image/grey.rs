//! From any picture to grey levels of a size to work on.

use std::borrow::Cow;

use image::{
    DynamicImage, ImageBuffer, Luma, Pixel as _, Rgb, Rgb32FImage, buffer::ConvertBuffer as _,
    imageops,
};

use super::{Region, rounded_share};

/// Larger pictures shrink to this first: it bounds the work, and 20 pixels need no more.
const WORKING_SIDE: u32 = 640;

/// Numbers in `[0, 1]`, one a pixel: grey levels, or how much ink there is.
pub(super) type Plane = ImageBuffer<Luma<f32>, Vec<f32>>;

/// A part of a picture at a smaller scale.
#[derive(Clone)]
pub(super) struct Sheet {
    /// The luminance.
    pub plane: Plane,
    /// Red, green and blue.
    pub colours: Rgb32FImage,
    /// Where its first pixel lies in the picture, in pixels of the picture.
    corner: [f32; 2],
    /// Pixels of the picture that one of its pixels covers, along a side.
    scale: f32,
}

impl Sheet {
    /// A whole picture. Where it is transparent, it stands in front of a backdrop that contrasts with it.
    pub(super) fn of(picture: &DynamicImage) -> Self {
        let longer = picture.width().max(picture.height());
        let small = shrunk(picture);
        let colours = opaque(&small);
        Self {
            scale: longer as f32 / small.width().max(small.height()) as f32,
            plane: colours.convert(),
            colours,
            corner: [0.0; 2],
        }
    }

    /// A part of the sheet.
    pub(super) fn cut(&self, part: Region) -> Self {
        let Region {
            left,
            top,
            width,
            height,
        } = part;
        Self {
            plane: imageops::crop_imm(&self.plane, left, top, width, height).to_image(),
            colours: imageops::crop_imm(&self.colours, left, top, width, height).to_image(),
            corner: [
                self.corner[0] + left as f32 * self.scale,
                self.corner[1] + top as f32 * self.scale,
            ],
            scale: self.scale,
        }
    }

    /// A part of the sheet as a part of the picture.
    pub(super) fn in_picture(&self, part: Region) -> Region {
        let scaled = |pixels: u32| pixels as f32 * self.scale;
        let start = |corner: f32, pixels: u32| (corner + scaled(pixels)).floor() as u32;
        Region {
            left: start(self.corner[0], part.left),
            top: start(self.corner[1], part.top),
            width: scaled(part.width).ceil().max(1.0) as u32,
            height: scaled(part.height).ceil().max(1.0) as u32,
        }
    }
}

/// The part of a plane that holds all of it.
pub(super) fn whole(plane: &Plane) -> Region {
    Region {
        left: 0,
        top: 0,
        width: plane.width(),
        height: plane.height(),
    }
}

/// The levels of a picture in front of black, if it is light, or else of white.
fn opaque(picture: &DynamicImage) -> Rgb32FImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb32f();
    }
    let picture = picture.to_rgba32f();
    let (mut light, mut opacity) = (0.0, 0.0);
    for pixel in picture.pixels() {
        light += f64::from(pixel.to_luma()[0] * pixel[3]);
        opacity += f64::from(pixel[3]);
    }
    let backdrop = if light * 2.0 < opacity { 1.0 } else { 0.0 };
    Rgb32FImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        Rgb([red, green, blue].map(|level| level * alpha + backdrop * (1.0 - alpha)))
    })
}

fn shrunk(picture: &DynamicImage) -> Cow<'_, DynamicImage> {
    let (width, height) = (picture.width(), picture.height());
    let longer = width.max(height);
    if longer <= WORKING_SIDE {
        return Cow::Borrowed(picture);
    }
    let scaled = |side: u32| rounded_share(side, WORKING_SIDE, longer);
    Cow::Owned(picture.thumbnail_exact(scaled(width), scaled(height)))
}

/// The smallest value with at least `share` of all values at or below it; 0 of none.
pub(super) fn quantile(mut values: Vec<f32>, share: f32) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let at = ((values.len() - 1) as f32 * share).round() as usize;
    *values.select_nth_unstable_by(at, f32::total_cmp).1
}
