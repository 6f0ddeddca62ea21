//! A user's pictures: polarity, box, centre of mass, limits and refusals.

use std::{fs, io::Write as _, path::Path};

use datasets::{
    DatasetError, Fit, Image, ImageShape, KnownDataset, Preparation, drawing, prepare, sample,
    user_image,
};
use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage, imageops::FilterType};

/// A picture with a filled rectangle of ink.
fn rectangle(
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
fn grey28() -> ImageShape {
    ImageShape::new(1, 28, 28).unwrap()
}

fn convert(picture: GrayImage, preparation: Preparation) -> Image {
    prepare(&DynamicImage::ImageLuma8(picture), preparation, grey28()).unwrap()
}

/// The first and last column and row with more than half ink: left, right, top, bottom.
fn bounds(image: &Image) -> [usize; 4] {
    let inked = || (0..784).filter(|&at| image.values()[at] > 0.5);
    let (columns, rows) = (|| inked().map(|at| at % 28), || inked().map(|at| at / 28));
    [columns().min(), columns().max(), rows().min(), rows().max()].map(Option::unwrap)
}

fn centre_of_mass(image: &Image) -> (f32, f32) {
    let mass: f32 = image.values().iter().sum();
    let along = |axis: fn(usize) -> usize| {
        let moments = image.values().iter().enumerate();
        moments
            .map(|(at, value)| axis(at) as f32 * value)
            .sum::<f32>()
            / mass
    };
    (along(|at| at % 28), along(|at| at / 28))
}

fn write_png(path: &Path, width: u32, height: u32) {
    // Signature, then a header chunk with its checksum, then nothing: enough to learn the size.
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    let mut file = fs::File::create(path).unwrap();
    file.write_all(b"\x89PNG\r\n\x1a\n\0\0\0\x0d").unwrap();
    file.write_all(&header).unwrap();
    file.write_all(&crc.sum().to_be_bytes()).unwrap();
    file.write_all(b"\0\0\0\0IDAT\x35\xaf\x06\x1e").unwrap();
}

#[test]
fn a_digit_is_scaled_to_twenty_pixels_and_centred() {
    // 40 wide and 100 high at the edge of a large page: 8 wide and 20 high, in the middle.
    let page = rectangle((400, 300), (350, 10, 390, 110), [0, 255]);
    let image = convert(page, Preparation::Digit);
    let [left, right, top, bottom] = bounds(&image);
    assert_eq!((right - left + 1, bottom - top + 1), (8, 20));
    let (x, y) = centre_of_mass(&image);
    assert!(
        (x - 14.0).abs() < 0.51 && (y - 14.0).abs() < 0.51,
        "{x}, {y}"
    );
    assert!((image.values()[14 * 28 + 14] - 1.0).abs() < 1e-6);
    assert_eq!(image.values()[0], 0.0);
}

#[test]
fn small_drawings_grow_to_twenty_pixels() {
    let page = rectangle((12, 12), (5, 5, 10, 6), [255, 0]);
    let [left, right, top, bottom] = bounds(&convert(page, Preparation::Digit));
    assert_eq!((right - left + 1, bottom - top + 1), (20, 4));
}

#[test]
fn dark_and_light_backgrounds_end_alike() {
    let place = (30, 20, 60, 90);
    for preparation in [Preparation::Digit, Preparation::Object] {
        let light_on_dark = convert(rectangle((120, 120), place, [0, 255]), preparation);
        let dark_on_light = convert(rectangle((120, 120), place, [255, 0]), preparation);
        assert_eq!(light_on_dark, dark_on_light);
        assert_eq!(light_on_dark.values()[0], 0.0);
    }
    // Pencil on grey paper: less contrast, the same digit.
    let pencil = convert(rectangle((120, 120), place, [180, 120]), Preparation::Digit);
    let ink = convert(rectangle((120, 120), place, [255, 0]), Preparation::Digit);
    for (a, b) in pencil.values().iter().zip(ink.values()) {
        assert!((a - b).abs() < 1e-3, "{a} {b}");
    }
}

#[test]
fn the_centre_of_mass_comes_to_the_middle() {
    // A heavy foot under a thin stem: the box's middle is not the mass's.
    let page = GrayImage::from_fn(200, 200, |x, y| {
        let stem = (95..105).contains(&x) && (40..140).contains(&y);
        let foot = (60..140).contains(&x) && (120..140).contains(&y);
        Luma([if stem || foot { 0 } else { 255 }])
    });
    let image = convert(page, Preparation::Digit);
    let (x, y) = centre_of_mass(&image);
    assert!(
        (x - 14.0).abs() < 0.51 && (y - 14.0).abs() < 0.51,
        "{x}, {y}"
    );
    let [_, _, top, bottom] = bounds(&image);
    assert_eq!(bottom - top + 1, 20);
    assert!(top < 28 - 1 - bottom, "the heavy foot pulls the digit up");
}

#[test]
fn noise_and_specks_do_not_widen_the_box() {
    let mut page = rectangle((300, 300), (100, 100, 150, 200), [230, 20]);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        pixel[0] = (i32::from(pixel[0]) + ((x * 7 + y * 13) % 5) as i32 - 2) as u8;
    }
    page.put_pixel(290, 5, Luma([60]));
    let [left, right, top, bottom] = bounds(&convert(page, Preparation::Digit));
    assert_eq!((right - left + 1, bottom - top + 1), (10, 20));
}

#[test]
fn fine_pens_reach_full_ink() {
    let page = rectangle((1000, 1000), (498, 100, 502, 900), [255, 0]);
    let image = convert(page, Preparation::Digit);
    let peak = image.values().iter().copied().fold(0.0, f32::max);
    assert!((peak - 1.0).abs() < 1e-6, "{peak}");
}

#[test]
fn the_whole_picture_keeps_its_frame() {
    // The right half of a wide picture: padded above and below to a square.
    let wide = rectangle((280, 140), (140, 0, 280, 140), [0, 255]);
    // Half the edge is ink here, so leave one pixel of background to tip the balance.
    let wide = GrayImage::from_fn(280, 140, |x, y| {
        Luma([if y == 0 || y == 139 {
            0
        } else {
            wide.get_pixel(x, y)[0]
        }])
    });
    assert_eq!(bounds(&convert(wide, Preparation::Object)), [14, 27, 7, 20]);
}

#[test]
fn images_of_the_data_sets_stay_as_they_are() {
    for dataset in [KnownDataset::Mnist, KnownDataset::FashionMnist] {
        let images = sample(dataset);
        let inverted = |index: usize| images.values(index).iter().map(|&p| 255 - p).collect();
        let mut changed = 0;
        for index in 0..images.len() {
            let plain = images.values(index).to_vec();
            for pixels in [plain, inverted(index)] {
                let picture = GrayImage::from_raw(28, 28, pixels).unwrap();
                let image = convert(picture, dataset.info().preparation);
                changed += usize::from(image.to_bytes() != images.values(index));
            }
        }
        // A few clothes cover most of the frame's edge, which passes for the background then.
        let allowed = if dataset == KnownDataset::Mnist {
            0
        } else {
            10
        };
        assert!(
            changed <= allowed,
            "{changed} of {} {dataset} images",
            2 * images.len()
        );
    }
}

#[test]
fn enlarged_digits_come_back_close_to_the_original() {
    let images = sample(KnownDataset::Mnist);
    let mut alike = Vec::new();
    for index in 0..images.len() {
        let original = GrayImage::from_raw(28, 28, images.values(index).to_vec()).unwrap();
        let large = image::imageops::resize(&original, 140, 140, FilterType::Nearest);
        let mut page = GrayImage::from_pixel(300, 200, Luma([0]));
        image::imageops::replace(&mut page, &large, 130, 30);
        image::imageops::invert(&mut page);
        let image = convert(page, Preparation::Digit);
        alike.push(cosine(image.values(), images.image(index).values()));
    }
    let mean = alike.iter().sum::<f32>() / 1_000.0;
    assert!(mean > 0.99, "{mean}");
    // Where the centre of mass lies between two pixels, rounding may place the digit one pixel aside.
    let aside = alike.iter().filter(|&&alike| alike < 0.9).count();
    assert!(aside <= 20, "{aside} of 1,000");
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
fn transparent_pictures_get_a_backdrop_that_contrasts() {
    for ink in [0, 255] {
        let picture = RgbaImage::from_fn(100, 100, |x, y| {
            let inside = (40..60).contains(&x) && (20..80).contains(&y);
            Rgba([ink, ink, ink, if inside { 255 } else { 0 }])
        });
        let image = prepare(
            &DynamicImage::ImageRgba8(picture),
            Preparation::Object,
            grey28(),
        )
        .unwrap();
        assert_eq!(image.values()[0], 0.0);
        assert!(image.values()[14 * 28 + 14] > 0.99);
    }
}

#[test]
fn an_empty_picture_is_refused() {
    for shade in [0, 128, 255] {
        let page = rectangle((50, 50), (0, 0, 0, 0), [shade, 0]);
        let result = prepare(
            &DynamicImage::ImageLuma8(page),
            Preparation::Digit,
            grey28(),
        );
        assert!(matches!(result, Err(DatasetError::NothingDrawn { .. })));
    }
    let clear = DynamicImage::ImageRgba8(RgbaImage::new(20, 20));
    assert!(matches!(
        prepare(&clear, Preparation::Object, grey28()),
        Err(DatasetError::NothingDrawn { .. })
    ));
    let none = DynamicImage::ImageLuma8(GrayImage::new(0, 0));
    assert!(matches!(
        prepare(&none, Preparation::Object, grey28()),
        Err(DatasetError::NothingDrawn { .. })
    ));

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("blank.png");
    GrayImage::new(30, 30).save(&path).unwrap();
    let text = user_image(&path, Preparation::Digit, grey28())
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("nothing is drawn in") && text.contains("blank.png"),
        "{text}"
    );
}

#[test]
fn any_size_down_to_a_line_converts() {
    for (width, height) in [
        (1, 2),
        (2, 1),
        (1, 500),
        (500, 1),
        (3, 3),
        (29, 28),
        (2_000, 3),
    ] {
        let page = rectangle(
            (width, height),
            (0, 0, width.div_ceil(4), height.div_ceil(4)),
            [0, 255],
        );
        for preparation in [Preparation::Digit, Preparation::Object] {
            let image = convert(page.clone(), preparation);
            assert!(
                image
                    .values()
                    .iter()
                    .all(|value| (0.0..=1.0).contains(value)),
                "{width}x{height}"
            );
        }
    }
}

#[test]
fn files_are_read_whatever_their_name() {
    let dir = tempfile::tempdir().unwrap();
    let page = rectangle((60, 60), (20, 10, 40, 50), [255, 0]);
    let png = dir.path().join("digit.png");
    page.save(&png).unwrap();
    let misnamed = dir.path().join("digit.jpg");
    fs::copy(&png, &misnamed).unwrap();
    let expected = convert(page, Preparation::Digit);
    assert_eq!(
        user_image(&png, Preparation::Digit, grey28()).unwrap(),
        expected
    );
    assert_eq!(
        user_image(&misnamed, Preparation::Digit, grey28()).unwrap(),
        expected
    );
}

#[test]
fn what_is_no_image_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    for (name, contents) in [
        ("empty.png", ""),
        ("text.png", "no image"),
        ("text.txt", "no image"),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, contents).unwrap();
        let error = user_image(&path, Preparation::Object, grey28()).unwrap_err();
        assert!(
            matches!(error, DatasetError::NotAnImage { .. }),
            "{name}: {error}"
        );
        assert!(error.to_string().contains(name), "{error}");
    }
    let missing = user_image(
        &dir.path().join("missing.png"),
        Preparation::Object,
        grey28(),
    );
    assert!(matches!(missing, Err(DatasetError::Read { .. })));

    let whole = dir.path().join("whole.png");
    rectangle((60, 60), (20, 10, 40, 50), [255, 0])
        .save(&whole)
        .unwrap();
    let bytes = fs::read(&whole).unwrap();
    let cut = dir.path().join("cut.png");
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let error = user_image(&cut, Preparation::Object, grey28()).unwrap_err();
    assert!(matches!(error, DatasetError::NotAnImage { .. }), "{error}");
}

#[test]
fn huge_pictures_are_refused_before_decoding() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("huge.png");
    for (width, height) in [(60_000, 10), (10, 20_001), (9_000, 9_000), (60_000, 60_000)] {
        write_png(&path, width, height);
        let error = user_image(&path, Preparation::Object, grey28()).unwrap_err();
        assert!(
            matches!(error, DatasetError::ImageTooLarge { .. }),
            "{width}x{height}: {error}"
        );
        assert!(
            error.to_string().contains(&format!("{width}x{height}")),
            "{error}"
        );
    }
    // Within the limits the same file gets as far as the decoder, which misses the pixels.
    write_png(&path, 8_000, 8_000);
    let error = user_image(&path, Preparation::Object, grey28()).unwrap_err();
    assert!(matches!(error, DatasetError::NotAnImage { .. }), "{error}");
}

#[test]
fn a_wide_photograph_is_refused_before_decoding() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wide.jpg");
    rectangle((64, 64), (20, 10, 40, 50), [255, 0])
        .save(&path)
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    // Behind the frame header's marker stand its length, the sample precision, the height and the width.
    let header = bytes
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    bytes[header + 7..header + 9].copy_from_slice(&60_000_u16.to_be_bytes());
    fs::write(&path, bytes).unwrap();
    let error = user_image(&path, Preparation::Object, grey28()).unwrap_err();
    assert!(
        matches!(error, DatasetError::ImageTooLarge { width: 60_000, .. }),
        "{error}"
    );
}

#[test]
fn a_drawing_keeps_its_polarity_even_where_it_covers_the_edge() {
    // Ink everywhere but for a hole of 28 x 28 in the middle of 112 x 112: a picture would be taken for a dark hole on
    // light paper and inverted.
    let hole = |v: usize| (42..70).contains(&v);
    let ink: Vec<f32> = (0..112 * 112)
        .map(|at| f32::from(!(hole(at % 112) && hole(at / 112))))
        .collect();
    let whole = drawing(&ink, 112, Preparation::Object, grey28()).unwrap();
    assert!(whole.values()[0] > 0.99);
    assert!(whole.values()[14 * 28 + 14] < 0.01, "the hole stays a hole");
    let centred = drawing(&ink, 112, Preparation::Digit, grey28()).unwrap();
    // Its box is the whole sheet, which becomes 20 x 20 around 14: from 14 - 9.5, rounded.
    assert_eq!(bounds(&centred), [5, 24, 5, 24]);
}

#[test]
fn a_drawing_is_placed_as_the_digits_were() {
    // A bar, 16 wide and 80 high, at the left edge: 4 wide and 20 high, from 14 - 1.5 and 14 - 9.5, rounded.
    let ink: Vec<f32> = (0..112 * 112)
        .map(|at| f32::from(at % 112 < 16 && (10..90).contains(&(at / 112))))
        .collect();
    let image = drawing(&ink, 112, Preparation::Digit, grey28()).unwrap();
    assert_eq!(bounds(&image), [13, 16, 5, 24]);
}

#[test]
fn a_blank_sheet_is_no_drawing() {
    assert!(drawing(&[0.0; 16], 4, Preparation::Digit, grey28()).is_none());
    assert!(
        drawing(&[1.0; 15], 4, Preparation::Object, grey28()).is_none(),
        "a pixel is missing"
    );
}

/// Four bands of colour, each a quarter of the width.
fn bands(width: u32, height: u32) -> DynamicImage {
    let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]];
    RgbImage::from_fn(width, height, |x, _| Rgb(colours[(4 * x / width) as usize])).into()
}

#[test]
fn a_picture_keeps_its_colours_and_background() {
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let crop = Preparation::Picture { fit: Fit::Crop };
    let image = prepare(&bands(16, 16), crop, shape).unwrap();
    let rgb = image.to_rgb();
    assert_eq!(
        [rgb[0], rgb[4], rgb[8], rgb[12]],
        [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]]
    );
    // Luminance of pure red, as ITU-R BT.709 weighs it: 0.2126 * 255 = 54.
    let grey = prepare(&bands(16, 16), crop, ImageShape::new(1, 16, 16).unwrap()).unwrap();
    assert!(grey.to_bytes()[0].abs_diff(54) <= 1);
}

#[test]
fn a_wide_picture_is_cut_stretched_or_padded() {
    // 32x16: the two middle bands remain of four when it is cut, all four are there otherwise.
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let row = |fit, y: usize| {
        let image = prepare(&bands(32, 16), Preparation::Picture { fit }, shape).unwrap();
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
fn an_image_need_not_be_square() {
    // 20 rows and 32 columns: a picture of the same proportions fills it, and nothing is cut off.
    let shape = ImageShape::new(3, 20, 32).unwrap();
    let crop = Preparation::Picture { fit: Fit::Crop };
    let image = prepare(&bands(320, 200), crop, shape).unwrap();
    let rgb = image.to_rgb();
    assert_eq!([rgb[1], rgb[30]], [[255, 0, 0], [255, 255, 0]]);
    // A digit: 20 of 28 parts of the shorter side of 20, 14 pixels high, in the middle.
    let page = rectangle((300, 300), (100, 50, 140, 150), [255, 0]);
    let grey = ImageShape::new(1, 20, 32).unwrap();
    let image = prepare(&page.into(), Preparation::Digit, grey).unwrap();
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

#[test]
fn a_drawing_for_pictures_is_black_on_white() {
    let mut ink = vec![0.0; 64];
    ink[0] = 1.0;
    let shape = ImageShape::new(3, 8, 8).unwrap();
    let image = drawing(&ink, 8, Preparation::Picture { fit: Fit::Crop }, shape).unwrap();
    assert_eq!(image.to_rgb()[0], [0; 3]);
    assert_eq!(image.to_rgb()[63], [255; 3]);
}
