//! From any picture to ink: luminance, the background's level, polarity and noise.

use image::{DynamicImage, GrayImage, ImageBuffer, Luma, imageops};

use super::rounded_share;

/// Larger pictures shrink to this first: it bounds the work, and 20 pixels need no more.
const WORKING_SIDE: u32 = 1024;

/// Pictures with less contrast, in grey levels of 255, count as empty: noise of a camera or of JPEG.
const MIN_CONTRAST: u8 = 8;

/// How far from the background's level ink begins, in median absolute deviations of the picture's edge: about four
/// standard deviations of a camera's noise, because the background has so many pixels.
const NOISE_DEVIATIONS: f32 = 6.0;

/// Added to that, in grey levels of 255: the noise of a picture whose levels mostly round to the same value.
const NOISE_LEVELS: f32 = 3.0;

/// Grey values in [0, 1], 0 for the background.
pub(super) type Ink = ImageBuffer<Luma<f32>, Vec<f32>>;

/// The picture's luminance, in front of a backdrop that contrasts with it where it is transparent.
pub(super) fn flatten(picture: &DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.to_luma8();
    }
    let picture = picture.to_luma_alpha8();
    let (mut light, mut opacity) = (0_u64, 0_u64);
    for pixel in picture.pixels() {
        let [value, alpha] = pixel.0.map(u64::from);
        light += value * alpha;
        opacity += alpha;
    }
    let backdrop: u32 = if light * 2 < opacity * 255 { 255 } else { 0 };
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [value, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let blended = (value * alpha + backdrop * (255 - alpha) + 127) / 255;
        Luma([blended as u8])
    })
}

pub(super) fn shrink(grey: GrayImage) -> GrayImage {
    let (width, height) = grey.dimensions();
    let longer = width.max(height);
    if longer <= WORKING_SIDE {
        return grey;
    }
    let scaled = |side: u32| rounded_share(side, WORKING_SIDE, longer);
    imageops::thumbnail(&grey, scaled(width), scaled(height))
}

/// The background's grey level, and in which direction ink differs from it.
pub(super) struct Shades {
    background: u8,
    inverted: bool,
}

impl Shades {
    /// `None` if there is nothing but background.
    pub(super) fn find(grey: &GrayImage) -> Option<Self> {
        let darkest = grey.as_raw().iter().copied().min()?;
        let lightest = grey.as_raw().iter().copied().max()?;
        if lightest - darkest < MIN_CONTRAST {
            return None;
        }
        let background = median(edge(grey).map(|pixel| pixel[0]).collect());
        let middle = darkest.midpoint(lightest);
        Some(Self {
            background,
            inverted: background > middle,
        })
    }

    /// How many grey levels there are between the background and full ink.
    fn range(&self) -> f32 {
        f32::from(if self.inverted {
            self.background
        } else {
            255 - self.background
        })
    }

    /// How much ink (0 to 1) the background's own noise looks like.
    pub(super) fn noise_floor(&self, grey: &GrayImage) -> f32 {
        let deviations = edge(grey).map(|pixel| pixel[0].abs_diff(self.background));
        let deviation = f32::from(median(deviations.collect()));
        (NOISE_DEVIATIONS * deviation + NOISE_LEVELS) / self.range()
    }

    /// How far each pixel is from the background (0) towards black or white (1).
    pub(super) fn ink(&self, grey: &GrayImage) -> Ink {
        let background = f32::from(self.background);
        let sign = if self.inverted { -1.0 } else { 1.0 };
        let range = self.range();
        Ink::from_fn(grey.width(), grey.height(), |x, y| {
            let difference = f32::from(grey.get_pixel(x, y)[0]) - background;
            Luma([(sign * difference / range).clamp(0.0, 1.0)])
        })
    }
}

/// The outermost pixels. The corners come twice, which changes no median that matters.
fn edge(image: &GrayImage) -> impl Iterator<Item = Luma<u8>> {
    let (right, bottom) = (image.width() - 1, image.height() - 1);
    let rows = (0..=right).flat_map(move |x| [(x, 0), (x, bottom)]);
    let columns = (0..=bottom).flat_map(move |y| [(0, y), (right, y)]);
    rows.chain(columns).map(|(x, y)| *image.get_pixel(x, y))
}

fn median(mut values: Vec<u8>) -> u8 {
    let middle = values.len() / 2;
    *values.select_nth_unstable(middle).1
}

/// Takes `floor` away from all ink, but never more than half of the strongest, and stretches the rest back to 1.
pub(super) fn without_noise(mut ink: Ink, floor: f32) -> Ink {
    let peak = ink
        .as_raw()
        .iter()
        .copied()
        .fold(f32::MIN_POSITIVE, f32::max);
    let floor = floor.min(peak / 2.0);
    for pixel in ink.pixels_mut() {
        pixel[0] = ((pixel[0] - floor) / (peak - floor)).max(0.0);
    }
    ink
}
