//! Pictures as PNG files: crisp pixels at a whole-number scale, and the recipe that makes the same picture again.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use datasets::{ImageShape, rgb};
use image::{Rgb, RgbImage};
use serde_json::Value;

/// Pixels between two images of a sheet, before scaling.
const GAP: usize = 2;

/// The colour between the images of a sheet.
const GAP_COLOR: Rgb<u8> = Rgb([96, 96, 96]);

/// The longest side of a picture, in pixels: more is a mistake in `--scale` or `--count`.
const MAX_SIDE: usize = 16_384;

/// Red, green and blue of every pixel of an image, row by row.
pub type Tile = Vec<[u8; 3]>;

/// An image with values in `[0, 1]`, `[channels, height, width]`, as a tile.
pub fn image_tile(shape: ImageShape, values: &[f32]) -> Tile {
    rgb(shape, values)
}

/// Refuses a sheet that would be too large, so that nobody waits for its images first.
///
/// # Errors
///
/// If the sheet of `count` images in rows of `columns` would be wider or higher than [`MAX_SIDE`].
pub fn check_size(
    count: usize,
    shape: ImageShape,
    columns: usize,
    scale: u32,
) -> anyhow::Result<()> {
    let (width, height) = sheet_size(count, shape, columns, scale);
    ensure!(
        width.max(height) <= MAX_SIDE,
        "the picture would be {width}x{height} pixels, more than {MAX_SIDE} a side: choose a smaller --scale or fewer images"
    );
    Ok(())
}

/// Lays tiles of one shape out in rows of `columns`, each pixel a square of `scale` x `scale`.
///
/// # Errors
///
/// As [`check_size`].
pub fn sheet(
    tiles: &[Tile],
    shape: ImageShape,
    columns: usize,
    scale: u32,
) -> anyhow::Result<RgbImage> {
    check_size(tiles.len(), shape, columns, scale)?;
    let columns = columns.clamp(1, tiles.len().max(1));
    let (width, height) = sheet_size(tiles.len(), shape, columns, scale);
    let mut sheet = RgbImage::from_pixel(width as u32, height as u32, GAP_COLOR);
    for (index, tile) in tiles.iter().enumerate() {
        let left = (index % columns) * (shape.width() + GAP);
        let top = (index / columns) * (shape.height() + GAP);
        paint(&mut sheet, tile, shape.width(), [left, top], scale);
    }
    Ok(sheet)
}

/// Width and height of a sheet of `count` tiles, in pixels.
fn sheet_size(count: usize, shape: ImageShape, columns: usize, scale: u32) -> (usize, usize) {
    let columns = columns.clamp(1, count.max(1));
    let side =
        |count: usize, side: usize| (count * (side + GAP)).saturating_sub(GAP) * scale as usize;
    (
        side(columns, shape.width()),
        side(count.div_ceil(columns), shape.height()),
    )
}

fn paint(sheet: &mut RgbImage, tile: &Tile, width: usize, [left, top]: [usize; 2], scale: u32) {
    for (index, &pixel) in tile.iter().enumerate() {
        let x = (left + index % width) as u32 * scale;
        let y = (top + index / width) as u32 * scale;
        for dy in 0..scale {
            for dx in 0..scale {
                sheet.put_pixel(x + dx, y + dy, Rgb(pixel));
            }
        }
    }
}

/// Writes the picture, with its recipe if it has one, whole or not at all.
///
/// # Errors
///
/// If the folder is not there or cannot be written to.
pub fn save(picture: &RgbImage, recipe: Option<&Value>, path: &Path) -> anyhow::Result<()> {
    if path.is_dir() {
        bail!(
            "{} is a folder: add a file name such as picture.png to --out",
            path.display()
        );
    }
    let advice = || {
        format!(
            "{} cannot be written: choose a folder that exists and that you may write to with --out",
            path.display()
        )
    };
    // What a killed process left here some time ago; who cannot list the folder leaves it.
    let _ = files::remove_old_leftovers(path);
    files::write(path, &encoded(picture, recipe)?).with_context(advice)
}

fn encoded(picture: &RgbImage, recipe: Option<&Value>) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    if let Some(recipe) = recipe {
        encoder.add_itxt_chunk(recipe::KEYWORD.to_owned(), recipe.to_string())?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(picture.as_raw())?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use datasets::ImageShape;

    use super::{GAP_COLOR, check_size, image_tile, sheet};

    fn shape(channels: usize, height: usize, width: usize) -> ImageShape {
        ImageShape::new(channels, height, width).expect("a shape of images")
    }

    #[test]
    fn pixels_become_squares_beside_a_gap() {
        let grey = shape(1, 10, 10);
        let mut pixels = [0.0; 100];
        pixels[11] = 1.0;
        let tiles = vec![image_tile(grey, &pixels); 3];
        let picture = sheet(&tiles, grey, 2, 3).expect("small");
        // Two columns and two rows of 10 pixels with a gap of 2, three times as large.
        assert_eq!(picture.dimensions(), (66, 66));
        for (x, y) in [(3, 3), (5, 5), (39, 3), (3, 41)] {
            assert_eq!(picture.get_pixel(x, y).0, [255; 3], "at {x}, {y}");
        }
        assert_eq!(picture.get_pixel(2, 3).0, [0; 3]);
        assert_eq!(*picture.get_pixel(30, 0), GAP_COLOR);
        // The fourth place of the grid is empty.
        assert_eq!(*picture.get_pixel(50, 50), GAP_COLOR);
    }

    #[test]
    fn colours_and_images_that_are_not_square_keep_their_place() {
        let odd = shape(3, 20, 32);
        let mut values = vec![0.0; 1_920];
        // Green of the pixel in row 19 and column 31, the last.
        values[2 * 640 - 1] = 1.0;
        let picture = sheet(
            &[image_tile(odd, &values), image_tile(odd, &values)],
            odd,
            1,
            2,
        );
        let picture = picture.expect("small");
        // One column of two images: 32 wide, 20 + 2 + 20 high, twice as large.
        assert_eq!(picture.dimensions(), (64, 84));
        for y in [39, 83] {
            assert_eq!(picture.get_pixel(63, y).0, [0, 255, 0]);
        }
    }

    #[test]
    fn a_picture_of_absurd_size_is_refused() {
        let grey = shape(1, 30, 30);
        let tiles = vec![image_tile(grey, &[0.5; 900]); 2];
        let error = sheet(&tiles, grey, 2, 1_000).expect_err("62,000 pixels wide");
        assert!(error.to_string().contains("--scale"), "{error}");
        // Known before there are images: 512 rows of 30 + 2 pixels, less the last gap, are 16,382, and one more is too
        // many.
        check_size(512, grey, 1, 1).expect("it fits");
        let early = check_size(513, grey, 1, 1).expect_err("16,414 pixels high");
        assert!(early.to_string().contains("30x16414"), "{early}");
    }
}
