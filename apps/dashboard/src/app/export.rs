//! The image as the clipboard has it, and plots as files.

use std::path::Path;

use anyhow::Context as _;
use datasets::Image;
use eframe::egui::ColorImage;
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};

use crate::{
    files::atomic::write_atomically,
    state::sheet::{Contents, Sheet},
    widgets::canvas,
};

/// Screen pixels that a copied image has a side at least: whole numbers of them for each image pixel.
const SIDE: usize = 448;

/// The image as it is copied to the clipboard.
#[must_use]
pub fn picture(image: &Image) -> ColorImage {
    canvas::enlarged(image, SIDE.div_ceil(image.shape().square_side()))
}

/// Writes a plot's numbers or its picture. A file that is there already is replaced at once or not at all.
///
/// # Errors
/// If the folder does not exist or cannot be written to.
pub fn save_sheet(path: &Path, sheet: &Sheet) -> anyhow::Result<()> {
    let bytes = match &sheet.contents {
        Contents::Table(text) | Contents::Drawing(text) => text.clone().into_bytes(),
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
