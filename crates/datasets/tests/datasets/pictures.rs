//! A user's pictures in colour and of any shape: cut, stretched or padded.

use datasets::{Fit, ImageShape, Preparation, prepare};
use image::{DynamicImage, Rgb, RgbImage};

use crate::pages::rectangle;

/// Four bands of colour, each a quarter of the width.
fn bands(width: u32, height: u32) -> DynamicImage {
    let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]];
    RgbImage::from_fn(width, height, |x, _| Rgb(colours[(4 * x / width) as usize])).into()
}

#[test]
fn a_picture_keeps_its_colours_and_background() {
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let crop = Preparation::Picture { fit: Fit::Crop };
    let image = prepare(&bands(16, 16), crop, shape).unwrap().image;
    let rgb = image.to_rgb();
    assert_eq!(
        [rgb[0], rgb[4], rgb[8], rgb[12]],
        [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]]
    );
    // Luminance of pure red, as ITU-R BT.709 weighs it: 0.2126 * 255 = 54.
    let grey = prepare(&bands(16, 16), crop, ImageShape::new(1, 16, 16).unwrap());
    let grey = grey.unwrap().image;
    assert!(grey.to_bytes()[0].abs_diff(54) <= 1);
}

#[test]
fn a_wide_picture_is_cut_stretched_or_padded() {
    // 32x16: the two middle bands remain of four when it is cut, all four are there otherwise.
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let row = |fit, y: usize| {
        let image = prepare(&bands(32, 16), Preparation::Picture { fit }, shape);
        let image = image.unwrap().image;
        image.to_rgb()[y * 16..][..16].to_vec()
    };
    let cut = row(Fit::Crop, 8);
    assert_eq!([cut[1], cut[14]], [[0, 255, 0], [0, 0, 255]]);
    let stretched = row(Fit::Stretch, 0);
    assert_eq!([stretched[1], stretched[14]], [[255, 0, 0], [255, 255, 0]]);
    let padded = row(Fit::Pad, 8);
    assert_eq!([padded[1], padded[14]], [[255, 0, 0], [255, 255, 0]]);
    assert_ne!(row(Fit::Pad, 0), padded, "a bar above");
}

#[test]
fn a_panorama_is_scaled_before_it_is_padded() {
    // 200 times as wide as high: one row of 16, the eighth of them. A sheet of its width would have 400 million pixels.
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let pad = Preparation::Picture { fit: Fit::Pad };
    let image = prepare(&bands(20_000, 100), pad, shape).unwrap().image;
    let rgb = image.to_rgb();
    let row = |y: usize| &rgb[y * 16..][..16];
    assert_eq!([row(7)[1], row(7)[14]], [[255, 0, 0], [255, 255, 0]]);
    for y in [0, 6, 8, 15] {
        assert_eq!(row(y), [rgb[0]; 16], "a bar in one colour");
    }
    // Upright, a column.
    let upright = prepare(&bands(20_000, 100).rotate90(), pad, shape);
    let upright = upright.unwrap().image.to_rgb();
    assert_eq!([upright[16 + 7], upright[16 + 6]], [[255, 0, 0], rgb[0]]);
}

#[test]
fn an_image_need_not_be_square() {
    // 20 rows and 32 columns: a picture of the same proportions fills it, and nothing is cut off.
    let shape = ImageShape::new(3, 20, 32).unwrap();
    let crop = Preparation::Picture { fit: Fit::Crop };
    let image = prepare(&bands(320, 200), crop, shape).unwrap().image;
    let rgb = image.to_rgb();
    assert_eq!([rgb[1], rgb[30]], [[255, 0, 0], [255, 255, 0]]);
    // A digit: 20 of 28 parts of the shorter side of 20, 14 pixels high, in the middle.
    let page = rectangle((300, 300), (100, 50, 140, 150), [255, 0]);
    let grey = ImageShape::new(1, 20, 32).unwrap();
    let image = prepare(&page.into(), Preparation::Digit, grey);
    let image = image.unwrap().image;
    let inked = (0..640).filter(|at| image.values()[*at] > 0.5);
    let (rows, columns): (Vec<_>, Vec<_>) = inked.map(|at| (at / 32, at % 32)).unzip();
    assert_eq!(
        rows.iter().max().unwrap() - rows.iter().min().unwrap() + 1,
        14
    );
    assert!(
        columns.iter().all(|column| (12..20).contains(column)),
        "{columns:?}"
    );
}
