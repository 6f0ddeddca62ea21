//! Files of a user's pictures: read whatever their name, and refused when they are empty, damaged or too large.

use std::{fs, io::Write as _, path::Path};

use datasets::{DatasetError, Preparation, prepare, user_image};
use image::{DynamicImage, GrayImage, RgbaImage};

use crate::pages::{convert, grey28, rectangle};

/// Why a file is no picture.
fn refused(path: &Path) -> DatasetError {
    user_image(path, Preparation::Object, grey28()).unwrap_err()
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
fn files_are_read_whatever_their_name() {
    let dir = tempfile::tempdir().unwrap();
    let page = rectangle((60, 60), (20, 10, 40, 50), [255, 0]);
    let png = dir.path().join("digit.png");
    page.save(&png).unwrap();
    let misnamed = dir.path().join("digit.jpg");
    fs::copy(&png, &misnamed).unwrap();
    let expected = convert(page, Preparation::Digit);
    assert_eq!(
        user_image(&png, Preparation::Digit, grey28())
            .unwrap()
            .image,
        expected
    );
    assert_eq!(
        user_image(&misnamed, Preparation::Digit, grey28())
            .unwrap()
            .image,
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
        let error = refused(&path);
        assert!(
            matches!(error, DatasetError::NotAnImage { .. }),
            "{name}: {error}"
        );
        assert!(error.to_string().contains(name), "{error}");
    }
    let missing = refused(&dir.path().join("missing.png"));
    assert!(matches!(missing, DatasetError::Read { .. }));

    let whole = dir.path().join("whole.png");
    rectangle((60, 60), (20, 10, 40, 50), [255, 0])
        .save(&whole)
        .unwrap();
    let bytes = fs::read(&whole).unwrap();
    let cut = dir.path().join("cut.png");
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let error = refused(&cut);
    assert!(matches!(error, DatasetError::BrokenOff { .. }), "{error}");
}

#[test]
fn huge_pictures_are_refused_before_decoding() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("huge.png");
    for (width, height) in [(60_000, 10), (10, 20_001), (9_000, 9_000), (60_000, 60_000)] {
        write_png(&path, width, height);
        let error = refused(&path);
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
    let error = refused(&path);
    assert!(matches!(error, DatasetError::BrokenOff { .. }), "{error}");
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
    let error = refused(&path);
    assert!(
        matches!(error, DatasetError::ImageTooLarge { width: 60_000, .. }),
        "{error}"
    );
}
