//! A user's pictures in colour and of any shape: cut, stretched, padded, or cut to their object.

use datasets::{Fit, FolderOptions, ImageShape, Preparation, load_folder, prepare};
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

/// A dark ellipse of 70x50 pixels on a plain light sheet of 100x60.
fn ellipse() -> DynamicImage {
    RgbImage::from_fn(100, 60, |x, y| {
        let (across, down) = (
            (f64::from(x) + 0.5 - 45.0) / 35.0,
            (f64::from(y) + 0.5 - 30.0) / 25.0,
        );
        let inside = across.hypot(down) < 1.0;
        Rgb(if inside {
            [40, 60, 30]
        } else {
            [230, 225, 215]
        })
    })
    .into()
}

#[test]
fn an_object_of_any_size_is_cut_out_if_that_is_wanted() {
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let prepared = |picture: &DynamicImage, fit| {
        prepare(picture, Preparation::Picture { fit }, shape).unwrap()
    };
    let dark_in_row = |fit| {
        let rgb = prepared(&ellipse(), fit).image.to_rgb();
        rgb[8 * 16..][..16]
            .iter()
            .filter(|[red, ..]| *red < 135)
            .count()
    };
    // In the middle row, the middle 60 columns are all of the ellipse.
    assert_eq!(dark_in_row(Fit::Crop), 16);
    // Cut with a tenth around it, the ellipse has about 68 of 84 columns there, which are 13 of 16, and of the whole picture 11.
    let cut = dark_in_row(Fit::Object);
    assert!((12..=14).contains(&cut), "{cut}");
    assert!(dark_in_row(Fit::Pad) < 12);
    // Bands from edge to edge are no background, so nothing is cut.
    let whole = prepared(&bands(32, 16), Fit::Object);
    assert_eq!(whole, prepared(&bands(32, 16), Fit::Pad));
    assert_eq!(whole.objects, []);
}

#[test]
fn a_folder_is_cut_to_its_objects_and_what_has_none_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    ellipse().save(dir.path().join("ellipse.png")).unwrap();
    bands(32, 16).save(dir.path().join("bands.png")).unwrap();
    let preparation = Preparation::Picture { fit: Fit::Object };
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let options = FolderOptions {
        shape: Some(shape),
        preparation,
        ..FolderOptions::default()
    };
    let loaded = load_folder(dir.path(), &options).unwrap();
    let image = |picture: &DynamicImage| {
        prepare(picture, preparation, shape)
            .unwrap()
            .image
            .to_bytes()
    };
    assert_eq!(loaded.images.values(0)[..], image(&bands(32, 16)));
    assert_eq!(loaded.images.values(1)[..], image(&ellipse()));
    assert!(
        loaded.notes[0].contains("in 1 of 2 pictures"),
        "{:?}",
        loaded.notes
    );
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
