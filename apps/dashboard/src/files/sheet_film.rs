//! Sheets of images, one after the other, as a GIF file: what a network drew while it was trained.

use std::path::Path;

use anyhow::Context as _;
use datasets::Image;

use super::atomic::write_atomically;
use super::picture_file::Raster;

/// How thoroughly the colours of a frame are chosen: 1 looks at all pixels, 30 at few. Sheets have many pixels.
const COLOUR_SPEED: i32 = 10;

/// Sheets of images, all of one shape and number.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetFilm {
    /// The images of each frame.
    pub sheets: Vec<Vec<Image>>,
    /// Images beside each other.
    pub columns: usize,
    /// Screen pixels a pixel.
    pub scale: usize,
    /// How long each frame is seen, in hundredths of a second.
    pub delay: u16,
    /// What the film shows, for its comment.
    pub comment: String,
}

/// Writes a film of sheets as a GIF file that repeats for ever, whole or not at all.
///
/// # Errors
/// If the folder does not exist or cannot be written to, or there is no image.
pub fn save_sheets(path: &Path, film: &SheetFilm) -> anyhow::Result<()> {
    let failed = || format!("could not save {}", path.display());
    let frames = film.sheets.iter();
    let frames: Vec<Raster> = frames
        .map(|images| Raster::sheet(images, film.columns, film.scale))
        .collect();
    let first = frames.first().context("there is no picture yet");
    let first = first.with_context(failed)?;
    let side = |pixels: usize| u16::try_from(pixels).with_context(failed);
    let (width, height) = (side(first.width)?, side(first.height)?);
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, width, height, &[]).with_context(failed)?;
    encoder
        .write_raw_extension(gif::Extension::Comment.into(), &[film.comment.as_bytes()])
        .with_context(failed)?;
    encoder
        .set_repeat(gif::Repeat::Infinite)
        .with_context(failed)?;
    let same = frames
        .iter()
        .filter(|frame| (frame.width, frame.height) == (first.width, first.height));
    for raster in same {
        let rgb = raster.rgb();
        let frame = gif::Frame {
            delay: film.delay,
            ..gif::Frame::from_rgb_speed(width, height, &rgb, COLOUR_SPEED)
        };
        encoder.write_frame(&frame).with_context(failed)?;
    }
    drop(encoder);
    write_atomically(path, &gif).with_context(failed)
}
