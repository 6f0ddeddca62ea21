//! Levels that use only the lowest bits of their channels: ten bits of a scanner in sixteen, or a mask of zeros and ones.

use image::{DynamicImage, ImageBuffer, Pixel};

/// Sixteen-bit levels that use no more than this many bits are stretched: what a camera or scanner gives.
const MOST_OF_SIXTEEN: u32 = 14;

/// Eight-bit levels that use no more than this many bits are stretched: a few grey levels, or numbers of classes.
const MOST_OF_EIGHT: u32 = 4;

/// The picture with its levels multiplied so that the highest number of the bits in use becomes white. Opacity stays as it is.
pub(super) fn stretched_to_full(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLuma8(levels) => bytes(levels).into(),
        DynamicImage::ImageRgb8(levels) => bytes(levels).into(),
        DynamicImage::ImageLuma16(levels) => words(levels).into(),
        DynamicImage::ImageLumaA16(levels) => words(levels).into(),
        DynamicImage::ImageRgb16(levels) => words(levels).into(),
        DynamicImage::ImageRgba16(levels) => words(levels).into(),
        other => other,
    }
}

type Levels<P> = ImageBuffer<P, Vec<<P as Pixel>::Subpixel>>;

fn bytes<P: Pixel<Subpixel = u8>>(mut levels: Levels<P>) -> Levels<P> {
    let highest = levels.pixels().flat_map(Pixel::channels).max();
    let bits = used_bits(u16::from(highest.copied().unwrap_or(0)));
    if (1..=MOST_OF_EIGHT).contains(&bits) {
        let top = (1_u32 << bits) - 1;
        for pixel in levels.pixels_mut() {
            pixel.apply(|level| (u32::from(level) * 255 / top) as u8);
        }
    }
    levels
}

fn words<P: Pixel<Subpixel = u16>>(mut levels: Levels<P>) -> Levels<P> {
    let highest = levels.pixels().map(|pixel| {
        let mut highest = 0;
        pixel.map_with_alpha(
            |level| {
                highest = highest.max(level);
                level
            },
            |alpha| alpha,
        );
        highest
    });
    let bits = used_bits(highest.max().unwrap_or(0));
    if (1..=MOST_OF_SIXTEEN).contains(&bits) {
        let top = (1_u32 << bits) - 1;
        let stretched = |level| (u32::from(level) * 65_535 / top) as u16;
        for pixel in levels.pixels_mut() {
            pixel.apply_with_alpha(stretched, |alpha| alpha);
        }
    }
    levels
}

/// How many bits it takes to write a number.
fn used_bits(number: u16) -> u32 {
    u16::BITS - number.leading_zeros()
}
