//! What a camera, a form or another program puts around a drawing, and pictures in unusual files.

use std::{fs, path::Path};

use datasets::{
    DatasetError, Fit, ImageShape, PictureWarning, Preparation, Prepared, Region, prepare,
    user_image,
};
use image::{
    DynamicImage, GrayImage, ImageBuffer, Luma, Rgb, RgbImage,
    codecs::{gif::GifEncoder, jpeg::JpegEncoder},
};

use crate::pages::{bounds, convert, grey28};

/// Where the strokes of [`ell`] begin and end on its page: 60 pixels wide and 120 high.
const ELL: Region = Region {
    left: 100,
    top: 40,
    width: 60,
    height: 120,
};

/// A page of 300x200 with an L of strokes 16 pixels wide.
fn ell(paper: u8, pen: u8) -> GrayImage {
    GrayImage::from_fn(300, 200, |x, y| {
        let stem = (100..116).contains(&x) && (40..160).contains(&y);
        let foot = (100..160).contains(&x) && (144..160).contains(&y);
        Luma([if stem || foot { pen } else { paper }])
    })
}

fn digit(picture: impl Into<DynamicImage>) -> Prepared {
    prepare(&picture.into(), Preparation::Digit, grey28()).unwrap()
}

/// The image of the L: 10 pixels wide and 20 high, as 60 to 120, and its two strokes where they belong.
fn assert_ell(prepared: &Prepared) {
    let [left, right, top, bottom] = bounds(&prepared.image);
    let (width, height) = (right - left + 1, bottom - top + 1);
    assert!(
        (9..=11).contains(&width) && (19..=21).contains(&height),
        "{width}x{height}"
    );
    let at = |x: usize, y: usize| prepared.image.values()[y * 28 + x];
    assert!(at(left + 1, top + 2) > 0.9, "the stem");
    assert!(at(right - 1, bottom - 1) > 0.9, "the foot");
    assert!(at(right - 1, top + 2) < 0.1, "paper beside the stem");
}

/// Each side within three pixels.
fn assert_near(found: Region, expected: Region) {
    let sides = |region: Region| [region.left, region.top, region.width, region.height];
    let off = sides(found).into_iter().zip(sides(expected));
    assert!(
        off.into_iter().all(|(a, b)| a.abs_diff(b) <= 3),
        "{found:?}"
    );
}

#[test]
fn a_plain_page_is_read_without_a_doubt() {
    for (paper, pen) in [(225, 40), (30, 220), (180, 130)] {
        let prepared = digit(ell(paper, pen));
        assert_ell(&prepared);
        assert_eq!(prepared.warnings, []);
        assert_eq!(prepared.objects.len(), 1);
        assert_near(prepared.objects[0], ELL);
    }
}

#[test]
fn frames_and_borders_are_no_ink() {
    for thickness in [1, 3, 12] {
        for shade in [0, 255] {
            let mut page = ell(200, 40);
            for (x, y, pixel) in page.enumerate_pixels_mut() {
                if x.min(y).min(299 - x).min(199 - y) < thickness {
                    pixel[0] = shade;
                }
            }
            assert_ell(&digit(page));
        }
    }
}

#[test]
fn boxes_and_ruled_lines_are_no_ink() {
    let mut boxed = ell(225, 40);
    let mut ruled = ell(225, 40);
    for (x, y, pixel) in boxed.enumerate_pixels_mut() {
        if (10..12).contains(&x.min(y).min(299 - x).min(199 - y)) {
            pixel[0] = 90;
        }
    }
    for (_, y, pixel) in ruled.enumerate_pixels_mut() {
        if y % 40 == 10 || y % 40 == 11 {
            pixel[0] = pixel[0].min(150);
        }
    }
    assert_ell(&digit(boxed));
    assert_ell(&digit(ruled));
}

#[test]
fn uneven_light_is_no_ink() {
    // Dark corners; the light of a lamp from the left; a shadow with a sharp edge over the right third; a bright spot.
    let light: [fn(f32, f32) -> f32; 4] = [
        |x, y| 1.0 - 1.0 * ((x - 0.5).powi(2) + (y - 0.5).powi(2)),
        |x, _| 1.0 - 0.5 * x,
        |x, _| if x > 0.65 { 0.55 } else { 1.0 },
        |x, y| {
            if (x - 0.93).hypot(y - 0.1) < 0.06 {
                2.0
            } else {
                0.5
            }
        },
    ];
    for (number, light) in light.into_iter().enumerate() {
        let mut page = ell(220, 40);
        for (x, y, pixel) in page.enumerate_pixels_mut() {
            let share = light(x as f32 / 300.0, y as f32 / 200.0);
            pixel[0] = (f32::from(pixel[0]) * share).min(255.0) as u8;
        }
        let prepared = digit(page);
        assert_near(prepared.objects[0], ELL);
        assert_ell(&prepared);
        assert_eq!(prepared.warnings, [], "light {number}");
    }
}

#[test]
fn a_small_sign_aside_is_centred_also_at_the_size_of_an_image() {
    // An L, 4 pixels wide and 8 high, in the corner of 28x28: 10 wide and 20 high afterwards.
    let sheet = GrayImage::from_fn(28, 28, |x, y| {
        let stem = x == 20 && (3..11).contains(&y);
        let foot = (20..24).contains(&x) && y == 10;
        Luma([if stem || foot { 255 } else { 0 }])
    });
    let [left, right, top, bottom] = bounds(&digit(sheet).image);
    assert_eq!((right - left + 1, bottom - top + 1), (10, 20));
}

#[test]
fn several_signs_are_told_and_listed() {
    let mut page = GrayImage::from_pixel(600, 200, Luma([225]));
    image::imageops::replace(&mut page, &ell(225, 40), 0, 0);
    image::imageops::replace(&mut page, &ell(225, 40), 300, 0);
    let prepared = digit(page);
    assert_eq!(
        prepared.warnings,
        [PictureWarning::SeveralObjects { count: 2 }]
    );
    let mut lefts: Vec<u32> = prepared.objects.iter().map(|object| object.left).collect();
    lefts.sort_unstable();
    assert!(
        lefts[0].abs_diff(100) <= 2 && lefts[1].abs_diff(400) <= 2,
        "{lefts:?}"
    );
    let text = prepared.warnings[0].to_string();
    assert!(text.contains("2 in all") && text.contains("crop"), "{text}");
}

#[test]
fn faint_ink_is_told() {
    // Six of 200 levels: 3 % of the light, where 12 % are clear.
    let prepared = digit(ell(200, 186));
    assert_eq!(prepared.warnings, [PictureWarning::Unclear]);
}

#[test]
fn an_object_is_cut_out_of_its_background() {
    // A red block, 80 wide and 100 high, on paper that is lit from the left: it fills the height, and 22 of 28 columns.
    let picture = RgbImage::from_fn(400, 300, |x, y| {
        let paper = 240 - (x / 8) as u8;
        let inside = (250..330).contains(&x) && (60..160).contains(&y);
        Rgb(if inside { [160, 30, 40] } else { [paper; 3] })
    });
    let prepared = prepare(&picture.into(), Preparation::Object, grey28()).unwrap();
    let [left, right, top, bottom] = bounds(&prepared.image);
    assert_eq!((top, bottom), (0, 27));
    assert!((right - left + 1).abs_diff(22) <= 1, "{left} to {right}");
    assert_near(
        prepared.objects[0],
        Region {
            left: 250,
            top: 60,
            width: 80,
            height: 100,
        },
    );
}

#[test]
fn a_small_object_is_cut_out_of_a_picture_in_colour() {
    let shape = ImageShape::new(3, 16, 16).unwrap();
    let picture = |side: u32| {
        let (first, last) = (200 - side / 2, 200 + side / 2);
        let block = first..last;
        RgbImage::from_fn(400, 400, |x, y| {
            let inside = block.contains(&x) && block.contains(&y);
            Rgb(if inside { [200, 20, 20] } else { [240; 3] })
        })
    };
    let red = |side: u32| {
        let fit = Preparation::Picture { fit: Fit::Crop };
        let prepared = prepare(&picture(side).into(), fit, shape).unwrap();
        let rgb = prepared.image.to_rgb();
        rgb.iter()
            .filter(|[red, green, _]| red.saturating_sub(*green) > 100)
            .count()
    };
    // Of 60 pixels in 400, one in 44 would be red; cut out with a tenth around it, 13 of 16 columns and rows are.
    assert!((144..=196).contains(&red(60)), "{}", red(60));
    // What fills the picture stays where it is: 360 of 400 are 14 of 16.
    assert!((169..=225).contains(&red(360)), "{}", red(360));
}

fn written(dir: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = dir.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn read(path: &Path) -> Result<Prepared, DatasetError> {
    user_image(path, Preparation::Digit, grey28())
}

#[test]
fn levels_are_read_by_the_bits_in_use() {
    let dir = tempfile::tempdir().unwrap();
    for top in [255_u16, 1_023, 4_095, 65_535] {
        let page = ell(0, 255);
        let levels = ImageBuffer::<Luma<u16>, _>::from_fn(300, 200, |x, y| {
            Luma([if page.get_pixel(x, y)[0] > 0 { top } else { 0 }])
        });
        let path = dir.path().join(format!("{top}.png"));
        levels.save(&path).unwrap();
        assert_ell(&read(&path).unwrap());
    }
    // A mask of zeros and ones.
    let path = dir.path().join("mask.png");
    ell(0, 1).save(&path).unwrap();
    assert_ell(&read(&path).unwrap());
}

#[test]
fn a_jpeg_that_broke_off_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90)
        .encode_image(&ell(225, 40))
        .unwrap();
    for percent in [30, 60, 95] {
        let path = written(dir.path(), "cut.jpg", &bytes[..bytes.len() * percent / 100]);
        let error = read(&path).unwrap_err();
        assert!(
            matches!(
                error,
                DatasetError::BrokenOff { .. } | DatasetError::NotAnImage { .. }
            ),
            "{percent} %: {error}"
        );
        assert!(error.to_string().contains("cut.jpg"), "{error}");
    }
    // What cameras put behind the end of a picture does no harm.
    let more = [bytes.as_slice(), b"\xff\xd8 another picture, cut"].concat();
    assert_ell(&read(&written(dir.path(), "more.jpg", &more)).unwrap());
}

#[test]
fn an_animation_stands_for_its_first_frame_with_something_on_it() {
    let dir = tempfile::tempdir().unwrap();
    let frame = |pen: u8| {
        let page = DynamicImage::ImageLuma8(ell(0, pen));
        image::Frame::new(page.into_rgba8())
    };
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.encode_frames([0, 60, 255, 255].map(frame)).unwrap();
    drop(encoder);
    let path = written(dir.path(), "fade-in.gif", &bytes);
    let prepared = read(&path).unwrap();
    assert_ell(&prepared);
    assert_eq!(prepared.warnings, []);
}

#[test]
fn paper_without_ink_is_refused_with_all_its_grain() {
    // Noise of up to four levels, from a hash of the place.
    let page = GrayImage::from_fn(300, 200, |x, y| {
        let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7;
        Luma([200 + (noise % 5) as u8])
    });
    let result = prepare(&page.into(), Preparation::Digit, grey28());
    assert!(
        matches!(result, Err(DatasetError::NothingDrawn { .. })),
        "{result:?}"
    );
}

#[test]
fn both_pens_give_the_same_image() {
    let dark = convert(ell(200, 50), Preparation::Digit);
    let light = convert(ell(55, 205), Preparation::Digit);
    for (a, b) in dark.values().iter().zip(light.values()) {
        assert!((a - b).abs() < 0.02, "{a} {b}");
    }
}

#[test]
fn a_stroke_from_edge_to_edge_is_no_paper_between_borders() {
    // 16 of 100 columns, through all rows: 3 of 20 pixels.
    let page = GrayImage::from_fn(100, 100, |x, _| {
        Luma([if (42..58).contains(&x) { 30 } else { 230 }])
    });
    let [left, right, top, bottom] = bounds(&digit(page).image);
    assert_eq!(bottom - top + 1, 20);
    assert!((3..=4).contains(&(right - left + 1)), "{left} to {right}");
}
