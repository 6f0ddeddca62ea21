//! Known data sets on disk: what is looked for, what is refused, and the split.

use std::{fs, path::PathBuf};

use datasets::{
    DatasetError, FileRole, HELD_OUT, KnownDataset, SPLIT_SEED, Seed, load, load_idx_pair,
    load_test, split_indices,
};
use tempfile::TempDir;

use crate::{gzip, idx_bytes};

#[test]
fn the_split_holds_each_image_once() {
    let (train, held_out) = split_indices(60_000, HELD_OUT, SPLIT_SEED);
    assert_eq!((train.len(), held_out.len()), (55_000, 5_000));
    assert!(train.is_sorted() && held_out.is_sorted());
    let mut all = [train, held_out].concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..60_000));
}

#[test]
fn the_split_is_fixed_and_spread_over_the_file() {
    let (_, held_out) = split_indices(60_000, HELD_OUT, SPLIT_SEED);
    // Recorded when the split was made: models say that they were trained on it, so it may never change.
    assert_eq!(held_out[..5], FIRST_HELD_OUT);
    // A tenth of 5,000 in each tenth of the file, give or take five standard deviations of 21.
    for tenth in 0..10 {
        let range = tenth * 6_000..(tenth + 1) * 6_000;
        let count = held_out
            .iter()
            .filter(|&index| range.contains(index))
            .count();
        assert!((395..=605).contains(&count), "{count} in {range:?}");
    }
    assert_ne!(
        held_out,
        split_indices(60_000, HELD_OUT, Seed(SPLIT_SEED.0 + 1)).1
    );
}

const FIRST_HELD_OUT: [usize; 5] = [16, 22, 39, 56, 114];

#[test]
fn the_split_of_few_images_holds_out_at_most_all() {
    assert_eq!(split_indices(3, 10, Seed(1)), (vec![], vec![0, 1, 2]));
    assert_eq!(split_indices(0, 10, Seed(1)), (vec![], vec![]));
}

#[test]
fn known_files_have_their_lengths() {
    let file = KnownDataset::Mnist.file(FileRole::TrainImages).unwrap();
    assert_eq!(
        (file.name, file.bytes),
        ("train-images-idx3-ubyte", 47_040_016)
    );
    let file = KnownDataset::FashionMnist
        .file(FileRole::TestLabels)
        .unwrap();
    assert_eq!((file.name, file.bytes), ("t10k-labels-idx1-ubyte", 10_008));
}

#[test]
fn a_missing_file_is_named_with_the_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let error = load(KnownDataset::FashionMnist, dir.path()).unwrap_err();
    assert!(matches!(error, DatasetError::Missing { .. }));
    let text = error.to_string();
    assert!(text.contains("t10k-images-idx3-ubyte"), "{text}");
    assert!(text.contains("; fetch it, or name the folder"), "{text}");
    assert!(text.contains(&dir.path().display().to_string()), "{text}");
}

#[test]
fn a_missing_file_that_nobody_serves_is_to_be_taken_from_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let error = load(KnownDataset::Avatars, dir.path()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("no avatars-64.tar"), "{text}");
    assert!(text.contains("take it from where you have it"), "{text}");
}

#[test]
fn wrong_contents_are_refused_wherever_the_file_is() {
    let name = "t10k-images-idx3-ubyte";
    for place in [
        name.to_owned(),
        format!("{name}.gz"),
        format!("mnist/{name}"),
        format!("mnist/{name}.gz"),
        "t10k-images.idx3-ubyte".to_owned(),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(&place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, idx_bytes(&[1, 28, 28], &[0; 784])).unwrap();
        let error = load_test(KnownDataset::Mnist, dir.path()).unwrap_err();
        let DatasetError::Checksum { path: found, .. } = &error else {
            panic!("{place}: {error}")
        };
        assert_eq!(found, &path);
    }
}

#[test]
fn a_file_longer_than_its_due_stops_early() {
    let dir = tempfile::tempdir().unwrap();
    let bomb = gzip(&vec![0; 32 * 1024 * 1024]);
    fs::write(dir.path().join("t10k-images-idx3-ubyte.gz"), bomb).unwrap();
    let error = load_test(KnownDataset::Mnist, dir.path()).unwrap_err();
    assert!(
        matches!(
            error,
            DatasetError::TooLarge {
                limit: 7_840_016,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_cut_gzip_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let whole = gzip(&idx_bytes(&[1, 28, 28], &[7; 784]));
    fs::write(
        dir.path().join("t10k-images-idx3-ubyte.gz"),
        &whole[..whole.len() / 2],
    )
    .unwrap();
    let error = load_test(KnownDataset::Mnist, dir.path()).unwrap_err();
    assert!(matches!(error, DatasetError::Idx { .. }), "{error}");
}

/// Writes a pair of IDX files and returns their paths.
fn pair(image_dims: &[u32], labels: &[u8], label_dims: &[u32]) -> (TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (images, label_file) = (dir.path().join("images"), dir.path().join("labels.gz"));
    let count: u32 = image_dims.iter().product();
    fs::write(&images, idx_bytes(image_dims, &vec![5; count as usize])).unwrap();
    fs::write(&label_file, gzip(&idx_bytes(label_dims, labels))).unwrap();
    (dir, images, label_file)
}

#[test]
fn a_pair_of_files_becomes_labelled_images() {
    let (_dir, images, labels) = pair(&[3, 28, 28], &[2, 0, 1], &[3]);
    let loaded = load_idx_pair(&images, &labels, 3).unwrap();
    assert_eq!(loaded.labels(), [2, 0, 1]);
    assert_eq!(loaded.values(2)[..], [5; 784]);
}

#[test]
fn a_pair_of_files_may_hold_colours() {
    let (_dir, images, labels) = pair(&[3, 3, 20, 32], &[2, 0, 1], &[3]);
    let loaded = load_idx_pair(&images, &labels, 3).unwrap();
    assert_eq!(loaded.shape().batch(3), [3, 3, 20, 32]);
    assert_eq!(loaded.values(2)[..], [5; 1_920]);
}

#[test]
fn a_pair_of_files_that_do_not_fit_is_refused() {
    let (_dir, images, labels) = pair(&[3, 28, 28], &[0, 1], &[2]);
    let error = load_idx_pair(&images, &labels, 10).unwrap_err();
    assert!(
        matches!(
            error,
            DatasetError::CountMismatch {
                images: 3,
                labels: 2,
                ..
            }
        ),
        "{error}"
    );

    let (_dir, images, labels) = pair(&[2, 28, 28], &[0, 10], &[2]);
    let error = load_idx_pair(&images, &labels, 10).unwrap_err();
    assert!(
        matches!(
            error,
            DatasetError::LabelRange {
                index: 1,
                label: 10,
                ..
            }
        ),
        "{error}"
    );

    // Two channels, and a side of 7 pixels.
    for dims in [vec![2, 2, 28, 28], vec![2, 7, 28], vec![2, 28, 129]] {
        let (_dir, images, labels) = pair(&dims, &[0, 1], &[2]);
        let error = load_idx_pair(&images, &labels, 10).unwrap_err();
        assert!(matches!(error, DatasetError::Dimensions { .. }), "{error}");
    }

    // The images given for the labels, and the other way round.
    let (_dir, images, labels) = pair(&[2, 28, 28], &[0, 1], &[2]);
    let error = load_idx_pair(&labels, &images, 10).unwrap_err();
    assert!(matches!(error, DatasetError::Dimensions { .. }), "{error}");
}
