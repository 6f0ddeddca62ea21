//! Folders that hold pictures and arrays: whichever has more images counts.

use std::{fs, path::Path};

use datasets::{DataFormat, data_format, inspect::inspect};

use crate::{idx_bytes, labels::level};

fn pictures(dir: &Path, count: u8) {
    for number in 0..count {
        level(&dir.join(format!("cat/{number}.png")), 100 + number);
    }
}

/// An array of so many images, as IDX.
fn array(dir: &Path, images: u32) {
    fs::create_dir_all(dir).unwrap();
    let bytes = idx_bytes(&[images, 8, 8], &vec![9; images as usize * 64]);
    fs::write(dir.join("images-idx3-ubyte"), bytes).unwrap();
}

/// A `.npy` file of four numbers, which are no images.
fn stray(dir: &Path) {
    let header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }                          \n";
    let bytes = [
        b"\x93NUMPY\x01\0".as_slice(),
        &(header.len() as u16).to_le_bytes(),
        header.as_bytes(),
        &[0; 16],
    ]
    .concat();
    fs::write(dir.join("embedding.npy"), bytes).unwrap();
}

#[test]
fn a_stray_array_beside_pictures_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    pictures(dir.path(), 5);
    stray(dir.path());
    assert_eq!(data_format(dir.path()).unwrap(), DataFormat::Pictures);
    let found = inspect(dir.path()).unwrap();
    assert_eq!((found.format, found.len()), (DataFormat::Pictures, 5));
    assert!(
        found.notes[0].contains("1 files of arrays"),
        "{:?}",
        found.notes
    );
    // So is an array of fewer images than there are pictures.
    let dir = tempfile::tempdir().unwrap();
    pictures(dir.path(), 5);
    array(dir.path(), 4);
    assert_eq!(inspect(dir.path()).unwrap().len(), 5);
}

#[test]
fn stray_pictures_beside_arrays_are_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    pictures(dir.path(), 2);
    array(dir.path(), 30);
    let found = inspect(dir.path()).unwrap();
    assert_eq!((found.format, found.len()), (DataFormat::Arrays, 30));
    assert!(
        found.notes.iter().any(|note| note.contains("2 pictures")),
        "{:?}",
        found.notes
    );
}

#[test]
fn where_there_is_neither_the_error_is_about_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let error = data_format(dir.path()).unwrap_err().to_string();
    assert!(error.contains("no picture"), "{error}");
    stray(dir.path());
    let error = data_format(dir.path()).unwrap_err().to_string();
    assert!(error.contains("no arrays of images"), "{error}");
}
