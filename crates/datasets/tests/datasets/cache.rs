//! Prepared pictures that are kept on the disk.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use datasets::{
    Cache, DatasetError, Fit, FolderDataset, FolderOptions, ImageShape, LabelSource,
    LabelledImages, Preparation, TableLabels, image_data, load_folder,
};
use image::{Rgb, RgbImage};
use tempfile::TempDir;

/// A picture of 12x10 pixels, no two alike.
fn picture(path: &Path, number: u8) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let picture = RgbImage::from_fn(12, 10, |x, y| Rgb([20 * x as u8, 25 * y as u8, number]));
    picture.save(path).unwrap();
}

/// Five pictures of two classes, and a cache that is not there yet.
fn pictures() -> (TempDir, PathBuf, Cache) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("pets");
    for (number, name) in ["cat/a", "cat/b", "cat/c", "dog/a", "dog/b"]
        .into_iter()
        .enumerate()
    {
        picture(&data.join(name).with_extension("png"), 40 * number as u8);
    }
    let cache = Cache::new(dir.path().join("kept/prepared"));
    (dir, data, cache)
}

fn options(cache: Option<&Cache>) -> FolderOptions {
    FolderOptions {
        side: Some(8),
        cache: cache.cloned(),
        ..FolderOptions::default()
    }
}

fn load(data: &Path, cache: &Cache) -> FolderDataset {
    load_folder(data, &options(Some(cache))).unwrap()
}

/// What tells the images of a load from others.
fn content(loaded: &FolderDataset) -> String {
    loaded.images.sha256().unwrap()
}

/// The file of prepared images; there must be one.
fn file_of(cache: &Cache) -> PathBuf {
    let entries = fs::read_dir(cache.folder()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let images: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "images"))
        .collect();
    let [only] = images.as_slice() else {
        panic!("{images:?}");
    };
    only.clone()
}

#[test]
fn what_was_prepared_is_used_again_and_is_the_same() {
    let (dir, data, cache) = pictures();
    let plain = load_folder(&data, &options(None)).unwrap();
    let first = load(&data, &cache);
    assert_eq!(content(&first), content(&plain));
    assert_eq!(first.images.labels(), plain.images.labels());
    assert_eq!(first.notes, [""; 0]);
    // A file that is written anew has another inode.
    let written = fs::metadata(file_of(&cache)).unwrap().ino();
    let again = load(&data, &cache);
    assert_eq!(content(&again), content(&plain));
    assert_eq!(fs::metadata(file_of(&cache)).unwrap().ino(), written);
    // Under another name, and with other classes, the pictures are the same.
    let moved = dir.path().join("moved");
    fs::rename(&data, &moved).unwrap();
    assert_eq!(content(&load(&moved, &cache)), content(&plain));
    let mut labelled = options(Some(&cache));
    let file = dir.path().join("labels.csv");
    fs::write(
        &file,
        "file,kind\ncat/a.png,y\ncat/b.png,x\ncat/c.png,x\ndog/a.png,x\ndog/b.png,y\n",
    )
    .unwrap();
    labelled.source.labels = LabelSource::Table(TableLabels {
        file,
        columns: vec!["kind".to_owned()],
        file_column: None,
    });
    let other = load_folder(&moved, &labelled).unwrap();
    assert_eq!(other.images.labels(), [0, 0, 0, 1, 1]);
    assert_eq!(fs::metadata(file_of(&cache)).unwrap().ino(), written);
    labelled.cache = None;
    let expected = load_folder(&moved, &labelled).unwrap();
    assert_eq!(content(&other), content(&expected));
}

#[test]
fn another_picture_or_setting_is_prepared_anew() {
    let (_dir, data, cache) = pictures();
    let before = content(&load(&data, &cache));
    // As many bytes and as old as before: only the content tells.
    let path = data.join("cat/b.png");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    picture(&path, 41);
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(time)
        .unwrap();
    let after = load(&data, &cache);
    assert_ne!(content(&after), before);
    assert_eq!(
        content(&after),
        content(&load_folder(&data, &options(None)).unwrap())
    );
    // Every setting that images follow from.
    for (side, colour, fit) in [
        (9, true, Fit::Crop),
        (8, false, Fit::Crop),
        (8, true, Fit::Pad),
        (8, true, Fit::Stretch),
    ] {
        let options = |cache: Option<&Cache>| FolderOptions {
            side: Some(side),
            colour: Some(colour),
            preparation: Preparation::Picture { fit },
            ..options(cache)
        };
        let loaded = load_folder(&data, &options(Some(&cache))).unwrap();
        let plain = load_folder(&data, &options(None)).unwrap();
        assert_eq!(content(&loaded), content(&plain), "{side} {colour} {fit:?}");
    }
}

#[test]
fn a_damaged_file_is_made_anew() {
    let (_dir, data, cache) = pictures();
    let expected = content(&load(&data, &cache));
    let path = file_of(&cache);
    let sound = fs::read(&path).unwrap();
    let damage: [&dyn Fn() -> Vec<u8>; 5] = [
        &|| [&sound[..200], &[sound[200] ^ 1], &sound[201..]].concat(),
        &|| [b"X".as_slice(), &sound[1..]].concat(),
        &|| sound[..sound.len() / 2].to_vec(),
        &|| [sound.as_slice(), b"more"].concat(),
        &Vec::<u8>::new,
    ];
    for damaged in damage {
        fs::write(&path, damaged()).unwrap();
        assert_eq!(content(&load(&data, &cache)), expected);
        assert!(fs::read(&path).unwrap() == sound, "it is sound again");
    }
    // What is known of the pictures' sizes is kept, too, and made anew.
    let any_size = FolderOptions {
        side: None,
        ..options(Some(&cache))
    };
    let shape = || load_folder(&data, &any_size).unwrap().images.shape();
    assert_eq!(shape(), ImageShape::new(3, 10, 12).unwrap());
    for entry in fs::read_dir(cache.folder()).unwrap() {
        fs::write(entry.unwrap().path(), "nonsense").unwrap();
    }
    assert_eq!(shape(), ImageShape::new(3, 10, 12).unwrap());
}

#[test]
fn broken_pictures_are_broken_each_time() {
    let (_dir, data, cache) = pictures();
    fs::write(data.join("cat/broken.png"), "no picture").unwrap();
    let mut options = options(Some(&cache));
    for _ in 0..2 {
        let error = load_folder(&data, &options).unwrap_err();
        assert!(
            matches!(error, DatasetError::BrokenPictures { .. }),
            "{error}"
        );
    }
    options.source.skip_broken = true;
    let loaded = load_folder(&data, &options).unwrap();
    assert!(
        loaded.broken[0].reason.contains("broken.png"),
        "{:?}",
        loaded.broken
    );
    options.cache = None;
    let plain = load_folder(&data, &options).unwrap();
    assert_eq!(
        (content(&loaded), loaded.broken),
        (content(&plain), plain.broken)
    );
}

#[test]
fn images_in_a_file_are_as_good_as_those_in_memory() {
    let (_dir, data, cache) = pictures();
    let filed = load(&data, &cache).images;
    let plain = load_folder(&data, &options(None)).unwrap().images;
    let same = |a: &LabelledImages, b: &LabelledImages| {
        assert_eq!((a.len(), a.labels()), (b.len(), b.labels()));
        assert_eq!(a.pixels().unwrap(), b.pixels().unwrap());
    };
    same(&filed, &plain);
    same(&filed.subset(&[4, 0, 0]), &plain.subset(&[4, 0, 0]));
    same(&filed.by_turns(), &plain.by_turns());
    same(
        &filed.concat(&filed.subset(&[1])).unwrap(),
        &plain.concat(&plain.subset(&[1])).unwrap(),
    );
    same(
        &filed.concat(&plain).unwrap(),
        &plain.concat(&plain).unwrap(),
    );
    same(&filed.clone().in_memory().unwrap(), &plain);
    assert_eq!(filed.clone().in_memory().unwrap(), plain);
    same(
        &filed.clone().without_labels(),
        &plain.clone().without_labels(),
    );
    assert_eq!(
        image_data(&filed, &[3, 1])
            .unwrap()
            .try_to_vec::<f32>()
            .unwrap(),
        image_data(&plain, &[3, 1])
            .unwrap()
            .try_to_vec::<f32>()
            .unwrap()
    );
    // An empty set is one of either kind.
    assert!(filed.subset(&[]).is_empty());
}

#[test]
fn who_has_opened_them_keeps_them_and_a_disk_that_fails_is_an_error() {
    let (_dir, data, cache) = pictures();
    let loaded = load(&data, &cache);
    let expected = content(&loaded);
    let path = file_of(&cache);
    let other = fs::read(&path).unwrap();
    let cleared = cache.clear().unwrap();
    assert!(cleared.files >= 1 && cleared.bytes > 5 * 192, "{cleared:?}");
    assert_eq!(cache.usage().unwrap().files, 0);
    assert_eq!(content(&loaded), expected);
    // Nobody of ours ever changes a file that is there; a network drive may still lose one.
    fs::write(&path, other).unwrap();
    let loaded = load(&data, &cache);
    fs::File::options()
        .write(true)
        .open(file_of(&cache))
        .unwrap()
        .set_len(100)
        .unwrap();
    let error = image_data(&loaded.images, &[4]).unwrap_err();
    assert!(
        matches!(error, DatasetError::PreparedImages { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("prepared anew"), "{error}");
    assert!(loaded.images.sha256().is_err() && loaded.images.pixels().is_err());
    // As it advises.
    assert_eq!(content(&load(&data, &cache)), expected);
}

#[test]
fn clearing_takes_nothing_else_and_an_absent_cache_is_empty() {
    let (_dir, data, cache) = pictures();
    assert_eq!(cache.usage().unwrap(), cache.clear().unwrap());
    load(&data, &cache);
    let own = cache.folder().join("notes.txt");
    fs::write(&own, "mine").unwrap();
    cache.clear().unwrap();
    assert_eq!(fs::read_to_string(&own).unwrap(), "mine");
}

#[test]
fn where_nothing_can_be_kept_pictures_are_prepared_each_time() {
    let (dir, data, _) = pictures();
    let in_the_way = dir.path().join("file");
    fs::write(&in_the_way, "no folder").unwrap();
    let loaded = load(&data, &Cache::new(in_the_way.join("prepared")));
    assert_eq!(
        content(&loaded),
        content(&load_folder(&data, &options(None)).unwrap())
    );
    assert!(
        loaded.notes[0].contains("cannot be kept in"),
        "{:?}",
        loaded.notes
    );
}

/// A picture that every preparation does something else with: a dark ellipse beside the middle of a plain, slightly coloured sheet.
fn ellipse(path: &Path) {
    let picture = RgbImage::from_fn(60, 40, |x, y| {
        let (across, down) = ((f64::from(x) - 25.0) / 12.0, (f64::from(y) - 22.0) / 9.0);
        let inside = across.hypot(down) < 1.0;
        Rgb(if inside {
            [40, 60, 30]
        } else {
            [230, 225, 215]
        })
    });
    picture.save(path).unwrap();
}

/// What was prepared by another version of this crate must not be used. If this fails, pictures are prepared in another way now: raise
/// `PREPARATION_VERSION` in `cache.rs`, and put the checksums that this prints here.
#[test]
fn the_version_of_the_preparation_is_that_of_these_images() {
    let dir = tempfile::tempdir().unwrap();
    ellipse(&dir.path().join("ellipse.png"));
    let fits = [Fit::Crop, Fit::Stretch, Fit::Pad, Fit::Object];
    let pictures = fits.map(|fit| (Preparation::Picture { fit }, 3));
    let all = [(Preparation::Digit, 1), (Preparation::Object, 1)];
    let checksums = all
        .into_iter()
        .chain(pictures)
        .map(|(preparation, channels)| {
            let options = FolderOptions {
                shape: Some(ImageShape::new(channels, 16, 16).unwrap()),
                preparation,
                ..FolderOptions::default()
            };
            let loaded = load_folder(dir.path(), &options).unwrap();
            loaded.images.sha256().unwrap()[..16].to_owned()
        });
    let checksums: Vec<String> = checksums.collect();
    assert_eq!(
        checksums,
        [
            "53c37a4024d9a3b9",
            "5801cd157b7d4c42",
            "c64662d91771d4a5",
            "b7de34959e406a43",
            "169aa412df52e90e",
            "62dd9a41dfbbed9b",
        ]
    );
}
