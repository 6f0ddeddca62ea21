//! The image on the clipboard, and files that are written whole or not at all.

use std::path::Path;

use anyhow::Context as _;
use eframe::egui::ColorImage;
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};

use crate::{
    canvas,
    sheet::{Contents, Sheet},
};

/// Screen pixels a side for each image pixel: 448 x 448 in all.
pub const SCALE: usize = 16;

/// The image as it is copied to the clipboard.
#[must_use]
pub fn picture(pixels: &[f32]) -> ColorImage {
    canvas::enlarged(pixels, SCALE)
}

/// Writes a plot's numbers or its picture. A file that is there already is replaced at once or not at all.
///
/// # Errors
/// If the folder does not exist or cannot be written to.
pub fn save_sheet(path: &Path, sheet: &Sheet) -> anyhow::Result<()> {
    let bytes = match &sheet.contents {
        Contents::Table(text) => text.clone().into_bytes(),
        Contents::Picture(image) => {
            let [width, height] = image.size.map(|side| side as u32);
            let colors: Vec<u8> = image
                .pixels
                .iter()
                .flat_map(|c| [c.r(), c.g(), c.b()])
                .collect();
            let mut png = Vec::new();
            let encoder = PngEncoder::new(&mut png);
            encoder.write_image(&colors, width, height, ExtendedColorType::Rgb8)?;
            png
        }
    };
    write_atomically(path, &bytes).with_context(|| format!("could not save {}", path.display()))
}

/// Writes a file whole or not at all, in place of the one that is there.
///
/// # Errors
/// If the folder does not exist or cannot be written to.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    anyhow::ensure!(
        folder.is_dir(),
        "the folder {} does not exist; choose another",
        folder.display()
    );
    anyhow::ensure!(!path.is_dir(), "this is a folder; add a file name");
    files::write(path, bytes).context("the folder cannot be written to; choose another")
}
