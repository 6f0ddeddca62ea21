//! Labelled images in memory, names, seeds and the shipped sample.

use datasets::{ClassId, DatasetError, KnownDataset, LabelledImages, PIXELS, Seed, sample};
use rand::{Rng as _, SeedableRng as _};

fn three() -> LabelledImages {
    let pixels = [[10; PIXELS], [20; PIXELS], [30; PIXELS]].concat();
    LabelledImages::new(pixels, vec![2, 0, 1], 3).unwrap()
}

#[test]
fn images_keep_their_labels() {
    let images = three();
    assert_eq!(
        (images.len(), images.is_empty(), images.classes()),
        (3, false, 3)
    );
    assert_eq!(images.image(1), [20; PIXELS]);
    assert_eq!(images.label(0), ClassId(2));
    assert_eq!(images.labels(), [2, 0, 1]);
    assert_eq!(images.indices_of(ClassId(1)), [2]);
    assert_eq!(images.grey_image(2).to_bytes(), [30; PIXELS]);
}

#[test]
fn subset_follows_the_order_given() {
    let images = three().subset(&[2, 0, 2]);
    assert_eq!(images.labels(), [1, 2, 1]);
    assert_eq!(images.image(0), [30; PIXELS]);
    assert_eq!(images.image(1), [10; PIXELS]);
}

#[test]
fn concat_appends() {
    let images = three().concat(&three().subset(&[1]));
    assert_eq!(images.labels(), [2, 0, 1, 0]);
    assert_eq!(images.image(3), [20; PIXELS]);
}

#[test]
fn labels_outside_the_classes_are_refused() {
    let error = LabelledImages::new(vec![0; 2 * PIXELS], vec![1, 10], 10).unwrap_err();
    assert!(matches!(
        error,
        DatasetError::LabelRange {
            index: 1,
            label: 10,
            classes: 10
        }
    ));
}

#[test]
fn pixels_and_labels_must_agree() {
    for pixels in [2 * PIXELS - 1, PIXELS, 3 * PIXELS, 0] {
        let error = LabelledImages::new(vec![0; pixels], vec![0, 1], 10).unwrap_err();
        assert!(
            matches!(error, DatasetError::PixelCount { labels: 2, .. }),
            "{error}"
        );
    }
}

#[test]
fn names_read_back() {
    for dataset in KnownDataset::ALL {
        assert_eq!(
            dataset.to_string().parse::<KnownDataset>().unwrap(),
            dataset
        );
    }
    assert_eq!(
        "MNIST".parse::<KnownDataset>().unwrap(),
        KnownDataset::Mnist
    );
    let error = "cifar".parse::<KnownDataset>().unwrap_err().to_string();
    assert!(
        error.contains("`cifar`") && error.contains("mnist, fashion-mnist"),
        "{error}"
    );
    assert_eq!("42".parse::<Seed>().unwrap(), Seed(42));
    assert_eq!(Seed(42).to_string(), "42");
    assert_eq!(ClassId(7).to_string(), "7");
}

#[test]
fn a_seed_means_the_same_forever() {
    // SplitMix64 from state 0 gives these four outputs in its authors' published reference; they are the ChaCha8 key.
    let key: [u64; 4] = [
        0xe220_a839_7b1d_cdaf,
        0x6e78_9e6a_a1b9_65f4,
        0x06c4_5d18_8009_454f,
        0xf88b_b8a8_724c_81ec,
    ];
    let bytes: Vec<u8> = key.iter().flat_map(|word| word.to_le_bytes()).collect();
    let mut expected = rand_chacha::ChaCha8Rng::from_seed(bytes.try_into().unwrap());
    let mut rng = Seed(0).rng();
    for _ in 0..100 {
        assert_eq!(rng.next_u64(), expected.next_u64());
    }
}

#[test]
fn derived_seeds_differ_by_stream_order_and_parent() {
    let mut seen = std::collections::HashSet::new();
    for parent in 0..50 {
        assert!(seen.insert(Seed(parent)));
    }
    for parent in 0..50 {
        for stream in 0..50 {
            assert!(
                seen.insert(Seed(parent).derive(stream)),
                "{parent}, {stream}"
            );
        }
    }
    assert_ne!(Seed(1).derive(2).derive(3), Seed(1).derive(3).derive(2));
    assert_ne!(Seed(1).derive(2), Seed(2).derive(1));
}

#[test]
fn the_sample_has_a_hundred_of_each_class_in_order() {
    for dataset in KnownDataset::ALL {
        let images = sample(dataset);
        assert_eq!(images.len(), 1_000);
        assert_eq!(images.classes(), 10);
        for class in 0..10 {
            let indices: Vec<usize> = (class * 100..(class + 1) * 100).collect();
            assert_eq!(
                images.indices_of(ClassId(u8::try_from(class).unwrap())),
                indices
            );
        }
        for index in 0..images.len() {
            assert!(
                images.image(index).iter().any(|&pixel| pixel > 100),
                "image {index}"
            );
        }
    }
}
