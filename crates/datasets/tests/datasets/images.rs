//! Labelled images in memory, names, seeds and the shipped sample.

use datasets::{
    ClassId, DatasetError, Image, ImageShape, KnownDataset, LabelledImages, Seed, sample,
    small_sample,
};
use rand::{Rng as _, SeedableRng as _};

/// Values of an image of the odd shape, which has colours and is not square: 3 * 20 * 32.
const VALUES: usize = 1_920;

fn odd() -> ImageShape {
    ImageShape::new(3, 20, 32).unwrap()
}

fn three() -> LabelledImages {
    let pixels = [[10; VALUES], [20; VALUES], [30; VALUES]].concat();
    LabelledImages::new(odd(), pixels, vec![2, 0, 1], 3).unwrap()
}

#[test]
fn images_keep_their_labels() {
    let images = three();
    assert_eq!(
        (images.len(), images.is_empty(), images.classes()),
        (3, false, 3)
    );
    assert_eq!(images.shape(), odd());
    assert_eq!(images.values(1)[..], [20; VALUES]);
    assert_eq!(images.label(0), Some(ClassId(2)));
    assert_eq!(images.label(3), None);
    assert_eq!(images.labels(), [2, 0, 1]);
    assert_eq!(images.indices_of(ClassId(1)), [2]);
    assert_eq!(images.image(2).to_bytes(), [30; VALUES]);
}

#[test]
fn subset_follows_the_order_given() {
    let images = three().subset(&[2, 0, 2]);
    assert_eq!(images.labels(), [1, 2, 1]);
    assert_eq!(images.values(0)[..], [30; VALUES]);
    assert_eq!(images.values(1)[..], [10; VALUES]);
}

#[test]
fn images_by_turns_begin_with_one_of_each_class() {
    let pixels = (0..6_u8).flat_map(|i| [i; VALUES]).collect();
    let labels = vec![0, 0, 0, 2, 2, 1];
    let images = LabelledImages::new(odd(), pixels, labels, 3).unwrap();
    let turns = images.by_turns();
    assert_eq!(turns.labels(), [0, 1, 2, 0, 2, 0]);
    let first_values: Vec<u8> = (0..6).map(|i| turns.values(i)[0]).collect();
    assert_eq!(first_values, [0, 5, 3, 1, 4, 2]);
    let unlabelled = images.without_labels();
    assert_eq!(unlabelled.by_turns(), unlabelled);
}

#[test]
fn concat_appends() {
    let images = three().concat(&three().subset(&[1])).unwrap();
    assert_eq!(images.labels(), [2, 0, 1, 0]);
    assert_eq!(images.values(3)[..], [20; VALUES]);
}

#[test]
fn images_without_labels_have_no_classes() {
    let images = LabelledImages::unlabelled(odd(), vec![7; 4 * VALUES]).unwrap();
    assert_eq!(
        (images.len(), images.classes(), images.is_labelled()),
        (4, 0, false)
    );
    assert_eq!(images.label(0), None);
    assert_eq!(images.subset(&[3, 1]).len(), 2);
    assert_eq!(images.concat(&images).unwrap().len(), 8);
    assert_eq!(three().without_labels().labels(), [0_u16; 0]);
    let mixed = images.concat(&three()).unwrap_err();
    assert!(
        matches!(
            mixed,
            DatasetError::Mixed {
                labelled: [false, true],
                ..
            }
        ),
        "{mixed}"
    );
    let cut = LabelledImages::unlabelled(odd(), vec![7; VALUES + 1]).unwrap_err();
    assert!(matches!(cut, DatasetError::PixelCount { .. }), "{cut}");
}

#[test]
fn a_thousand_classes_are_told_apart_and_no_more() {
    let shape = ImageShape::new(1, 8, 8).unwrap();
    let images = LabelledImages::new(shape, vec![0; 64], vec![999], 1_000).unwrap();
    assert_eq!(images.label(0), Some(ClassId(999)));
    for classes in [0, 1_001] {
        let error = LabelledImages::new(shape, vec![0; 64], vec![0], classes).unwrap_err();
        assert!(error.to_string().contains("1 to 1000"), "{error}");
    }
}

#[test]
fn images_of_another_shape_are_not_joined() {
    let shape = ImageShape::new(3, 32, 20).unwrap();
    let turned = LabelledImages::new(shape, vec![0; VALUES], vec![0], 3).unwrap();
    let error = three().concat(&turned).unwrap_err();
    assert!(
        error.to_string().contains("3x20x32 and of 3x32x20"),
        "{error}"
    );
}

#[test]
fn values_of_an_image_are_counted_and_checked() {
    let shape = ImageShape::new(1, 8, 8).unwrap();
    assert_eq!(
        Image::new(shape, vec![0.25; 64]).unwrap().to_bytes(),
        [64; 64]
    );
    for values in [vec![0.0; 63], vec![1.5; 64], vec![f32::NAN; 64]] {
        assert!(matches!(
            Image::new(shape, values),
            Err(DatasetError::ImageValues { .. })
        ));
    }
}

#[test]
fn pixels_for_the_screen_hold_three_channels() {
    let grey = ImageShape::new(1, 8, 8).unwrap();
    assert_eq!(
        Image::new(grey, vec![1.0; 64]).unwrap().to_rgb(),
        [[255; 3]; 64]
    );
    let colour = ImageShape::new(3, 8, 8).unwrap();
    let values = [vec![1.0; 64], vec![0.5; 64], vec![0.0; 64]].concat();
    assert_eq!(
        Image::new(colour, values).unwrap().to_rgb(),
        [[255, 128, 0]; 64]
    );
}

#[test]
fn labels_outside_the_classes_are_refused() {
    let error = LabelledImages::new(odd(), vec![0; 2 * VALUES], vec![1, 10], 10).unwrap_err();
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
    for pixels in [2 * VALUES - 1, VALUES, 3 * VALUES, 0] {
        let error = LabelledImages::new(odd(), vec![0; pixels], vec![0, 1], 10).unwrap_err();
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
        error.contains("`cifar`") && error.contains("mnist, fashion-mnist, avatars"),
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
        assert_eq!(images.shape(), dataset.shape());
        assert_eq!(images.classes(), 10);
        for class in 0..10 {
            let indices: Vec<usize> = (class * 100..(class + 1) * 100).collect();
            assert_eq!(
                images.indices_of(ClassId(u16::try_from(class).unwrap())),
                indices
            );
        }
        for index in 0..images.len() {
            assert!(
                images.values(index).iter().any(|&pixel| pixel > 100),
                "image {index}"
            );
        }
    }
}

#[test]
fn a_small_sample_holds_the_first_of_each_class() {
    let shape = ImageShape::new(1, 8, 8).unwrap();
    // Label 1 comes first in the list, and class 0 in the sample.
    let labels: Vec<u16> = (0..600).map(|i| (i + 1) % 3).collect();
    let pixels = (0..600_usize).flat_map(|i| [(i % 251) as u8; 64]).collect();
    let images = LabelledImages::new(shape, pixels, labels, 3).unwrap();
    let small = small_sample(&images).unwrap();
    assert_eq!(small.len(), 300);
    assert_eq!(small.indices_of(ClassId(1)), (100..200).collect::<Vec<_>>());
    // The first image of class 0 is the third of the list.
    assert_eq!(small.values(0)[..], [2; 64]);
    assert_eq!(small_sample(&images.without_labels()).unwrap().len(), 600);
    let many = LabelledImages::new(
        shape,
        vec![0; 64 * 5_000],
        (0..5_000).map(|i| i % 1_000).collect(),
        1_000,
    );
    assert_eq!(small_sample(&many.unwrap()).unwrap().len(), 1_000);
}
