//! The operations made of Burn's own.

use burn::backend::Backend;
use burn::backend::TensorMetadata;
use burn::backend::ops::{ConvOptions, ConvTransposeOptions};
use burn::backend::tensor::FloatTensor;

use super::weight_gradient::weight_gradient;
use super::{Kernels, Steps};

fn convolution(steps: Steps) -> ConvOptions<2> {
    ConvOptions::new([steps.stride; 2], [steps.padding; 2], [1; 2], 1)
}

fn transposed(steps: Steps) -> ConvTransposeOptions<2> {
    ConvTransposeOptions::new([steps.stride; 2], [steps.padding; 2], [0; 2], [1; 2], 1)
}

pub fn convolve2d<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    steps: Steps,
) -> FloatTensor<B> {
    if steps.transposed {
        B::conv_transpose2d(x, weight, Some(bias), transposed(steps))
    } else {
        B::conv2d(x, weight, Some(bias), convolution(steps))
    }
}

pub fn convolve2d_backward<B: Backend>(
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    gradient: FloatTensor<B>,
    steps: Steps,
    wants_x: bool,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let kernel = weight.shape()[2];
    let (d_x, d_bias) = convolve2d_other_gradients::<B>(&x, weight, &gradient, steps, wants_x);
    let d_weight = weight_gradient::<B>(x, gradient, kernel, steps);
    (d_x, d_weight, d_bias)
}

/// The gradients with respect to input and bias.
pub fn convolve2d_other_gradients<B: Backend>(
    x: &FloatTensor<B>,
    weight: FloatTensor<B>,
    gradient: &FloatTensor<B>,
    steps: Steps,
    wants_x: bool,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let d_bias = sum_of_channels::<B>(gradient.clone());
    let d_x = if !wants_x {
        x.clone()
    } else if steps.transposed {
        B::conv_transpose2d_x_backward(weight, gradient.clone(), transposed(steps))
    } else {
        B::conv2d_x_backward(x.clone(), weight, gradient.clone(), convolution(steps))
    };
    (d_x, d_bias)
}

/// `[batch, channels, h, w] -> [channels]`
fn sum_of_channels<B: Backend>(gradient: FloatTensor<B>) -> FloatTensor<B> {
    let shape = gradient.shape();
    let (n, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3]);
    let flat = B::float_reshape(gradient, [n * channels, pixels].into());
    let by_image = B::float_reshape(B::float_sum_dim(flat, 1), [n, channels].into());
    B::float_reshape(B::float_sum_dim(by_image, 0), [channels].into())
}

pub fn residual<B: Kernels>(
    x: FloatTensor<B>,
    weight1: FloatTensor<B>,
    bias1: FloatTensor<B>,
    weight2: FloatTensor<B>,
    bias2: FloatTensor<B>,
    relu: bool,
) -> (FloatTensor<B>, FloatTensor<B>) {
    let hidden = B::convolve2d(B::relu(x.clone()), weight1, bias1, Steps::BLOCK);
    let hidden = B::relu(hidden);
    let output = B::convolve2d(hidden.clone(), weight2, bias2, Steps::BLOCK);
    let output = B::float_add(x, output);
    let output = if relu { B::relu(output) } else { output };
    (output, hidden)
}

#[allow(clippy::too_many_arguments, clippy::type_complexity)]
pub fn residual_backward<B: Kernels>(
    x: FloatTensor<B>,
    weight1: FloatTensor<B>,
    weight2: FloatTensor<B>,
    hidden: FloatTensor<B>,
    output: FloatTensor<B>,
    gradient: FloatTensor<B>,
    relu: bool,
) -> (
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
    FloatTensor<B>,
) {
    let gradient = if relu {
        B::relu_backward(output, gradient)
    } else {
        gradient
    };
    let (d_hidden, d_weight2, d_bias2) = B::convolve2d_backward(
        hidden.clone(),
        weight2,
        gradient.clone(),
        Steps::BLOCK,
        true,
    );
    let d_hidden = B::relu_backward(hidden, d_hidden);
    let positive = B::relu(x);
    let (d_positive, d_weight1, d_bias1) =
        B::convolve2d_backward(positive.clone(), weight1, d_hidden, Steps::BLOCK, true);
    let d_x = B::float_add(B::relu_backward(positive, d_positive), gradient);
    (d_x, d_weight1, d_bias1, d_weight2, d_bias2)
}

pub fn norm_relu<B: Backend>(
    x: FloatTensor<B>,
    gamma: FloatTensor<B>,
    beta: FloatTensor<B>,
    epsilon: f64,
    relu: bool,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let found = B::batch_norm_train(x, gamma, beta, epsilon);
    let output = if relu {
        B::relu(found.output)
    } else {
        found.output
    };
    (output, found.mean, found.variance)
}

#[allow(clippy::too_many_arguments)]
pub fn norm_relu_backward<B: Backend>(
    x: FloatTensor<B>,
    gamma: FloatTensor<B>,
    beta: FloatTensor<B>,
    mean: FloatTensor<B>,
    variance: FloatTensor<B>,
    gradient: FloatTensor<B>,
    epsilon: f64,
    relu: bool,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let gradient = if relu {
        let output = B::batch_norm(
            x.clone(),
            gamma.clone(),
            beta,
            mean.clone(),
            variance.clone(),
            epsilon,
        );
        B::relu_backward(B::relu(output), gradient)
    } else {
        gradient
    };
    let found = B::batch_norm_train_backward(x, gamma, mean, variance, epsilon, gradient);
    (found.x_grad, found.gamma_grad, found.beta_grad)
}
