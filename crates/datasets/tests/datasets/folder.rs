//! A folder of pictures per class.

use std::{fs, path::Path};

use datasets::{DatasetError, Fit, load_folder};
use image::{GrayImage, Luma};

/// A black picture of 28x28 with one white column.
fn stripe(path: &Path, column: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let picture = GrayImage::from_fn(28, 28, |x, _| Luma([if x == column { 255 } else { 0 }]));
    picture.save(path).unwrap();
}

fn folder_error(dir: &Path, named: &str) -> String {
    let error = load_folder(dir, Fit::Whole).unwrap_err();
    let text = error.to_string();
    assert!(text.contains(named), "{text}");
    text
}

#[test]
fn classes_and_pictures_come_in_the_order_of_their_names() {
    let dir = tempfile::tempdir().unwrap();
    stripe(&dir.path().join("zebra/b.png"), 3);
    stripe(&dir.path().join("zebra/a.png"), 4);
    stripe(&dir.path().join("ant/only.png"), 5);
    fs::write(dir.path().join("README"), "beside the classes").unwrap();
    fs::write(dir.path().join("ant/.hidden"), "no picture").unwrap();

    let loaded = load_folder(dir.path(), Fit::Whole).unwrap();
    assert_eq!(loaded.class_names, ["ant", "zebra"]);
    assert_eq!(loaded.images.classes(), 2);
    assert_eq!(loaded.images.labels(), [0, 1, 1]);
    for (index, column) in [5, 4, 3].into_iter().enumerate() {
        let row = &loaded.images.image(index)[..28];
        assert_eq!(row.iter().position(|&pixel| pixel == 255), Some(column));
    }
}

#[test]
fn a_folder_that_is_not_there_or_has_no_classes_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing");
    assert!(matches!(
        load_folder(&missing, Fit::Whole),
        Err(DatasetError::Read { .. })
    ));
    folder_error(&missing, "missing");
    stripe(&dir.path().join("loose.png"), 1);
    assert!(folder_error(dir.path(), "no sub-folder").contains("one folder a class"));
}

#[test]
fn an_empty_class_is_named() {
    let dir = tempfile::tempdir().unwrap();
    stripe(&dir.path().join("full/a.png"), 1);
    fs::create_dir(dir.path().join("hollow")).unwrap();
    folder_error(dir.path(), "hollow: there is no picture");
}

#[test]
fn a_file_that_is_no_picture_is_named() {
    let dir = tempfile::tempdir().unwrap();
    stripe(&dir.path().join("class/a.png"), 1);
    fs::write(dir.path().join("class/notes.txt"), "no picture").unwrap();
    folder_error(dir.path(), "notes.txt");
}

#[test]
fn a_folder_inside_a_class_is_named() {
    let dir = tempfile::tempdir().unwrap();
    stripe(&dir.path().join("class/deeper/a.png"), 1);
    folder_error(dir.path(), "deeper");
}

#[test]
fn classes_fill_a_byte_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    for class in 0..256 {
        stripe(&dir.path().join(format!("{class:03}/a.png")), class % 28);
    }
    let loaded = load_folder(dir.path(), Fit::Whole).unwrap();
    assert_eq!(
        (loaded.class_names.len(), loaded.images.label(255).0),
        (256, 255)
    );
    stripe(&dir.path().join("256/a.png"), 0);
    folder_error(dir.path(), "257 sub-folders");
}
