//! The frame of an animation that stands for it: the first one with something on it.

use std::io::Cursor;

use image::{
    AnimationDecoder, DynamicImage, ImageError, ImageFormat, ImageResult,
    codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder},
};

/// How many frames are looked at.
const MOST_FRAMES: usize = 64;

/// How many pixels are decoded in search of a frame.
const MOST_PIXELS: u64 = 256_000_000;

/// A frame is passed over for a later one if it has less than this percentage of that one's contrast: it is empty, or still fading
/// in.
const CONTENT_SHARE: u32 = 60;

/// The frame, if the file is an animation.
pub(super) fn first_with_content(
    bytes: &[u8],
    format: ImageFormat,
) -> Option<ImageResult<DynamicImage>> {
    let source = Cursor::new(bytes);
    let frames = match format {
        ImageFormat::Gif => GifDecoder::new(source).ok()?.into_frames(),
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(source).ok()?;
            decoder.has_animation().then(|| decoder.into_frames())?
        }
        ImageFormat::Png => {
            let decoder = PngDecoder::new(source).ok()?;
            if !decoder.is_apng().ok()? {
                return None;
            }
            decoder.apng().ok()?.into_frames()
        }
        _ => return None,
    };
    Some(first(frames))
}

fn first(frames: image::Frames) -> ImageResult<DynamicImage> {
    let mut best: Option<(u32, DynamicImage)> = None;
    let mut pixels = 0;
    for frame in frames.take(MOST_FRAMES) {
        let frame = match frame {
            Ok(frame) => DynamicImage::ImageRgba8(frame.into_buffer()),
            Err(error) if best.is_none() => return Err(error),
            // A file that broke off behind a frame is as good as one that ends there.
            Err(_) => break,
        };
        pixels += u64::from(frame.width()) * u64::from(frame.height());
        let contrast = contrast(&frame);
        if best
            .as_ref()
            .is_none_or(|(least, _)| contrast * CONTENT_SHARE > *least * 100)
        {
            best = Some((contrast, frame));
        }
        if pixels > MOST_PIXELS {
            break;
        }
    }
    best.map(|(_, frame)| frame).ok_or_else(no_frame)
}

/// The largest difference between two levels of a frame, at most 255, and at least 1. What is transparent counts as black.
fn contrast(frame: &DynamicImage) -> u32 {
    let levels = frame.to_luma_alpha8();
    let levels = levels
        .pixels()
        .map(|pixel| u32::from(pixel[0]) * u32::from(pixel[1]) / 255);
    let (darkest, lightest) = levels.fold((255, 0), |(low, high), level| {
        (low.min(level), high.max(level))
    });
    lightest.saturating_sub(darkest).max(1)
}

fn no_frame() -> ImageError {
    let end = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    ImageError::IoError(end)
}
