//! Images, and what describes them.

use std::fs;
use std::io::Cursor;

use acceptance_tests::{Seeds, fuzz, root};
use datasets::{
    Adjustments, ArrayOptions, DatasetInfo, Fit, ImageShape, KnownDataset, Preparation, Region,
};
use image::ImageFormat;

/// The formats of pictures that are changed.
const FORMATS: [ImageFormat; 5] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Bmp,
    ImageFormat::Gif,
    ImageFormat::WebP,
];

/// A small IDX file: two images of 4x4.
fn idx() -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4];
    bytes.extend(0..32);
    bytes
}

/// An array as `NumPy` saves it: `shape` bytes that count up.
fn npy(shape: &str, count: usize) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
    // The header's length, with the newline at its end, makes a multiple of 64 of all in front of the numbers.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{header:<width$}\n", width = length - 1).bytes());
    bytes.extend((0..count).map(|value| value as u8));
    bytes
}

/// Files in a zip archive, which are not packed: what `NumPy` calls `.npz`.
fn npz(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut sum = flate2::Crc::new();
        sum.update(content);
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 33, 0];
        common.extend(sum.sum().to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((content.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let start = (bytes.len() as u32).to_le_bytes();
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.bytes());
        bytes.extend(*content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(start);
        directory.extend(name.bytes());
    }
    let (start, count) = (
        (bytes.len() as u32).to_le_bytes(),
        (files.len() as u16).to_le_bytes(),
    );
    let length = (directory.len() as u32).to_le_bytes();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count);
    bytes.extend(count);
    bytes.extend(length);
    bytes.extend(start);
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn idx_files() {
    let samples = root().join("crates/datasets/samples");
    let packed = fs::read(samples.join("mnist-labels.idx1-ubyte.gz")).expect("a sample");
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("file");
    fuzz(&Seeds::bytes("idx", &[idx(), packed]), |bytes| {
        let _ = datasets::parse_idx(bytes);
        fs::write(&path, bytes).expect("a file");
        let _ = datasets::read_idx(&path);
    });
}

#[test]
fn arrays() {
    let images = npy("(2, 8, 8)", 128);
    let labels = npy("(2,)", 2);
    let cifar: Vec<u8> = (0..2 * 3_073).map(|i| (i % 251) as u8 % 10).collect();
    let archive = npz(&[("x_train.npy", &images), ("y_train.npy", &labels)]);
    for (name, seed) in [
        ("images.npy", images),
        ("archive.npz", archive),
        ("data_batch_1.bin", cifar),
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(name);
        fs::write(&path, &seed).expect("a file");
        let sound = datasets::load_arrays(dir.path(), ArrayOptions { side: None });
        assert_eq!(sound.expect("it is sound").train.len(), 2, "{name}");
        fuzz(&Seeds::bytes(name, &[seed]), |bytes| {
            fs::write(&path, bytes).expect("a file");
            let _ = datasets::load_arrays(dir.path(), ArrayOptions { side: None });
        });
    }
}

#[test]
fn pictures() {
    let picture =
        image::RgbImage::from_fn(24, 20, |x, y| image::Rgb([x as u8 * 9, y as u8 * 9, 40]));
    let seed = |format| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    };
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("picture");
    let shape = ImageShape::new(1, 28, 28).expect("a shape");
    fuzz(&Seeds::bytes("picture", &FORMATS.map(seed)), |bytes| {
        fs::write(&path, bytes).expect("a file");
        let as_it_is = Preparation::Picture { fit: Fit::Pad };
        for preparation in [Preparation::Digit, Preparation::Object, as_it_is] {
            let _ = datasets::user_image(&path, preparation, shape);
            let _ = datasets::adjusted_image(&path, &adjusted(bytes), preparation, shape);
        }
    });
}

/// Any adjustments, also some that no picture fits: they follow from the file's last bytes.
fn adjusted(bytes: &[u8]) -> Adjustments {
    let byte = |back: usize| bytes.iter().rev().nth(back).copied().unwrap_or(0);
    let side = |back: usize| u32::from(byte(back)) % 40;
    Adjustments {
        quarter_turns: byte(0),
        tilt: f32::from(byte(1)) - 100.0,
        crop: Some(Region {
            left: side(2),
            top: side(3),
            width: side(4),
            height: side(5),
        }),
        invert: [None, Some(true), Some(false)][usize::from(byte(6) % 3)],
        threshold: Some(f32::from(byte(7)) / 200.0),
        object: Some(usize::from(byte(8) % 3)),
    }
}

#[test]
fn descriptions_of_data_sets() {
    let info = KnownDataset::Avatars.info();
    let seed = serde_json::to_vec(&info).expect("it has a form");
    fuzz(&Seeds::text("data-set", &[seed]), |bytes| {
        if let Ok(info) = serde_json::from_slice::<DatasetInfo>(bytes) {
            let _ = info.check();
        }
    });
}
