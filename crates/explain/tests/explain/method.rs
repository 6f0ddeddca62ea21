//! Each formula on numbers by hand, and the fusion of stages against the enlargement that the window uses.

use burn::tensor::{Device, Tensor, TensorData};
use datasets::ImageShape;
use explain::{Heatmap, Method, at_pixels, fuse};

use crate::{noise, relative_error};

fn maps<const N: usize>(side: usize, values: [f32; N]) -> Tensor<3> {
    let data = TensorData::new(values.to_vec(), [N / (side * side), side, side]);
    Tensor::from_data(data, &Device::flex())
}

fn channels(values: [f32; 8]) -> Tensor<4> {
    maps(2, values).reshape([1, 2, 2, 2])
}

fn values(tensor: Tensor<3>) -> Vec<f32> {
    tensor.try_into_vec_as().expect("Flex reads back")
}

#[test]
fn formulas_by_hand() {
    // Two channels of 2 x 2 cells:
    //   A_0 = [1 2; 3 4], g_0 = [1 -1; 0 2]        A_1 = [0 1; 1 0], g_1 = -1 everywhere
    let features = channels([1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 1.0, 0.0]);
    let gradient = channels([1.0, -1.0, 0.0, 2.0, -1.0, -1.0, -1.0, -1.0]);
    let map = |method: Method| values(method.map(features.clone(), gradient.clone()));
    // Mean gradients 1/2 and -1: A_0 / 2 - A_1.
    assert_eq!(map(Method::GradCam), [0.5, 0.0, 0.5, 2.0]);
    assert_eq!(map(Method::Pixels), map(Method::GradCam));
    // Only g_00 = 1 and g_11 = 2 of channel 0 are positive.
    assert_eq!(map(Method::LayerCam), [1.0, 0.0, 0.0, 8.0]);
    // Channel 0 adds up to 10, so a = 1/(2 + 10) where g = 1 and 4/(8 + 80) where g = 2; the weight is
    // 1/12 * 1 + 1/22 * 2 = 23/132. No gradient of channel 1 is positive: weight 0. The cell with g = 0 gives 0/0 = 0.
    let weight = 23.0 / 132.0;
    let expected = [1.0, 2.0, 3.0, 4.0].map(|a: f32| a * weight);
    assert!(relative_error(&map(Method::GradCamPlusPlus), &expected) < 1e-6);
}

#[test]
fn without_a_gradient_there_is_no_evidence() {
    let features = channels([1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 1.0, 0.0]);
    for method in Method::ALL {
        let map = method.map(features.clone(), channels([0.0; 8]));
        assert_eq!(values(map), [0.0; 4], "{method}");
    }
}

#[test]
fn fusion_by_hand() {
    // An early map [0 1; 2 -1], scaled to [0 1/2; 1 0] and lifted by tanh(2 x); and a last one of a single cell.
    let early = maps(2, [0.0, 1.0, 2.0, -1.0]);
    let lifted = [0.0, 1.0_f32.tanh(), 2.0_f32.tanh(), 0.0];
    let fused = |last: f32| values(fuse(&[early.clone(), maps(1, [last])]));
    assert!(relative_error(&fused(-5.0), &lifted) < 1e-6);
    assert_eq!(fused(5.0), [1.0; 4]);
    // No positive cell anywhere stays so, and the last stage alone is only scaled.
    let nothing = fuse(&[maps(2, [-1.0; 4]), maps(1, [0.0])]);
    assert_eq!(values(nothing), [0.0; 4]);
    assert_eq!(values(fuse(&[early])), [0.0, 0.5, 1.0, 0.0]);
}

#[test]
fn a_batch_is_scaled_image_by_image() {
    let batch = maps(1, [4.0, -3.0, 0.5]);
    assert_eq!(values(fuse(&[batch])), [1.0, 0.0, 1.0]);
}

#[test]
fn fusion_enlarges_as_heatmaps_do() {
    let raw: Vec<f32> = noise(16, 71);
    let last = Tensor::<3>::from_data(TensorData::new(raw.clone(), [1, 4, 4]), &Device::flex());
    for side in [7, 14, 28] {
        let fused = fuse(&[
            Tensor::zeros([1, side, side], &Device::flex()),
            last.clone(),
        ]);
        let heatmap = Heatmap::from_raw(4, 4, &raw).expect("finite");
        let expected = heatmap.resampled(side, side).values;
        assert!(relative_error(&values(fused), &expected) < 1e-6, "{side}");
    }
}

#[test]
fn black_pixels_are_no_evidence_and_bright_ones_are_as_bright() {
    // One cell of 4 enlarges to 4 everywhere; what speaks against keeps its sign.
    let image = maps(2, [0.0, 0.5, 1.0, 0.25]).reshape([1, 1, 2, 2]);
    let at = |cell: f32| values(at_pixels(maps(1, [cell]), image.clone()));
    assert_eq!(at(4.0), [0.0, 2.0, 4.0, 1.0]);
    assert_eq!(at(-4.0), [0.0, -2.0, -4.0, -1.0]);
}

#[test]
fn a_coloured_pixel_is_as_bright_as_the_mean_of_its_channels() {
    // Black, red, yellow and white: 0, 1/3, 2/3 and 1 of a map that is 3 everywhere.
    let planes = [
        [0.0, 1.0, 1.0, 1.0],
        [0.0, 0.0, 1.0, 1.0],
        [0.0, 0.0, 0.0, 1.0],
    ];
    let image: Tensor<4> =
        Tensor::<1>::from_floats(planes.concat().as_slice(), &Device::flex()).reshape([1, 3, 2, 2]);
    let found = values(at_pixels(maps(1, [3.0]), image));
    assert!(
        relative_error(&found, &[0.0, 1.0, 2.0, 3.0]) < 1e-6,
        "{found:?}"
    );
}

#[test]
fn pixels_of_an_image_that_is_not_square_lie_where_its_heatmap_does() {
    for (height, width) in [(20, 32), (32, 20), (9, 16)] {
        let shape = ImageShape::new(3, height, width).unwrap();
        // Without negative values, so that the heatmap hides none.
        let raw: Vec<f32> = noise(16, 72).into_iter().map(f32::abs).collect();
        let map = Tensor::<1>::from_floats(raw.as_slice(), &Device::flex()).reshape([1, 4, 4]);
        let white = Tensor::ones(shape.batch(1), &Device::flex());
        let found = at_pixels(map, white);
        assert_eq!(found.dims(), [1, height, width]);
        let heatmap = Heatmap::from_raw(4, 4, &raw).expect("finite");
        let expected: Vec<f32> = heatmap.over_image(shape, 1).values;
        let expected: Vec<f32> = expected
            .iter()
            .map(|value| value * heatmap.raw_max)
            .collect();
        assert!(relative_error(&values(found), &expected) < 1e-6);
    }
}
