//! Images in their squares and back.

use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ImageShape, crop_from_square, crop_values, pad_to_square, pad_values};
use proptest::prelude::*;

/// The values 1, 2, 3, ... so that no two are alike and none is the padding's 0.
fn numbered(count: usize) -> Vec<f32> {
    (1..=count).map(|value| value as f32).collect()
}

#[test]
fn an_image_lies_in_the_middle_of_its_square() {
    // 8 rows of 10 in a square of 10: one row of zeros above, one below.
    let shape = ImageShape::new(1, 8, 10).unwrap();
    let values = numbered(80);
    let square = pad_values(&values, shape);
    assert_eq!(square.len(), 100);
    assert_eq!(square[..10], [0.0; 10]);
    assert_eq!(square[10..90], values);
    assert_eq!(square[90..], [0.0; 10]);
}

proptest! {
    // A failing case is printed; no file of cases beside the sources.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn cutting_out_undoes_padding_and_tensors_do_the_same(
        colour: bool,
        height in 8_usize..40,
        width in 8_usize..40,
    ) {
        let shape = ImageShape::new(if colour { 3 } else { 1 }, height, width).unwrap();
        let values = numbered(shape.values());
        let square = pad_values(&values, shape);
        prop_assert_eq!(crop_values(&square, shape).into_owned(), values.clone());

        let data = TensorData::new(values.clone(), shape.batch(1));
        let tensor = Tensor::<4>::from_data(data, &Device::flex());
        let padded = pad_to_square(tensor);
        let on_host: Vec<f32> = padded.clone().into_data().iter::<f32>().collect();
        prop_assert_eq!(on_host, square.into_owned());
        let back: Vec<f32> = crop_from_square(padded, shape).into_data().iter::<f32>().collect();
        prop_assert_eq!(back, values);
    }
}
