//! Scaling, the state without evidence, bad numbers, resampling.

use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ImageShape, crop_values, map_sides};
use explain::{Evidence, ExplainError, Heatmap, heatmaps};
use proptest::prelude::*;

fn heatmap(height: usize, width: usize, raw: &[f32]) -> Heatmap {
    Heatmap::from_raw(height, width, raw).expect("a good map")
}

#[test]
fn positive_part_is_scaled_and_the_raw_range_kept() {
    let map = heatmap(2, 2, &[1.0, 4.0, -3.0, 2.0]);
    assert_eq!(map.values, [0.25, 1.0, 0.0, 0.5]);
    assert_eq!((map.raw_max, map.raw_min), (4.0, -3.0));
    assert_eq!(map.evidence(), Evidence::Positive);
}

#[test]
fn no_positive_evidence_is_a_state_of_its_own() {
    for raw in [[-2.0, -3.0, -6.0, -9.0], [0.0, -1.0, -0.5, 0.0], [0.0; 4]] {
        let map = heatmap(2, 2, &raw);
        assert_eq!(map.evidence(), Evidence::None);
        assert_eq!(map.values, [0.0; 4]);
        assert_eq!(map.raw_max, raw.iter().copied().fold(f32::MIN, f32::max));
        assert_eq!(map.resampled(5, 5).evidence(), Evidence::None);
    }
    // However weak, evidence is evidence: the smallest positive f32.
    let weak = heatmap(1, 2, &[-1.0, f32::from_bits(1)]);
    assert_eq!(weak.evidence(), Evidence::Positive);
    assert_eq!(weak.values, [0.0, 1.0]);
}

#[test]
fn bad_values_are_errors_that_name_the_cell() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let error = Heatmap::from_raw(2, 3, &[0.0, 1.0, 2.0, 3.0, bad, 5.0]).unwrap_err();
        assert!(matches!(
            error,
            ExplainError::NotFinite {
                row: 1,
                column: 1,
                ..
            }
        ));
        assert!(error.to_string().contains("row 1, column 1"), "{error}");
    }
}

#[test]
fn bad_sizes_are_errors() {
    let cases = [
        (2, 2, 3),
        (2, 2, 5),
        (0, 0, 0),
        (0, 3, 0),
        (usize::MAX, 2, 2),
    ];
    for (height, width, len) in cases {
        let error = Heatmap::from_raw(height, width, &vec![0.0; len]).unwrap_err();
        assert!(matches!(error, ExplainError::Size { .. }));
        assert!(error.to_string().contains(&format!("has {len}")), "{error}");
    }
}

#[test]
fn a_batch_is_ordered_by_image_then_class() {
    let raw: Vec<f32> = (0..2 * 3 * 4).map(|value| value as f32).collect();
    let raw = Tensor::<4>::from_data(TensorData::new(raw, [2, 3, 2, 2]), &Device::flex());
    let maps = heatmaps(raw).expect("good maps");
    assert_eq!(maps.len(), 2);
    for (image, classes) in maps.iter().enumerate() {
        assert_eq!(classes.len(), 3);
        for (class, map) in classes.iter().enumerate() {
            let first = ((image * 3 + class) * 4) as f32;
            let expected: Vec<f32> = (0..4).map(|cell| first + cell as f32).collect();
            assert_eq!(*map, heatmap(2, 2, &expected));
        }
    }
}

#[test]
fn a_batch_with_a_bad_map_says_which() {
    let mut raw = vec![0.5; 2 * 3 * 4];
    raw[(3 + 2) * 4 + 3] = f32::NAN;
    let raw = Tensor::<4>::from_data(TensorData::new(raw, [2, 3, 2, 2]), &Device::flex());
    let error = heatmaps(raw).unwrap_err();
    let ExplainError::Map {
        image: 1,
        class: 2,
        source,
    } = error
    else {
        panic!("{error:?}");
    };
    assert!(matches!(
        *source,
        ExplainError::NotFinite {
            row: 1,
            column: 1,
            ..
        }
    ));
}

#[test]
fn doubling_by_hand() {
    // Centres of the new cells in old cells: (i + 1/2) / 2 - 1/2 = -1/4, 1/4, 3/4, 5/4, and the outer two are clamped,
    // so the second of two values weighs 0, 1/4, 3/4, 1. Old values: 0, 1/2 over 1, 1/2.
    let map = heatmap(2, 2, &[0.0, 4.0, 8.0, 4.0]).resampled(4, 4);
    let expected = [
        [0.0, 0.125, 0.375, 0.5],
        [0.25, 0.3125, 0.4375, 0.5],
        [0.75, 0.6875, 0.5625, 0.5],
        [1.0, 0.875, 0.625, 0.5],
    ];
    assert_eq!((map.height, map.width), (4, 4));
    assert_eq!(map.values, expected.concat());
    assert_eq!((map.raw_max, map.raw_min), (8.0, 0.0));
}

#[test]
fn halving_by_hand() {
    // Centres (i + 1/2) * 2 - 1/2 = 1/2, 5/2: half way between the first two and the last two.
    let map = heatmap(1, 4, &[0.0, 2.0, 4.0, 8.0]).resampled(1, 2);
    assert_eq!(map.values, [0.125, 0.75]);
}

/// A map of 2 x 2 cells over an image of 8 x 16 pixels covers the square of 16: rows 4 to 11 of 16 are the image's. The
/// square's row `i` reads the old rows at `(i + 1/2) / 8 - 1/2`, so rows 4 to 11 lie at 1/16, 3/16, .. 15/16.
#[test]
fn over_an_image_that_is_not_square_by_hand() {
    let shape = ImageShape::new(1, 8, 16).unwrap();
    let map = heatmap(2, 2, &[0.0, 0.0, 1.0, 1.0]).over_image(shape, 1);
    assert_eq!((map.height, map.width), (8, 16));
    for (row, values) in map.values.chunks(16).enumerate() {
        assert_eq!(values, [(2 * row + 1) as f32 / 16.0; 16]);
    }
    assert_eq!((map.raw_max, map.raw_min), (1.0, 0.0));
}

/// The cells of the odd fixture's layers cover its square; what is enlarged and cut out afterwards is the same.
#[test]
fn over_an_image_is_the_middle_of_the_square() {
    let shape = ImageShape::new(3, 20, 32).unwrap();
    let plane = ImageShape::new(1, 20, 32).unwrap();
    for side in map_sides(32) {
        let raw: Vec<f32> = crate::noise(side * side, side as u64);
        let map = heatmap(side, side, &raw);
        let square = map.resampled(32, 32);
        let over = map.over_image(shape, 1);
        assert_eq!((over.height, over.width), (20, 32));
        let whole = ImageShape::new(1, 32, 32).unwrap();
        assert_eq!(map.over_image(whole, 1), square);
        assert_eq!(over.values, *crop_values(&square.values, plane));
        // Four cells a pixel: each is where it was, so the first of them lies in the first pixel.
        let fine = map.over_image(shape, 4);
        assert_eq!((fine.height, fine.width), (80, 128));
        let large = map.resampled(128, 128);
        let rows = large.values.chunks(128).skip(24).take(80);
        assert_eq!(fine.values, rows.flatten().copied().collect::<Vec<_>>());
    }
}

#[test]
fn a_map_with_one_cell_a_pixel_covers_the_image() {
    let shape = ImageShape::new(3, 20, 32).unwrap();
    let map = heatmap(20, 32, &crate::noise(640, 3));
    assert_eq!(map.over_image(shape, 1), map);
    assert_eq!(map.over_image(shape, 2), map.resampled(40, 64));
}

fn any_map() -> impl Strategy<Value = Heatmap> {
    (1_usize..8, 1_usize..8).prop_flat_map(|(height, width)| {
        prop::collection::vec(-1e3_f32..1e3, height * width)
            .prop_map(move |raw| heatmap(height, width, &raw))
    })
}

proptest! {
    #[test]
    fn values_fill_the_unit_interval(map in any_map()) {
        let max = map.values.iter().copied().fold(f32::MIN, f32::max);
        let min = map.values.iter().copied().fold(f32::MAX, f32::min);
        prop_assert!(min >= 0.0);
        prop_assert_eq!(max, if map.evidence() == Evidence::Positive { 1.0 } else { 0.0 });
    }

    #[test]
    fn resampling_stays_in_range(map in any_map(), height in 1_usize..40, width in 1_usize..40) {
        let max = map.values.iter().copied().fold(f32::MIN, f32::max);
        let min = map.values.iter().copied().fold(f32::MAX, f32::min);
        let resampled = map.resampled(height, width);
        prop_assert_eq!(resampled.values.len(), height * width);
        prop_assert!(resampled.values.iter().all(|value| (min..=max).contains(value)));
    }

    #[test]
    fn resampling_to_the_same_size_is_the_identity(map in any_map()) {
        prop_assert_eq!(map.resampled(map.height, map.width), map);
    }

    #[test]
    fn resampling_keeps_a_constant(
        value in 0.0_f32..=1.0, side in 1_usize..6, height in 1_usize..40, width in 1_usize..40,
    ) {
        let map = Heatmap { height: side, width: side, values: vec![value; side * side], raw_max: 1.0, raw_min: 0.0 };
        prop_assert_eq!(map.resampled(height, width).values, vec![value; height * width]);
    }
}
