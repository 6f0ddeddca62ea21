//! PNG and GIF files that carry their recipe.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use anyhow::Context as _;
use datasets::{Image, ImageShape};
use eframe::egui::ColorImage;

use super::atomic::write_atomically;

/// The keyword under which earlier versions of the window kept another text.
pub const EARLIER_KEYWORD: &str = "latent-lens scene";
/// What the comment in a GIF file of ours names.
const PROGRAMS: [&str; 2] = ["latent-lens ", "Latent Lens"];
/// Pixels between two images of a sheet, before they are enlarged.
const GAP: usize = 2;
/// The grey between the images of a sheet.
const GAP_GREY: u8 = 96;
/// How thoroughly the colours of a GIF frame are chosen: all pixels are looked at.
const BEST: i32 = 1;
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
    /// Images of one shape, in rows of so many, each pixel a square of `scale` by `scale`. One of another shape than the
    /// first is left out.
    #[must_use]
    pub fn sheet(images: &[Image], columns: usize, scale: usize) -> Self {
        let Some(shape) = images.first().map(Image::shape) else {
            return Self::blank(0, 0, false);
        };
        let columns = columns.clamp(1, images.len());
        let rows = images.len().div_ceil(columns);
        let (across, down) = (shape.width() + GAP, shape.height() + GAP);
        let (width, height) = (columns * across - GAP, rows * down - GAP);
        let mut small = Self::blank(width, height, shape.is_colour());
        for (index, image) in images.iter().enumerate() {
            if image.shape() == shape {
                let corner = index / columns * down * width + index % columns * across;
                small.put(corner, image);
            }
        }
        small.enlarged(scale)
    }

    /// One image.
    #[must_use]
    pub fn image(image: &Image, scale: usize) -> Self {
        Self::sheet(std::slice::from_ref(image), 1, scale)
    }

    /// Pictures of one shape in a row, each the colours of its pixels, row by row.
    #[must_use]
    pub fn colored(shape: ImageShape, pictures: &[Vec<[u8; 3]>], scale: usize) -> Self {
        let across = shape.width() + GAP;
        let width = (pictures.len() * across).saturating_sub(GAP);
        let mut small = Self::blank(width, shape.height(), true);
        for (index, picture) in pictures.iter().enumerate() {
            small.put_colors(index * across, shape, picture);
        }
        small.enlarged(scale)
    }

    fn blank(width: usize, height: usize, color: bool) -> Self {
        let channels = if color { 3 } else { 1 };
        Self {
            width,
            height,
            bytes: vec![GAP_GREY; width * height * channels],
            color,
        }
    }

    fn channels(&self) -> usize {
        if self.color { 3 } else { 1 }
    }

    /// Puts an image with its first pixel at `corner`.
    fn put(&mut self, corner: usize, image: &Image) {
        self.put_colors(corner, image.shape(), &image.to_rgb());
    }

    fn put_colors(&mut self, corner: usize, shape: ImageShape, colors: &[[u8; 3]]) {
        let (width, channels) = (shape.width(), self.channels());
        for (row, pixels) in colors.chunks_exact(width).enumerate() {
            let start = (corner + row * self.width) * channels;
            let line = self.bytes[start..][..width * channels].chunks_exact_mut(channels);
            for (to, rgb) in line.zip(pixels) {
                to.copy_from_slice(&rgb[..channels]);
            }
        }
    }

    fn enlarged(&self, scale: usize) -> Self {
        let channels = self.channels();
        let mut bytes = Vec::with_capacity(self.bytes.len() * scale * scale);
        for row in self.bytes.chunks_exact((self.width * channels).max(1)) {
            let pixels = row.chunks_exact(channels);
            let wide: Vec<u8> = pixels.flat_map(|pixel| pixel.repeat(scale)).collect();
            (0..scale).for_each(|_| bytes.extend(&wide));
        }
        Self {
            width: self.width * scale,
            height: self.height * scale,
            bytes,
            color: self.color,
        }
    }

    /// Its pixels in colour, three bytes each.
    #[must_use]
    pub(super) fn rgb(&self) -> Vec<u8> {
        if self.color {
            return self.bytes.clone();
        }
        self.bytes.iter().flat_map(|grey| [*grey; 3]).collect()
    }

    /// A picture in colour.
    #[must_use]
    pub fn of_colors(image: &ColorImage) -> Self {
        let pixels = image.pixels.iter();
        let bytes = pixels.flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]);
        Self {
            width: image.size[0],
            height: image.size[1],
            bytes: bytes.collect(),
            color: true,
        }
    }
}

/// Writes a picture with its recipe as a PNG file. A file that is there already is replaced at once or not at all.
///
/// # Errors
/// If the folder does not exist or cannot be written to.
pub fn save_png(path: &Path, raster: &Raster, text: &str) -> anyhow::Result<()> {
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
        .add_itxt_chunk(recipe::KEYWORD.to_owned(), text.to_owned())
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

/// A film, one image after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Film {
    /// The images, all of one shape.
    pub images: Vec<Image>,
    /// Which of them each frame shows.
    pub order: Vec<usize>,
    /// Screen pixels a pixel.
    pub scale: usize,
    /// How long each frame is seen, in hundredths of a second.
    pub delay: u16,
}

/// Writes a film with its recipe as a GIF file that repeats for ever. Each of its greys is exactly that of the image; of
/// colours each frame has the 256 that fit it best. Returns false, and writes nothing, if it was cancelled.
///
/// # Errors
/// If the folder does not exist or cannot be written to, or the film has no image.
pub fn save_gif(
    path: &Path,
    film: &Film,
    recipe: &str,
    progress: &FilmProgress,
) -> anyhow::Result<bool> {
    let failed = || format!("could not save {}", path.display());
    let shape = film.images.first().map(Image::shape);
    let shape = shape
        .context("the film has no image")
        .with_context(failed)?;
    let side = |pixels: usize| u16::try_from(pixels * film.scale).with_context(failed);
    let (width, height) = (side(shape.width())?, side(shape.height())?);
    let greys: Vec<u8> = (0..=255).flat_map(|grey| [grey; 3]).collect();
    let shared: &[u8] = if shape.is_colour() { &[] } else { &greys };
    let mut gif = Vec::new();
    let mut encoder = gif::Encoder::new(&mut gif, width, height, shared).with_context(failed)?;
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
        let Some(image) = film.images.get(index) else {
            continue;
        };
        let frame = gif::Frame {
            delay: film.delay,
            ..frame(image, film.scale, (width, height))
        };
        encoder.write_frame(&frame).with_context(failed)?;
        progress.done.store(done + 1, Ordering::Relaxed);
    }
    drop(encoder);
    write_atomically(path, &gif).with_context(failed)?;
    Ok(true)
}

/// An image as a frame of a GIF file: its greys are places in the palette that all frames share, its colours have one of
/// their own.
fn frame(image: &Image, scale: usize, (width, height): (u16, u16)) -> gif::Frame<'static> {
    if !image.shape().is_colour() {
        return gif::Frame {
            width,
            height,
            buffer: Raster::image(image, scale).bytes.into(),
            ..gif::Frame::default()
        };
    }
    // Colours are chosen before the image is enlarged, which adds none.
    let (small_width, small_height) = (image.shape().width(), image.shape().height());
    let rgb: Vec<u8> = image.to_rgb().into_flattened();
    let small = gif::Frame::from_rgb_speed(small_width as u16, small_height as u16, &rgb, BEST);
    let mut buffer = Vec::with_capacity(usize::from(width) * usize::from(height));
    for row in small.buffer.chunks_exact(small_width) {
        let wide: Vec<u8> = row
            .iter()
            .flat_map(|&color| std::iter::repeat_n(color, scale))
            .collect();
        (0..scale).for_each(|_| buffer.extend(&wide));
    }
    gif::Frame {
        width,
        height,
        buffer: buffer.into(),
        ..small
    }
}

/// The recipe in a file, if it is a PNG or GIF file that carries one.
#[must_use]
pub fn read_recipe(path: &Path) -> Option<String> {
    let start = ::files::read_start(path, COMMENT_WITHIN).ok()?;
    if start.starts_with(b"GIF8") {
        let ours = |text: &String| PROGRAMS.iter().any(|program| text.contains(program));
        return comment(&start).filter(ours);
    }
    let text = |keyword| recipe::png_text(&start, keyword);
    text(recipe::KEYWORD).or_else(|| text(EARLIER_KEYWORD))
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
