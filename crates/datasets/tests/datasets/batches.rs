//! Batches and tensors.

use burn::tensor::{Device, TensorData};
use datasets::{
    ImageShape, KnownDataset, Seed, binarised, image_tensor, label_tensor, permutation, sample,
    shuffled_batches,
};
use proptest::prelude::*;

proptest! {
    // A failing case is printed; no file of cases beside the sources.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_hold_each_position_once(
        len in 0_usize..500,
        batch_size in 1_usize..70,
        seed in any::<u64>(),
        epoch in 0_usize..5,
    ) {
        let batches = shuffled_batches(len, batch_size, Seed(seed), epoch);
        prop_assert_eq!(batches.len(), len.div_ceil(batch_size));
        if let Some((last, full)) = batches.split_last() {
            prop_assert!(full.iter().all(|batch| batch.len() == batch_size));
            prop_assert_eq!(last.len(), len - full.len() * batch_size);
        }
        let mut positions = batches.concat();
        positions.sort_unstable();
        prop_assert!(positions.into_iter().eq(0..len));
    }
}

#[test]
fn epochs_and_seeds_have_orders_of_their_own() {
    let order = |seed, epoch| shuffled_batches(100, 10, Seed(seed), epoch);
    assert_eq!(order(1, 0), order(1, 0));
    assert_ne!(order(1, 0), order(1, 1));
    assert_ne!(order(1, 0), order(2, 0));
}

#[test]
fn permutations_are_uniform() {
    // All 24 orders of four things in 24,000 draws: 1,000 each with a standard deviation of 31, so 160 is five of them.
    let mut counts = std::collections::HashMap::new();
    for seed in 0..24_000 {
        *counts.entry(permutation(4, Seed(seed))).or_insert(0_i32) += 1;
    }
    assert_eq!(counts.len(), 24);
    for (order, count) in counts {
        assert!((count - 1_000).abs() < 160, "{order:?} came {count} times");
    }
}

#[test]
#[should_panic(expected = "at least one image")]
fn a_batch_of_nothing_is_a_mistake() {
    let _ = shuffled_batches(10, 0, Seed(0), 0);
}

#[test]
fn tensors_hold_the_images_and_labels_asked_for() {
    let images = sample(KnownDataset::Mnist);
    let indices = [999, 0, 250];
    let device = Device::flex();

    let tensor = image_tensor(&images, &indices, &device).unwrap();
    assert_eq!(tensor.dims(), [3, 1, 28, 28]);
    let values = tensor.into_data().try_into_vec::<f32>().unwrap();
    for (row, index) in indices.into_iter().enumerate() {
        let image = images.values(index);
        let pairs = values[row * 784..].iter().zip(image.iter());
        assert!(
            pairs
                .clone()
                .all(|(value, &pixel)| (value * 255.0 - f32::from(pixel)).abs() < 1e-3)
        );
    }
    assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
    assert!(values.contains(&1.0), "full ink is 1");

    let labels = label_tensor(&images, &indices, &device);
    assert_eq!(labels.dims(), [3]);
    assert_eq!(
        labels.into_data().iter::<i64>().collect::<Vec<_>>(),
        [9, 0, 2]
    );
}

#[test]
fn binary_pixels_are_as_likely_as_they_are_bright() {
    // 20,000 pixels of each level; the standard deviation of a mean is at most 0.0036, and 0.018 is five of them.
    for level in [0.0, 0.25, 0.9, 1.0] {
        let images = TensorData::new(vec![level; 20_000], [20_000]);
        let draw = |seed| {
            binarised(images.clone(), Seed(seed))
                .try_into_vec::<f32>()
                .unwrap()
        };
        let binary = draw(0);
        assert!(binary.iter().all(|value| [0.0, 1.0].contains(value)));
        let mean = binary.iter().sum::<f32>() / 20_000.0;
        assert!((mean - level).abs() < 0.018, "{level} became {mean}");
        assert_eq!(draw(0), binary);
        assert_eq!(draw(1) == binary, [0.0, 1.0].contains(&level));
    }
}

#[test]
fn larger_images_go_through_a_network_fewer_at_a_time() {
    let at_a_time = |channels, height, width| {
        let shape = ImageShape::new(channels, height, width).unwrap();
        [500, 250].map(|digits| shape.at_a_time(digits))
    };
    assert_eq!(at_a_time(1, 28, 28), [500, 250]);
    assert_eq!(at_a_time(1, 8, 8), [500, 250]);
    // 500 * 784 / 12,288 and 500 * 784 / 49,152, where 7 would be too few.
    assert_eq!(at_a_time(3, 64, 64), [31, 15]);
    assert_eq!(at_a_time(3, 128, 128), [8, 8]);
}
