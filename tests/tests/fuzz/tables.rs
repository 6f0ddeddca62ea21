//! Tables of labels, and the lists of `CelebA`. The pictures that they speak of stay as they are.

use std::fs;
use std::path::Path;

use acceptance_tests::{Seeds, fuzz, root};
use datasets::{
    DataFormat, DataSource, FolderOptions, ImageShape, LabelSource, LabelledImages, TableLabels,
    load_folder,
};

/// Columns to ask for, and the one that names the picture: what the seeds have, and what some of them lack.
const COLUMNS: [(&[&str], Option<&str>); 4] = [
    (&["class"], None),
    (&["smiles", "tall"], None),
    (&["eyes"], Some("picture")),
    (&["eyes", "glasses"], Some("picture")),
];

/// Attributes of `CelebA` to ask for.
const ATTRIBUTES: [&[&str]; 3] = [&[], &["Smiling"], &["Male", "Smiling"]];

const LISTS: [&str; 2] = ["list_attr_celeba.txt", "list_eval_partition.txt"];

fn seed(name: &str) -> Vec<u8> {
    fs::read(root().join("tests/seeds").join(name)).expect("a seed")
}

/// Four small pictures of different levels.
fn paint(folder: &Path, names: [&str; 4]) {
    for (at, name) in names.iter().enumerate() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let picture =
            image::GrayImage::from_fn(8, 8, |x, y| image::Luma([(x * y) as u8 + at as u8]));
        picture.save(path).expect("a picture");
    }
}

/// How many images are found, with these labels; `None` where the folder is refused.
fn images(dir: &Path, labels: LabelSource, skip_unmatched: bool) -> Option<usize> {
    let options = FolderOptions {
        shape: Some(ImageShape::new(1, 8, 8).expect("a shape")),
        source: DataSource {
            labels,
            skip_unmatched,
            ..DataSource::all(DataFormat::Pictures)
        },
        ..FolderOptions::default()
    };
    let found = load_folder(dir, &options).ok()?;
    let parts = [Some(found.images), found.held_out, found.test];
    Some(parts.iter().flatten().map(LabelledImages::len).sum())
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn tables() {
    let dir = tempfile::tempdir().expect("a folder");
    let pictures = dir.path().join("pictures");
    paint(&pictures, ["cats/1.png", "dogs/1.png", "a.png", "b.png"]);
    let file = dir.path().join("table");
    let read = |bytes: &[u8]| {
        fs::write(&file, bytes).expect("a file");
        let with = |skip_unmatched: bool| {
            COLUMNS.map(|(columns, file_column)| {
                let table = TableLabels {
                    file: file.clone(),
                    columns: owned(columns),
                    file_column: file_column.map(str::to_owned),
                };
                images(&pictures, LabelSource::Table(table), skip_unmatched)
            })
        };
        [with(false), with(true)]
    };
    let seeds =
        ["commas.csv", "tabs.tsv", "packed.csv"].map(|name| seed(&format!("tables/{name}")));
    for bytes in &seeds {
        assert!(read(bytes)[0].contains(&Some(4)), "it is sound");
    }
    fuzz(&Seeds::text("table", &seeds), |bytes| {
        let _ = read(bytes);
    });
}

#[test]
fn lists_of_celeba() {
    let dir = tempfile::tempdir().expect("a folder");
    let pictures = ["000001.png", "000002.png", "000003.png", "000004.png"];
    paint(&dir.path().join("img_align_celeba"), pictures);
    let put = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).expect("a file");
    let read = |skip_unmatched| {
        ATTRIBUTES.map(|attributes| {
            let attributes = owned(attributes);
            images(
                dir.path(),
                LabelSource::CelebA { attributes },
                skip_unmatched,
            )
        })
    };
    let sound = LISTS.map(|name| seed(&format!("celeba/{name}")));
    for (target, changed) in [("celeba-attributes", 0), ("celeba-partition", 1)] {
        for (name, bytes) in LISTS.iter().zip(&sound) {
            put(name, bytes);
        }
        assert_eq!(read(false), [Some(4); 3], "they are sound");
        let seeds = [sound[changed].clone()];
        fuzz(&Seeds::text(target, &seeds), |bytes| {
            put(LISTS[changed], bytes);
            let _ = [read(false), read(true)];
        });
    }
}
