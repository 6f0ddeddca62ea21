//! Layers and maps, which inference runs on.

use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor, TensorData};
use kernels::{Epilogue, Geometry, Layer, Maps};

use crate::{assert_close, random};

#[test]
fn a_layer_adds_and_cuts_off_what_it_is_told_to() {
    // One pixel, a 1x1 kernel of weight 2 and bias 1: 3 -> 7.
    let geometry = Geometry::convolution(1, 1, 1, 0);
    let layer = Layer::new(geometry, 1, &[2.0, -2.0], &[1.0, 1.0]);
    let (mut input, mut output) = (layer.input(), layer.output());
    input.load(&[3.0]);
    let mut values = [0.0; 2];
    layer.run(&input, &mut output, Epilogue::Plain);
    output.store(&mut values);
    assert_eq!(values, [7.0, -5.0]);
    layer.run(&input, &mut output, Epilogue::Relu);
    output.store(&mut values);
    assert_eq!(values, [7.0, 0.0]);
    let mut more = Maps::zeros(2, 1);
    more.load(&[-10.0, 6.0]);
    layer.run(&input, &mut output, Epilogue::AddRelu(&more));
    output.store(&mut values);
    assert_eq!(values, [0.0, 1.0]);
    assert_eq!(output.means(), [0.0, 1.0]);
}

/// A network that overflowed must not look as if it knew an answer: wherever a `ReLU` is computed, what is not a number stays so.
#[test]
fn what_is_not_a_number_stays_so_behind_a_relu() {
    for (channels, side) in [(1, 1), (3, 5), (16, 5), (32, 14)] {
        let geometry = Geometry::convolution(side, 3, 1, 1);
        let weights = vec![1.0; channels * channels * 9];
        let layer = Layer::new(geometry, channels, &weights, &vec![0.0; channels]);
        let (mut input, mut output) = (layer.input(), layer.output());
        let mut planes = vec![1.0; channels * side * side];
        planes[0] = f32::NAN;
        input.load(&planes);
        let mut positive = input.clone();
        positive.load_relu(&input);
        for maps in [&input, &positive] {
            layer.run(maps, &mut output, Epilogue::Relu);
            let mut found = planes.clone();
            output.store(&mut found);
            assert!(found[0].is_nan(), "{channels} channels: {}", found[0]);
        }
        let device = Device::flex();
        let shape = [1, channels, side, side];
        let x = Tensor::<4>::from_data(TensorData::new(planes, shape), &device);
        let [gamma, beta] = [1.0, 0.0].map(|value| Tensor::full([channels], value, &device));
        let (normalised, ..) = kernels::batch_norm_relu(x, gamma, beta, 1e-5, true);
        let found: Vec<f32> = normalised.into_data().iter::<f32>().collect();
        assert!(found[0].is_nan(), "{channels} channels, normalised");
    }
}

#[test]
fn maps_give_back_what_they_took() {
    let planes: Vec<f32> = (0..3 * 25).map(|i| i as f32).collect();
    let mut maps = Maps::zeros(3, 5);
    maps.load(&planes);
    let mut back = vec![0.0; planes.len()];
    maps.store(&mut back);
    assert_eq!(back, planes);
    // the mean of 0..25, 25..50 and 50..75
    assert_eq!(maps.means(), [12.0, 37.0, 62.0]);
}

/// Three channels lie without a gap, and twenty with twelve unused places behind them. A 3x3 kernel of ones reads the border,
/// too, so its sums show whether that is still 0: 4, 6 and 9 pixels of the one map that it takes, each `2 x + 0.5`.
#[test]
fn maps_are_scaled_and_shifted_without_their_border() {
    for channels in [3, 20] {
        let planes: Vec<f32> = (0..channels * 9).map(|i| (i / 9) as f32).collect();
        let factors: Vec<f32> = (0..channels).map(|c| c as f32 + 1.0).collect();
        let mut shifts = vec![0.0; channels];
        shifts[1] = 0.5;
        let mut maps = Maps::zeros(channels, 3);
        maps.load(&planes);
        maps.scale_and_shift(&factors, &shifts);
        // Map c holds c everywhere, times c + 1: 0, 2 + 0.5, 6, ...
        let means = maps.means();
        assert_eq!(means[..3], [0.0, 2.5, 6.0], "{channels} channels");
        let mut weight = vec![0.0; channels * 9];
        weight[9..18].fill(1.0);
        let sum = Layer::new(Geometry::convolution(3, 3, 1, 1), channels, &weight, &[0.0]);
        let mut output = sum.output();
        sum.run(&maps, &mut output, Epilogue::Plain);
        let mut sums = [0.0; 9];
        output.store(&mut sums);
        let expected = [4.0, 6.0, 4.0, 6.0, 9.0, 6.0, 4.0, 6.0, 4.0].map(|pixels| pixels * 2.5);
        assert_eq!(sums, expected, "{channels} channels");
    }
}

#[test]
#[should_panic(expected = "factors and shifts")]
fn a_factor_for_each_map_is_needed() {
    Maps::zeros(3, 2).scale_and_shift(&[1.0; 3], &[0.0; 2]);
}

#[test]
fn what_would_read_beyond_the_border_is_not_supported() {
    assert!(Geometry::convolution(28, 3, 1, 1).is_supported());
    assert!(Geometry::transposed(14, 4, 2, 1).is_supported());
    assert!(!Geometry::convolution(28, 5, 1, 2).is_supported());
    assert!(!Geometry::convolution(28, 3, 0, 1).is_supported());
    assert!(!Geometry::convolution(0, 3, 1, 1).is_supported());
}

#[test]
fn a_layer_gives_what_burn_gives() {
    let device = Device::flex();
    for (geometry, from, to) in [
        (Geometry::convolution(64, 3, 1, 1), 3, 16),
        (Geometry::convolution(128, 3, 1, 1), 3, 16),
        (Geometry::convolution(20, 3, 1, 1), 3, 16),
        (Geometry::convolution(64, 4, 2, 1), 3, 32),
        (Geometry::convolution(64, 3, 1, 1), 16, 3),
        (Geometry::convolution(128, 3, 1, 1), 16, 3),
        (Geometry::convolution(20, 3, 1, 1), 20, 4),
        (Geometry::convolution(9, 3, 1, 1), 3, 3),
        (Geometry::convolution(64, 3, 1, 1), 16, 16),
        (Geometry::convolution(5, 3, 1, 1), 32, 32),
        (Geometry::transposed(32, 4, 2, 1), 32, 16),
        (Geometry::transposed(32, 4, 2, 1), 32, 3),
        (Geometry::transposed(32, 4, 2, 1), 3, 16),
    ] {
        let Geometry {
            kernel,
            stride,
            padding,
            in_side,
            out_side,
            ..
        } = geometry;
        let (stride, padding, ones) = ([stride; 2], [padding; 2], [1; 2]);
        let x = random([1, from, in_side, in_side], &device);
        let bias = random([to], &device);
        let (weight, expected) = if geometry.transposed {
            let weight = random([from, to, kernel, kernel], &device);
            let options = ConvTransposeOptions::new(stride, padding, [0; 2], ones, 1);
            let found = conv_transpose2d(x.clone(), weight.clone(), Some(bias.clone()), options);
            (weight, found)
        } else {
            let weight = random([to, from, kernel, kernel], &device);
            let options = ConvOptions::new(stride, padding, ones, 1);
            let found = conv2d(x.clone(), weight.clone(), Some(bias.clone()), options);
            (weight, found)
        };
        let layer = Layer::new(geometry, from, &floats(weight), &floats(bias));
        let (mut input, mut output) = (layer.input(), layer.output());
        input.load(&floats(x));
        layer.run(&input, &mut output, Epilogue::Plain);
        let mut planes = vec![0.0; to * out_side * out_side];
        output.store(&mut planes);
        let shape = [1, to, out_side, out_side];
        let found = Tensor::<4>::from_data(TensorData::new(planes, shape), &device);
        assert_close(found, expected, &format!("{from}->{to}, {geometry:?}"));
    }
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
