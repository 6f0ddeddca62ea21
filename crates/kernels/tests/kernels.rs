//! The kernels against Burn's own operations, and their gradients against Burn's. One test binary for the crate, because
//! each links the whole Burn stack.

#![allow(clippy::float_cmp, reason = "numbers by hand are exact in binary")]

#[path = "kernels/blocks.rs"]
mod blocks;
#[path = "kernels/convolutions.rs"]
mod convolutions;
#[path = "kernels/group_norms.rs"]
mod group_norms;
#[path = "kernels/layers.rs"]
mod layers;
#[path = "kernels/paths.rs"]
mod paths;
#[path = "kernels/properties.rs"]
mod properties;

use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Distribution, Tensor, Tolerance};
use kernels::Geometry;

fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

fn assert_close<const D: usize>(ours: Tensor<D>, theirs: Tensor<D>, what: &str) {
    assert_close_sums(ours, theirs, 0, what);
}

/// Rounding errors are a share of what is summed, and the largest of the sums says how much that is; so does the square root
/// of the number of terms where there are only a few sums, which may all be near 0 by chance.
fn assert_close_sums<const D: usize>(ours: Tensor<D>, theirs: Tensor<D>, terms: usize, what: &str) {
    let (ours, theirs) = (ours.into_data(), theirs.into_data());
    assert_eq!(ours.shape(), theirs.shape(), "{what}");
    println!("{what}");
    let usual = (terms as f32).sqrt();
    let largest = theirs.iter::<f32>().fold(usual, |a, b| a.max(b.abs()));
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

/// Holds the convolution of `[n, from, side, side]` to `to` channels, and its gradients, against Burn's.
fn assert_as_burn(geometry: Geometry, [n, from, to]: [usize; 3]) {
    let device = Device::flex().autodiff();
    let Geometry {
        transposed,
        kernel,
        stride,
        padding,
        in_side,
        out_side,
    } = geometry;
    let weight_shape = if transposed {
        [from, to, kernel, kernel]
    } else {
        [to, from, kernel, kernel]
    };
    let inputs = (
        random([n, from, in_side, in_side], &device),
        random(weight_shape, &device),
        random([to], &device),
        random([n, to, out_side, out_side], &device),
    );
    let ours = all_of(&inputs, |x, w, b| {
        if transposed {
            kernels::conv_transpose2d(x, w, Some(b), stride, padding)
        } else {
            kernels::conv2d(x, w, Some(b), stride, padding)
        }
    });
    let theirs = all_of(&inputs, |x, w, b| {
        let (stride, padding, ones) = ([stride; 2], [padding; 2], [1; 2]);
        if transposed {
            let options = ConvTransposeOptions::new(stride, padding, [0; 2], ones, 1);
            conv_transpose2d(x, w, Some(b), options)
        } else {
            conv2d(x, w, Some(b), ConvOptions::new(stride, padding, ones, 1))
        }
    });
    let what = format!("{n}x{from}->{to}, {geometry:?}");
    assert_close(ours.0, theirs.0, &format!("output {what}"));
    assert_close(ours.1, theirs.1, &format!("gradient of x {what}"));
    // As many terms has the sum of each of these.
    let terms = n * out_side * out_side;
    let weights = format!("gradient of the weights {what}");
    assert_close_sums(ours.2, theirs.2, terms, &weights);
    assert_close_sums(
        ours.3,
        theirs.3,
        terms,
        &format!("gradient of the bias {what}"),
    );
}
