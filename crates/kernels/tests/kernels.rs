//! The kernels against Burn's own operations, and their gradients against the definition of a gradient.

#![allow(clippy::float_cmp, reason = "numbers by hand are exact in binary")]

use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm_train, conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Distribution, Tensor, TensorData, Tolerance};
use kernels::{Finish, Geometry, Layer, Maps};

/// Stride, padding, kernel and side of every convolution in this project, and of some that are in none.
const CONVOLUTIONS: [(usize, usize, usize, usize); 9] = [
    (1, 1, 3, 28),
    (1, 1, 3, 7),
    (1, 1, 3, 4),
    (2, 1, 3, 28),
    (2, 1, 3, 7),
    (2, 1, 4, 28),
    (2, 0, 1, 14),
    (2, 0, 1, 7),
    // beyond the border of zeros: left to Burn
    (1, 2, 5, 9),
];

/// The same for transposed convolutions.
const TRANSPOSED: [(usize, usize, usize, usize); 4] =
    [(2, 1, 3, 4), (2, 1, 4, 7), (2, 1, 4, 14), (1, 1, 3, 5)];

fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

fn assert_close<const D: usize>(ours: Tensor<D>, theirs: Tensor<D>, what: &str) {
    let (ours, theirs) = (ours.into_data(), theirs.into_data());
    assert_eq!(ours.shape(), theirs.shape(), "{what}");
    println!("{what}");
    // Rounding errors are a share of what is summed, and the largest of the sums says how much that is.
    let largest = theirs.iter::<f32>().fold(0.0, |a: f32, b| a.max(b.abs()));
    ours.assert_approx_eq::<f32>(&theirs, Tolerance::rel_abs(1e-5, 1e-5 * (1.0 + largest)));
}

/// Output and gradients of x, weight and bias, with the output weighted by random numbers so that no gradient is even.
fn all_of(
    inputs: &(Tensor<4>, Tensor<4>, Tensor<1>, Tensor<4>),
    f: impl Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4>,
) -> (Tensor<4>, Tensor<4>, Tensor<4>, Tensor<1>) {
    let (x, weight, bias, factor) = inputs.clone();
    let (x, weight, bias) = (x.require_grad(), weight.require_grad(), bias.require_grad());
    let output = f(x.clone(), weight.clone(), bias.clone());
    let gradients = (output.clone() * factor).sum().backward();
    let of = |found: Option<Tensor<4>>| found.expect("a gradient");
    (
        output.inner(),
        of(x.grad(&gradients)),
        of(weight.grad(&gradients)),
        bias.grad(&gradients).expect("a gradient"),
    )
}

#[test]
fn a_convolution_and_its_gradients_are_those_of_burn() {
    let device = Device::flex().autodiff();
    for (stride, padding, kernel, side) in CONVOLUTIONS {
        // 18 images are more than one task's share; 3 and 20 channels are no multiples of 16, and 16 and 32 go over tiles
        for [n, from, to] in [
            [2, 1, 16],
            [18, 3, 20],
            [1, 32, 1],
            [17, 16, 48],
            [1, 64, 32],
        ] {
            let out = Geometry::convolution(side, kernel, stride, padding).out_side;
            let inputs = (
                random([n, from, side, side], &device),
                random([to, from, kernel, kernel], &device),
                random([to], &device),
                random([n, to, out, out], &device),
            );
            let ours = all_of(&inputs, |x, w, b| {
                kernels::conv2d(x, w, Some(b), stride, padding)
            });
            let options = ConvOptions::new([stride; 2], [padding; 2], [1; 2], 1);
            let theirs = all_of(&inputs, |x, w, b| conv2d(x, w, Some(b), options.clone()));
            let what = format!("{n}x{from}->{to}, side {side}, kernel {kernel}, stride {stride}");
            assert_close(ours.0, theirs.0, &format!("output {what}"));
            assert_close(ours.1, theirs.1, &format!("gradient of x {what}"));
            assert_close(ours.2, theirs.2, &format!("gradient of the weights {what}"));
            assert_close(ours.3, theirs.3, &format!("gradient of the bias {what}"));
        }
    }
}

#[test]
fn a_transposed_convolution_and_its_gradients_are_those_of_burn() {
    let device = Device::flex().autodiff();
    for (stride, padding, kernel, side) in TRANSPOSED {
        for [n, from, to] in [[2, 16, 1], [17, 5, 33], [3, 32, 16]] {
            let out = Geometry::transposed(side, kernel, stride, padding).out_side;
            let inputs = (
                random([n, from, side, side], &device),
                random([from, to, kernel, kernel], &device),
                random([to], &device),
                random([n, to, out, out], &device),
            );
            let ours = all_of(&inputs, |x, w, b| {
                kernels::conv_transpose2d(x, w, Some(b), stride, padding)
            });
            let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0; 2], [1; 2], 1);
            let theirs = all_of(&inputs, |x, w, b| {
                conv_transpose2d(x, w, Some(b), options.clone())
            });
            let what = format!("{n}x{from}->{to}, side {side}, kernel {kernel}, stride {stride}");
            assert_close(ours.0, theirs.0, &format!("output {what}"));
            assert_close(ours.1, theirs.1, &format!("gradient of x {what}"));
            assert_close(ours.2, theirs.2, &format!("gradient of the weights {what}"));
            assert_close(ours.3, theirs.3, &format!("gradient of the bias {what}"));
        }
    }
}

#[test]
fn a_residual_block_and_its_gradients_are_those_of_burn() {
    let device = Device::flex().autodiff();
    // Channels and sides of the shipped networks and others, and more images than one task's share.
    for (n, channels, side) in [(17, 16, 28), (2, 32, 7), (33, 64, 4), (3, 5, 9), (1, 48, 1)] {
        for relu in [false, true] {
            let x = random([n, channels, side, side], &device);
            let weights = [(); 2].map(|()| random([channels, channels, 3, 3], &device) * 0.2);
            let biases = [(); 2].map(|()| random([channels], &device));
            let factor = random([n, channels, side, side], &device);
            let run = |ours: bool| {
                let x = x.clone().require_grad();
                let weights = weights.clone().map(Tensor::require_grad);
                let biases = biases.clone().map(Tensor::require_grad);
                let [(w1, b1), (w2, b2)] = [0, 1].map(|i| (weights[i].clone(), biases[i].clone()));
                let output = if ours {
                    kernels::residual(x.clone(), [(w1, Some(b1)), (w2, Some(b2))], relu)
                } else {
                    plain_block(x.clone(), [(w1, b1), (w2, b2)], relu)
                };
                let gradients = (output.clone() * factor.clone()).sum().backward();
                let gradient = |of: Tensor<4>| of.grad(&gradients).expect("a gradient");
                (
                    output.inner(),
                    gradient(x),
                    weights.map(gradient),
                    biases.map(|bias| bias.grad(&gradients).expect("a gradient")),
                )
            };
            let (ours, theirs) = (run(true), run(false));
            let what = format!("{n}x{channels}, side {side}, relu {relu}");
            assert_close(ours.0, theirs.0, &format!("output {what}"));
            assert_close(ours.1, theirs.1, &format!("gradient of x {what}"));
            for (i, (ours, theirs)) in ours.2.into_iter().zip(theirs.2).enumerate() {
                assert_close(ours, theirs, &format!("gradient of weights {i} {what}"));
            }
            for (i, (ours, theirs)) in ours.3.into_iter().zip(theirs.3).enumerate() {
                assert_close(ours, theirs, &format!("gradient of bias {i} {what}"));
            }
        }
    }
}

/// The block as it is defined, of Burn's own operations.
fn plain_block(x: Tensor<4>, convs: [(Tensor<4>, Tensor<1>); 2], last: bool) -> Tensor<4> {
    let mut y = x.clone();
    for (weight, bias) in convs {
        let options = ConvOptions::new([1; 2], [1; 2], [1; 2], 1);
        y = conv2d(relu(y), weight, Some(bias), options);
    }
    if last { relu(x + y) } else { x + y }
}

#[test]
fn a_normalisation_and_its_gradients_are_those_of_burn() {
    let device = Device::flex().autodiff();
    for relu in [false, true] {
        // 49 pixels are three times 16 and one more
        let x = random([5, 3, 7, 7], &device) * 3.0 + 2.0;
        let factor = random([5, 3, 7, 7], &device);
        let (gamma, beta) = (random([3], &device), random([3], &device));
        let run = |ours: bool| {
            let inputs = [gamma.clone().require_grad(), beta.clone().require_grad()];
            let x = x.clone().require_grad();
            let [gamma, beta] = inputs.clone();
            let (output, mean, variance) = if ours {
                kernels::batch_norm_relu(x.clone(), gamma, beta, 1e-5, relu)
            } else {
                let found = batch_norm_train(x.clone(), gamma, beta, 1e-5);
                let output = found.output;
                let output = if relu {
                    burn::tensor::activation::relu(output)
                } else {
                    output
                };
                (output, found.mean, found.variance)
            };
            let gradients = (output.clone() * factor.clone()).sum().backward();
            let parameters = inputs.map(|p| p.grad(&gradients).expect("a gradient"));
            let x = x.grad(&gradients).expect("a gradient");
            (
                output.inner(),
                x,
                mean.inner(),
                variance.inner(),
                parameters,
            )
        };
        let (ours, theirs) = (run(true), run(false));
        assert_close(ours.0, theirs.0, "output");
        assert_close(ours.1, theirs.1, "gradient of x");
        assert_close(ours.2, theirs.2, "mean");
        assert_close(ours.3, theirs.3, "variance");
        for (ours, theirs) in ours.4.into_iter().zip(theirs.4) {
            assert_close(ours, theirs, "gradient of gamma or beta");
        }
    }
}

#[test]
fn constants_get_no_gradient_and_do_no_harm() {
    let device = Device::flex().autodiff();
    let x = random([2, 3, 7, 7], &device);
    let weight = random([4, 3, 3, 3], &device).require_grad();
    let output = kernels::conv2d(x.clone(), weight.clone(), None, 1, 1);
    let gradients = output.sum().backward();
    assert!(x.grad(&gradients).is_none());
    assert!(weight.grad(&gradients).is_some());
}

#[test]
fn a_layer_adds_and_cuts_off_what_it_is_told_to() {
    // One pixel, a 1x1 kernel of weight 2 and bias 1: 3 -> 7.
    let geometry = Geometry::convolution(1, 1, 1, 0);
    let layer = Layer::new(geometry, 1, &[2.0, -2.0], &[1.0, 1.0]);
    let (mut input, mut output) = (layer.input(), layer.output());
    input.load(&[3.0]);
    let mut values = [0.0; 2];
    layer.run(&input, &mut output, Finish::Plain);
    output.store(&mut values);
    assert_eq!(values, [7.0, -5.0]);
    layer.run(&input, &mut output, Finish::Relu);
    output.store(&mut values);
    assert_eq!(values, [7.0, 0.0]);
    let mut more = Maps::zeros(2, 1);
    more.load(&[-10.0, 6.0]);
    layer.run(&input, &mut output, Finish::AddRelu(&more));
    output.store(&mut values);
    assert_eq!(values, [0.0, 1.0]);
    assert_eq!(output.means(), [0.0, 1.0]);
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

#[test]
fn what_would_read_beyond_the_border_is_not_supported() {
    assert!(Geometry::convolution(28, 3, 1, 1).is_supported());
    assert!(Geometry::transposed(14, 4, 2, 1).is_supported());
    assert!(!Geometry::convolution(28, 5, 1, 2).is_supported());
    assert!(!Geometry::convolution(28, 3, 0, 1).is_supported());
    assert!(!Geometry::convolution(0, 3, 1, 1).is_supported());
}

#[test]
fn the_number_of_threads_does_not_change_a_gradient() {
    let device = Device::flex().autodiff();
    let x = random([40, 2, 7, 7], &device);
    let weight = random([3, 2, 3, 3], &device).require_grad();
    let gradient = || -> TensorData {
        let output = kernels::conv2d(x.clone(), weight.clone(), None, 1, 1);
        let gradients = (output.clone() * output).sum().backward();
        weight.grad(&gradients).expect("a gradient").into_data()
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a pool");
    assert_eq!(gradient(), pool.install(gradient));
}
