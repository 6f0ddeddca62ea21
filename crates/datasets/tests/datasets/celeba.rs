//! `CelebA` in the layout in which it is handed out, in miniature: its terms forbid passing its own pictures on.

use std::{fs, path::Path};

use datasets::{
    DataFormat, DataSource, DatasetError, FolderDataset, FolderOptions, ImageShape, LabelSource,
    load_folder,
};
use tempfile::TempDir;

use crate::labels::level;

const LIST: &str = "6\n\
                    5_o_Clock_Shadow Male Smiling \n\
                    000001.jpg -1 -1  1\n\
                    000002.jpg -1 -1 -1\n\
                    000003.jpg  1  1 -1\n\
                    000004.jpg -1 -1  1\n\
                    000005.jpg -1  1  1\n\
                    000006.jpg -1  1  1\n";

const PARTITION: &str =
    "000001.jpg 0\n000002.jpg 0\n000003.jpg 0\n000004.jpg 1\n000005.jpg 2\n000006.jpg 0\n";

/// Six pictures, of levels 10 to 60, with both lists.
fn celeba(below: &str, list: &str, partition: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join(below);
    for number in 1..=6 {
        level(
            &home.join(format!("img_align_celeba/{number:06}.jpg")),
            10 * number,
        );
    }
    fs::write(home.join("list_attr_celeba.txt"), list).unwrap();
    fs::write(home.join("list_eval_partition.txt"), partition).unwrap();
    dir
}

fn load(dir: &Path, attributes: &[&str]) -> Result<FolderDataset, DatasetError> {
    let attributes = attributes.iter().map(|&name| name.to_owned()).collect();
    let options = FolderOptions {
        source: DataSource {
            labels: LabelSource::CelebA { attributes },
            ..DataSource::all(DataFormat::Pictures)
        },
        ..FolderOptions::default()
    };
    load_folder(dir, &options)
}

#[test]
fn attributes_make_classes_and_the_partition_the_parts() {
    for below in ["", "celeba"] {
        let dir = celeba(below, LIST, PARTITION);
        let loaded = load(dir.path(), &["Smiling", "Male"]).unwrap();
        let names = [
            "not Smiling, not Male",
            "not Smiling, Male",
            "Smiling, not Male",
            "Smiling, Male",
        ];
        assert_eq!(loaded.class_names, names);
        // Pictures 2, 3, 1 and 6 by class; 4 is held out and smiles, 5 is for testing and a smiling man.
        assert_eq!(loaded.images.labels(), [0, 1, 2, 3]);
        assert_eq!(loaded.images.shape(), ImageShape::new(1, 8, 8).unwrap());
        assert_eq!(loaded.held_out.unwrap().labels(), [2]);
        assert_eq!(loaded.test.unwrap().labels(), [3]);
    }
}

#[test]
fn without_attributes_there_are_no_classes() {
    let loaded = load(celeba("", LIST, PARTITION).path(), &[]).unwrap();
    assert!(loaded.class_names.is_empty() && !loaded.images.is_labelled());
    assert_eq!(loaded.images.len(), 4);
    let one = load(celeba("", LIST, PARTITION).path(), &["Male"]).unwrap();
    assert_eq!(one.class_names, ["not Male", "Male"]);
}

/// The error of lists that must be refused, which holds each of `expected`.
fn refused(list: &str, partition: &str, attributes: &[&str], expected: &[&str]) {
    let error = load(celeba("", list, partition).path(), attributes)
        .unwrap_err()
        .to_string();
    for part in expected {
        assert!(error.contains(part), "no `{part}`: {error}");
    }
}

#[test]
fn damaged_lists_are_named_with_their_line() {
    let list = "list_attr_celeba.txt";
    refused(LIST, PARTITION, &["Hat"], &[list, "'Hat'", "Male, Smiling"]);
    refused(
        &LIST.replace("6\n5", "7\n5"),
        PARTITION,
        &["Male"],
        &[list, "line 1", "counts 7", "6 follow"],
    );
    refused(
        &LIST.replacen("6\n", "", 1),
        PARTITION,
        &["Male"],
        &[list, "line 1", "number of pictures"],
    );
    refused(
        &LIST.replace(" 1  1 -1", " 1 -1"),
        PARTITION,
        &["Male"],
        &[list, "line 5", "2 values for 3"],
    );
    refused(
        &LIST.replace(" 1  1 -1", " 1  0 -1"),
        PARTITION,
        &["Male"],
        &[list, "line 5", "'0'", "neither -1 nor 1"],
    );
    refused(
        &LIST.replace("000003", "000002"),
        PARTITION,
        &["Male"],
        &[list, "line 5", "second time, after line 4"],
    );
    let partition = "list_eval_partition.txt";
    refused(
        LIST,
        &PARTITION.replace(" 2\n", " 3\n"),
        &["Male"],
        &[partition, "line 5", "0, 1 or 2"],
    );
    refused(
        LIST,
        &PARTITION.replace("000005.jpg 2\n", ""),
        &["Male"],
        &[partition, "'000005.jpg'"],
    );
    let ghost = LIST.replace("000006", "000007");
    let known = PARTITION.replace("000006", "000007");
    refused(
        &ghost,
        &known,
        &["Male"],
        &[
            list,
            "line 8: '000007.jpg'",
            "1 pictures have no label (000006.jpg)",
        ],
    );
}

#[test]
fn what_is_missing_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = load(dir.path(), &["Male"]).unwrap_err();
    assert!(
        error.to_string().starts_with("img_align_celeba is not in"),
        "{error}"
    );
    let dir = celeba("celeba", LIST, PARTITION);
    fs::remove_file(dir.path().join("celeba/list_eval_partition.txt")).unwrap();
    let error = load(dir.path(), &["Male"]).unwrap_err().to_string();
    assert!(
        error.starts_with("list_eval_partition.txt is not in"),
        "{error}"
    );
}
