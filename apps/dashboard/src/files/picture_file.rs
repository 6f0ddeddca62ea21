//! PNG and GIF files that carry their recipe.

use std::{
    fs::File,
    io::{BufReader, Cursor, Read as _},
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use anyhow::Context as _;
use datasets::SIDE;
use eframe::egui::ColorImage;

use super::atomic::write_atomically;

/// The keyword of the PNG text chunk with the recipe.
pub const KEYWORD: &str = "latent-lens scene";
/// Pixels between two images of a sheet, before they are enlarged.
const GAP: usize = 2;
/// The grey between the images of a sheet.
const GAP_GREY: u8 = 96;
/// A GIF comment is looked for in so many bytes at the start of a file; ours comes first.
const COMMENT_WITHIN: u64 = 4 << 20;

/// A picture in grey or in colour, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// Width, in pixels.
    pub width: usize,
    /// Height, in pixels.
    pub height: usize,
    /// One byte a pixel in grey, three in colour.
    pub bytes: Vec<u8>,
    color: bool,
}

impl Raster {
    /// Images of 784 pixels in 0..1, in rows of so many, each pixel a square of `scale` by `scale`.
    #[must_use]
    pub fn sheet(images: &[Vec<f32>], columns: usize, scale: usize) -> Self {
        let columns = columns.clamp(1, images.len().max(1));
        let rows = images.len().div_ceil(columns).max(1);
        let side = |count: usize| count * (SIDE + GAP) - GAP;
        let (width, height) = (side(columns), side(rows));
        let mut small = vec![GAP_GREY; width * height];
        for (index, image) in images.iter().enumerate() {
            let start = index / columns * (SIDE + GAP) * width + index % columns * (SIDE + GAP);
            for (row, values) in image.chunks_exact(SIDE).take(SIDE).enumerate() {
                for (column, &value) in values.iter().enumerate() {
                    small[start + row * width + column] = byte(value);
                }
            }
        }
        let enlarged = |index: usize| {
            let (y, x) = (index / (width * scale), index % (width * scale));
            small[y / scale * width + x / scale]
        };
        Self {
            width: width * scale,
            height: height * scale,
            bytes: (0..width * height * scale * scale).map(enlarged).collect(),
            color: false,
        }
    }

    /// One image of 784 pixels in 0..1.
    #[must_use]
    pub fn image(pixels: &[f32], scale: usize) -> Self {
        Self::sheet(&[pixels.to_vec()], 1, scale)
    }

    /// A picture of the window.
    #[must_use]
    pub fn screenshot(image: &ColorImage) -> Self {
        Self {
            width: image.size[0],
            height: image.size[1],
            bytes: image
                .pixels
                .iter()
                .flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()])
                .collect(),
            color: true,
        }
    }
}

fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// Writes a picture with its recipe as a PNG file. A file that is there already is replaced at once or not at all.
///
/// # Errors
/// If the folder does not exist or cannot be written to.
pub fn save_png(path: &Path, raster: &Raster, recipe: &str) -> anyhow::Result<()> {
    let failed = || format!("could not save {}", path.display());
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, raster.width as u32, raster.height as u32);
    encoder.set_color(if raster.color {
        png::ColorType::Rgb
    } else {
        png::ColorType::Grayscale
    });
    encoder.set_depth(png::BitDepth::Eight);
    encoder
        .add_itxt_chunk(KEYWORD.to_owned(), recipe.to_owned())
        .with_context(failed)?;
    let mut writer = encoder.write_header().with_context(failed)?;
    writer
        .write_image_data(&raster.bytes)
        .with_context(failed)?;
    writer.finish().with_context(failed)?;
    write_atomically(path, &png).with_context(failed)
}

/// How far a piece of work is, and whether it is still wanted.
#[derive(Debug, Default)]
pub struct FilmProgress {
    /// What is done of it.
    pub done: AtomicUsize,
    /// Set to have it stop.
    pub cancelled: AtomicBool,
}

/// A film, one grey image of 784 pixels in 0..1 after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Film {
    /// The images.
    pub images: Vec<Vec<f32>>,
    /// Which of them each frame shows.
    pub order: Vec<usize>,
    /// Screen pixels a pixel.
    pub scale: usize,
    /// How long each frame is seen, in hundredths of a second.
    pub delay: u16,
}

/// Writes a film with its recipe as a GIF file that repeats for ever. Each of its greys is exactly that of the image.
/// Returns false, and writes nothing, if it was cancelled.
///
/// # Errors
/// If the folder does not exist or cannot be written to.
pub fn save_gif(
    path: &Path,
    film: &Film,
    recipe: &str,
    progress: &FilmProgress,
) -> anyhow::Result<bool> {
    let failed = || format!("could not save {}", path.display());
    let side = u16::try_from(SIDE * film.scale).with_context(failed)?;
    let greys: Vec<u8> = (0..=255).flat_map(|grey| [grey; 3]).collect();
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, side, side, &greys).with_context(failed)?;
    // Before all else, where it is found without decoding a frame.
    encoder
        .write_raw_extension(gif::Extension::Comment.into(), &[recipe.as_bytes()])
        .with_context(failed)?;
    encoder
        .set_repeat(gif::Repeat::Infinite)
        .with_context(failed)?;
    for (done, &index) in film.order.iter().enumerate() {
        if progress.cancelled.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let Some(pixels) = film.images.get(index) else {
            continue;
        };
        let frame = gif::Frame {
            width: side,
            height: side,
            delay: film.delay,
            buffer: Raster::image(pixels, film.scale).bytes.into(),
            ..gif::Frame::default()
        };
        encoder.write_frame(&frame).with_context(failed)?;
        progress.done.store(done + 1, Ordering::Relaxed);
    }
    drop(encoder);
    write_atomically(path, &gif).with_context(failed)?;
    Ok(true)
}

/// The recipe in a file, if it is a PNG or GIF file that carries one.
#[must_use]
pub fn read_recipe(path: &Path) -> Option<String> {
    let mut start = Vec::new();
    let file = File::open(path).ok()?;
    file.take(COMMENT_WITHIN).read_to_end(&mut start).ok()?;
    if start.starts_with(b"GIF8") {
        return comment(&start).filter(|text| text.contains("Latent Lens"));
    }
    let decoder = png::Decoder::new(BufReader::new(Cursor::new(start)));
    let reader = decoder.read_info().ok()?;
    let texts = &reader.info().utf8_text;
    let chunk = texts.iter().find(|chunk| chunk.keyword == KEYWORD)?;
    chunk.get_text().ok()
}

/// The comment before the first frame of a GIF file (`GIF89a`, sections 15 to 24).
fn comment(gif: &[u8]) -> Option<String> {
    const EXTENSION: u8 = 0x21;
    const COMMENT: u8 = 0xfe;
    let flags = *gif.get(10)?;
    let palette = if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    };
    let mut at = 13 + palette;
    while *gif.get(at)? == EXTENSION {
        let label = *gif.get(at + 1)?;
        at += 2;
        let mut text = Vec::new();
        loop {
            let length = usize::from(*gif.get(at)?);
            let block = gif.get(at + 1..at + 1 + length)?;
            at += 1 + length;
            if length == 0 {
                break;
            }
            text.extend_from_slice(block);
        }
        if label == COMMENT {
            return String::from_utf8(text).ok();
        }
    }
    None
}
