//! Residual blocks and normalisations, which are operations of their own.

use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm_train, conv2d};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};

use crate::{assert_close, random};

#[test]
fn a_residual_block_and_its_gradients_are_those_of_burn() {
    let device = Device::flex().autodiff();
    // Channels and sides of networks for 28, 64 and 128 pixels and others, and more images than one task's share.
    for (n, channels, side) in [
        (17, 16, 28),
        (2, 32, 7),
        (33, 64, 4),
        (3, 5, 9),
        (1, 48, 1),
        (5, 16, 64),
        (1, 16, 128),
        (3, 3, 20),
        (9, 32, 5),
    ] {
        for relu in [false, true] {
            let x = coarse([n, channels, side, side], 4.0, &device);
            let weight = || coarse([channels, channels, 3, 3], 16.0, &device) * 0.25;
            let weights = [(); 2].map(|()| weight());
            let biases = [(); 2].map(|()| coarse([channels], 4.0, &device));
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

/// Random multiples of a power of two: all that a block makes of them is exact, in any order. Or else a value near 0 could be
/// cut off on one side and not on the other, and a gradient would be another one altogether.
fn coarse<const D: usize>(shape: [usize; D], steps: f32, device: &Device) -> Tensor<D> {
    (random(shape, device) * steps).round() / steps
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
