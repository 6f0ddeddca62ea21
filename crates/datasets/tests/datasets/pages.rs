//! Pages with ink on them, and where the ink is on the image that they become.

use datasets::{Image, ImageShape, Preparation, prepare};
use image::{DynamicImage, GrayImage, Luma};

/// A picture with a filled rectangle of ink.
pub fn rectangle(
    size: (u32, u32),
    (x0, y0, x1, y1): (u32, u32, u32, u32),
    shades: [u8; 2],
) -> GrayImage {
    GrayImage::from_fn(size.0, size.1, |x, y| {
        let inside = (x0..x1).contains(&x) && (y0..y1).contains(&y);
        Luma([shades[usize::from(inside)]])
    })
}

/// The shape of MNIST's images.
pub fn grey28() -> ImageShape {
    ImageShape::new(1, 28, 28).unwrap()
}

/// The image of a page that can be prepared.
pub fn convert(picture: GrayImage, preparation: Preparation) -> Image {
    let prepared = prepare(&DynamicImage::ImageLuma8(picture), preparation, grey28());
    prepared.unwrap().image
}

/// The first and last column and row with more than half ink: left, right, top, bottom.
pub fn bounds(image: &Image) -> [usize; 4] {
    let inked = || (0..784).filter(|&at| image.values()[at] > 0.5);
    let (columns, rows) = (|| inked().map(|at| at % 28), || inked().map(|at| at / 28));
    [columns().min(), columns().max(), rows().min(), rows().max()].map(Option::unwrap)
}
