//! A folder of pictures per class.

use std::{fs, path::Path};

use datasets::{ClassId, DatasetError, Fit, FolderOptions, ImageShape, Preparation, load_folder};
use image::{GrayImage, Luma, Rgb, RgbImage};

/// A black picture of 28x28 with one white column.
fn stripe(path: &Path, column: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let picture = GrayImage::from_fn(28, 28, |x, _| Luma([if x == column { 255 } else { 0 }]));
    picture.save(path).unwrap();
}

fn folder_error(dir: &Path, named: &str) -> String {
    let error = load_folder(dir, &FolderOptions::default()).unwrap_err();
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

    let loaded = load_folder(dir.path(), &FolderOptions::default()).unwrap();
    assert_eq!(loaded.class_names, ["ant", "zebra"]);
    assert_eq!(loaded.images.classes(), 2);
    assert_eq!(loaded.images.labels(), [0, 1, 1]);
    for (index, column) in [5, 4, 3].into_iter().enumerate() {
        let image = loaded.images.values(index);
        let row = &image[..28];
        assert_eq!(row.iter().position(|&pixel| pixel == 255), Some(column));
    }
}

#[test]
fn a_folder_that_is_not_there_or_has_no_classes_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing");
    assert!(matches!(
        load_folder(&missing, &FolderOptions::default()),
        Err(DatasetError::Read { .. })
    ));
    folder_error(&missing, "missing");
    assert!(folder_error(dir.path(), "no picture").contains("one folder a class"));
}

#[test]
fn what_is_no_picture_is_passed_over_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    stripe(&dir.path().join("cat/a.png"), 1);
    stripe(&dir.path().join("cat/deeper/b.png"), 2);
    stripe(&dir.path().join("dog/a.png"), 3);
    stripe(&dir.path().join("__MACOSX/cat/._a.png"), 4);
    fs::create_dir(dir.path().join("notes")).unwrap();
    for file in [
        "cat/Thumbs.db",
        "cat/desktop.ini",
        "dog/.DS_Store",
        "notes/read.txt",
    ] {
        fs::write(dir.path().join(file), "no picture").unwrap();
    }
    let loaded = load_folder(dir.path(), &FolderOptions::default()).unwrap();
    assert_eq!(loaded.class_names, ["cat", "dog"]);
    assert_eq!(loaded.images.labels(), [0, 0, 1]);
    assert_eq!(loaded.passed_over, 4);
}

#[test]
fn broken_pictures_are_all_named_at_once_and_left_out_if_wanted() {
    let dir = tempfile::tempdir().unwrap();
    stripe(&dir.path().join("class/a.png"), 1);
    fs::write(dir.path().join("class/empty.png"), "").unwrap();
    fs::write(dir.path().join("class/text.jpg"), "no picture").unwrap();
    let text = folder_error(dir.path(), "2 pictures");
    assert!(
        text.contains("empty.png") & text.contains("text.jpg"),
        "{text}"
    );
    let mut options = FolderOptions::default();
    options.source.skip_broken = true;
    let loaded = load_folder(dir.path(), &options).unwrap();
    assert_eq!((loaded.images.len(), loaded.broken.len()), (1, 2));
}

#[test]
fn classes_are_in_natural_order_and_parts_in_folders_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    for class in ["10", "2", "1"] {
        stripe(&dir.path().join("train").join(class).join("a.png"), 1);
        stripe(&dir.path().join("test").join(class).join("b.png"), 2);
    }
    let loaded = load_folder(dir.path(), &FolderOptions::default()).unwrap();
    assert_eq!(loaded.class_names, ["1", "2", "10"]);
    assert_eq!(loaded.images.len(), 3);
    assert_eq!(loaded.test.unwrap().labels(), [0, 1, 2]);
}

#[test]
fn a_thousand_classes_and_no_more() {
    let dir = tempfile::tempdir().unwrap();
    for class in 0..1_000 {
        stripe(&dir.path().join(format!("{class:03}/a.png")), class % 28);
    }
    let loaded = load_folder(dir.path(), &FolderOptions::default()).unwrap();
    assert_eq!(
        (loaded.class_names.len(), loaded.images.label(999)),
        (1_000, Some(ClassId(999)))
    );
    stripe(&dir.path().join("one-more/a.png"), 0);
    folder_error(dir.path(), "1001 sub-folders");
}

/// A picture of one colour.
fn plain(path: &Path, width: u32, height: u32, colour: [u8; 3]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    RgbImage::from_pixel(width, height, Rgb(colour))
        .save(path)
        .unwrap();
}

#[test]
fn pictures_alone_have_no_classes() {
    let dir = tempfile::tempdir().unwrap();
    plain(&dir.path().join("a.png"), 32, 20, [250, 10, 10]);
    plain(&dir.path().join("b.png"), 32, 20, [10, 10, 250]);
    let loaded = load_folder(dir.path(), &FolderOptions::default()).unwrap();
    assert!(loaded.class_names.is_empty() & !loaded.images.is_labelled());
    assert_eq!(loaded.images.shape(), ImageShape::new(3, 20, 32).unwrap());
    assert_eq!(loaded.images.image(1).to_rgb(), [[10, 10, 250]; 640]);
}

#[test]
fn size_and_colour_follow_from_the_pictures_or_are_chosen() {
    let dir = tempfile::tempdir().unwrap();
    plain(&dir.path().join("x/a.png"), 40, 40, [90, 90, 90]);
    plain(&dir.path().join("y/b.png"), 50, 40, [90, 91, 90]);
    let shape = |side, colour| {
        let preparation = Preparation::Picture { fit: Fit::Stretch };
        let options = FolderOptions {
            side,
            colour,
            preparation,
            ..FolderOptions::default()
        };
        load_folder(dir.path(), &options)
            .unwrap()
            .images
            .shape()
            .to_string()
    };
    // Different sizes, and no colour worth the name.
    assert_eq!(shape(None, None), "1x64x64");
    assert_eq!(shape(Some(32), None), "1x32x32");
    assert_eq!(shape(Some(32), Some(true)), "3x32x32");
    plain(&dir.path().join("y/c.png"), 50, 40, [90, 200, 90]);
    assert_eq!(shape(Some(16), None), "3x16x16");
    let options = FolderOptions {
        side: Some(129),
        ..FolderOptions::default()
    };
    let error = load_folder(dir.path(), &options).unwrap_err();
    assert!(
        error.to_string().contains("8 to 128 pixels a side"),
        "{error}"
    );
}
