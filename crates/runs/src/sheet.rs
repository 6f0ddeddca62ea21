//! Images in a row, as one picture: how snapshots lie on the disk.

use std::io::Cursor;

use datasets::{Image, ImageShape};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A PNG file with images in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet(pub Vec<u8>);

/// The images in a row, without room between them; `None` for no image.
#[must_use]
pub fn sheet_of(images: &[Image]) -> Option<Sheet> {
    let shape = images.first()?.shape();
    let (width, height) = (shape.width() as u32, shape.height() as u32);
    let count = u32::try_from(images.len()).ok()?;
    let mut sheet = RgbImage::new(width.checked_mul(count)?, height);
    for (index, image) in (0..count).zip(images) {
        for (at, pixel) in (0..).zip(image.to_rgb()) {
            sheet.put_pixel(index * width + at % width, at / width, Rgb(pixel));
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(sheet)
        .write_to(&mut bytes, ImageFormat::Png)
        .ok()?;
    Some(Sheet(bytes.into_inner()))
}

impl Sheet {
    /// The images again, with 256 levels; `None` if the file is none of such images.
    #[must_use]
    pub fn images(&self, shape: ImageShape) -> Option<Vec<Image>> {
        let sheet = image::load_from_memory_with_format(&self.0, ImageFormat::Png).ok()?;
        let sheet = sheet.to_rgb8();
        let (width, height) = (shape.width() as u32, shape.height() as u32);
        if sheet.height() != height || !sheet.width().is_multiple_of(width) {
            return None;
        }
        let image = |index: u32| {
            let level = |channel: usize, at: u32| {
                let Rgb(pixel) = sheet.get_pixel(index * width + at % width, at / width);
                f32::from(pixel[channel]) / 255.0
            };
            let plane = |channel| (0..width * height).map(move |at| level(channel, at));
            let values: Vec<f32> = (0..shape.channels()).flat_map(plane).collect();
            Image::new(shape, values).ok()
        };
        (0..sheet.width() / width).map(image).collect()
    }
}

#[cfg(test)]
mod tests {
    use datasets::{Image, ImageShape};

    use super::sheet_of;

    #[test]
    fn images_come_back_from_their_sheet() {
        for channels in [1, 3] {
            let shape = ImageShape::new(channels, 9, 8).expect("in bounds");
            let image = |first: usize| {
                let level = |at: usize| ((first + at) % 256) as f32 / 255.0;
                let values: Vec<f32> = (0..shape.values()).map(level).collect();
                Image::new(shape, values).expect("in range")
            };
            let images = vec![image(0), image(40), image(200)];
            let sheet = sheet_of(&images).expect("there are images");
            assert_eq!(sheet.images(shape), Some(images));
            let other = ImageShape::new(channels, 8, 8).expect("in bounds");
            assert_eq!(sheet.images(other), None);
        }
        assert_eq!(sheet_of(&[]), None);
    }
}
