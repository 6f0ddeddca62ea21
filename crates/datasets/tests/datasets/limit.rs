//! A part of a data set.

use std::path::Path;

use datasets::{
    ArrayOptions, FolderDataset, FolderOptions, LabelledImages, balanced, load_arrays, load_folder,
};
use proptest::prelude::*;

use crate::{idx_bytes, labels::level};

/// How many of each class there are.
fn counts(images: &LabelledImages) -> Vec<usize> {
    let of_class = |class: u16| {
        images
            .labels()
            .iter()
            .filter(|&&label| label == class)
            .count()
    };
    (0..images.classes() as u16).map(of_class).collect()
}

#[test]
fn classes_get_the_same_as_far_as_there_are_so_many() {
    let labels = [vec![0; 50], vec![1; 3], vec![2; 50]].concat();
    let chosen = balanced(&labels, 23);
    let images = |positions: &[usize]| -> Vec<usize> {
        let of_class = |class| positions.iter().filter(|&&at| labels[at] == class).count();
        (0..3).map(of_class).collect()
    };
    // 23 are 7 each and 2 more; the class of three gives all it has, and what it lacks goes to the others.
    assert_eq!(images(&chosen), [10, 3, 10]);
    assert!(chosen.is_sorted());
    assert_eq!(images(&balanced(&labels, 24)), [11, 3, 10]);
    assert_eq!(balanced(&labels, 1_000).len(), 103);
    assert!(balanced(&[], 5).is_empty());
}

proptest! {
    /// Whatever the classes: as many as were asked for, each once, and all of a smaller choice are in a larger one.
    #[test]
    fn a_larger_limit_keeps_what_a_smaller_one_chose(
        labels in prop::collection::vec(0_u16..5, 0..80),
        small in 0_usize..40,
        more in 0_usize..40,
    ) {
        let few = balanced(&labels, small);
        let many = balanced(&labels, small + more);
        prop_assert_eq!(few.len(), small.min(labels.len()));
        prop_assert!(many.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(few.iter().all(|at| many.contains(at)));
    }
}

fn loaded(dir: &Path, limit: Option<usize>) -> FolderDataset {
    let mut options = FolderOptions::default();
    options.source.limit = limit;
    load_folder(dir, &options).unwrap()
}

#[test]
fn parts_keep_their_shares() {
    let dir = tempfile::tempdir().unwrap();
    for (part, count) in [("train", 20), ("test", 10)] {
        for class in ["x", "y"] {
            for number in 0..count {
                level(
                    &dir.path().join(format!("{part}/{class}/{number}.png")),
                    number,
                );
            }
        }
    }
    let all = loaded(dir.path(), None);
    let some = loaded(dir.path(), Some(12));
    // 40 and 20 pictures: 12 are 8 and 4, half of each class.
    assert_eq!(counts(&some.images), [4, 4]);
    assert_eq!(counts(&some.test.unwrap()), [2, 2]);
    assert_eq!(
        counts(&loaded(dir.path(), Some(60)).images),
        counts(&all.images)
    );
    // The same each time.
    assert_eq!(loaded(dir.path(), Some(12)).images, some.images);
    let mut options = FolderOptions::default();
    options.source.limit = Some(1);
    let error = load_folder(dir.path(), &options).unwrap_err().to_string();
    assert!(
        error.contains("a limit of 1 leaves no picture to train on in the class 'y'"),
        "{error}"
    );
}

#[test]
fn arrays_are_limited_too() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: Vec<u8>| std::fs::write(dir.path().join(name), bytes).unwrap();
    let labels: Vec<u8> = (0..30).map(|image| u8::from(image >= 20)).collect();
    write("images-idx3-ubyte", idx_bytes(&[30, 8, 8], &[7; 30 * 64]));
    write("labels-idx1-ubyte", idx_bytes(&[30], &labels));
    let read = load_arrays(dir.path(), ArrayOptions::default()).unwrap();
    assert_eq!(counts(&read.clone().limited(None).train), [20, 10]);
    assert_eq!(counts(&read.limited(Some(12)).train), [6, 6]);
}
