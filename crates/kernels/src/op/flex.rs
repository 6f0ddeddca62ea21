//! On the CPU: our own kernels.

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, TensorData};

use super::{Kernels, Steps, plain};
use crate::norm::{self, Batch, Norm};
use crate::residual::{Block, Passed};
use crate::{Geometry, convolve, gradients};

impl Kernels for Flex {
    fn convolve2d(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, steps: Steps) -> FlexTensor {
        let Some((geometry, [n, from, to])) = supported(&x, &weight, steps) else {
            return plain::convolve2d::<Self>(x, weight, bias, steps);
        };
        let (x, weight, bias) = (
            x.to_contiguous(),
            weight.to_contiguous(),
            bias.to_contiguous(),
        );
        let output = convolve(geometry, from, values(&x), values(&weight), values(&bias));
        tensor(output, &[n, to, geometry.out_side, geometry.out_side])
    }

    fn convolve2d_backward(
        x: FlexTensor,
        weight: FlexTensor,
        gradient: FlexTensor,
        steps: Steps,
        wants_x: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let Some((geometry, [_, from, to])) = supported(&x, &weight, steps) else {
            return plain::convolve2d_backward::<Self>(x, weight, gradient, steps, wants_x);
        };
        let (x, weight, gradient) = (
            x.to_contiguous(),
            weight.to_contiguous(),
            gradient.to_contiguous(),
        );
        let found = gradients(
            geometry,
            [from, to],
            values(&x),
            values(&weight),
            values(&gradient),
            wants_x,
        );
        let weight_gradient = tensor(found.weights, &weight.shape());
        let shape = x.shape();
        let x_gradient = found.input.map_or(x, |values| tensor(values, &shape));
        (x_gradient, weight_gradient, tensor(found.bias, &[to]))
    }

    fn residual(
        x: FlexTensor,
        weight1: FlexTensor,
        bias1: FlexTensor,
        weight2: FlexTensor,
        bias2: FlexTensor,
        relu: bool,
    ) -> (FlexTensor, FlexTensor) {
        if !is_block(&x, [&weight1, &weight2]) {
            return plain::residual::<Self>(x, weight1, bias1, weight2, bias2, relu);
        }
        let [x, weight1, bias1, weight2, bias2] =
            [x, weight1, bias1, weight2, bias2].map(|tensor| tensor.to_contiguous());
        let found = block_of(&x, [&weight1, &weight2], relu)
            .forward(values(&x), [values(&bias1), values(&bias2)]);
        let length = found.hidden.len();
        (
            tensor(found.output, &x.shape()),
            tensor(found.hidden, &[length]),
        )
    }

    fn residual_backward(
        x: FlexTensor,
        weight1: FlexTensor,
        weight2: FlexTensor,
        hidden: FlexTensor,
        output: FlexTensor,
        gradient: FlexTensor,
        relu: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor, FlexTensor, FlexTensor) {
        if !is_block(&x, [&weight1, &weight2]) {
            return plain::residual_backward::<Self>(
                x, weight1, weight2, hidden, output, gradient, relu,
            );
        }
        let [x, weight1, weight2, output, gradient] =
            [x, weight1, weight2, output, gradient].map(|tensor| tensor.to_contiguous());
        let channels = x.shape()[1];
        let found = block_of(&x, [&weight1, &weight2], relu).gradients(Passed {
            input: values(&x),
            hidden: values(&hidden),
            output: values(&output),
            gradient: values(&gradient),
        });
        let [d_weight1, d_weight2] = found.weights.map(|values| tensor(values, &weight1.shape()));
        let [d_bias1, d_bias2] = found.biases.map(|values| tensor(values, &[channels]));
        let d_x = tensor(found.input, &x.shape());
        (d_x, d_weight1, d_bias1, d_weight2, d_bias2)
    }

    fn norm_relu(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        epsilon: f64,
        relu: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        if x.dtype() != DType::F32 {
            return plain::norm_relu::<Self>(x, gamma, beta, epsilon, relu);
        }
        let (x, gamma, beta) = (
            x.to_contiguous(),
            gamma.to_contiguous(),
            beta.to_contiguous(),
        );
        let batch = batch_of(&x);
        let (mean, variance) = norm::statistics(batch, values(&x));
        let norm = Norm {
            gamma: values(&gamma),
            beta: values(&beta),
            epsilon: epsilon as f32,
            relu,
        };
        let output = norm::forward(batch, &norm, &mean, &variance, values(&x));
        let channels = [batch.channels];
        (
            tensor(output, &x.shape()),
            tensor(mean, &channels),
            tensor(variance, &channels),
        )
    }

    fn norm_relu_backward(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        mean: FlexTensor,
        variance: FlexTensor,
        gradient: FlexTensor,
        epsilon: f64,
        relu: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        if x.dtype() != DType::F32 {
            return plain::norm_relu_backward::<Self>(
                x, gamma, beta, mean, variance, gradient, epsilon, relu,
            );
        }
        let (x, gradient) = (x.to_contiguous(), gradient.to_contiguous());
        let batch = batch_of(&x);
        let norm = Norm {
            gamma: values(&gamma),
            beta: values(&beta),
            epsilon: epsilon as f32,
            relu,
        };
        let (d_x, d_gamma, d_beta) = norm::backward(
            batch,
            &norm,
            values(&mean),
            values(&variance),
            values(&x),
            values(&gradient),
        );
        let channels = [batch.channels];
        (
            tensor(d_x, &x.shape()),
            tensor(d_gamma, &channels),
            tensor(d_beta, &channels),
        )
    }
}

/// Geometry, and images, input and output channels, if the kernels can do it.
fn supported(x: &FlexTensor, weight: &FlexTensor, steps: Steps) -> Option<(Geometry, [usize; 3])> {
    let (x_shape, w_shape) = (x.shape(), weight.shape());
    let (kernel, side) = (w_shape[2], x_shape[2]);
    let square = w_shape[3] == kernel && x_shape[3] == side;
    if !square || x.dtype() != DType::F32 || weight.dtype() != DType::F32 {
        return None;
    }
    let make = if steps.transposed {
        Geometry::transposed
    } else {
        Geometry::convolution
    };
    let geometry = make(side, kernel, steps.stride, steps.padding);
    let to = if steps.transposed {
        w_shape[1]
    } else {
        w_shape[0]
    };
    geometry
        .is_supported()
        .then_some((geometry, [x_shape[0], x_shape[1], to]))
}

/// Whether the kernels can do a residual block of these maps.
fn is_block(x: &FlexTensor, weights: [&FlexTensor; 2]) -> bool {
    let channels = x.shape()[1];
    weights.iter().all(|weight| {
        let three = weight.shape()[2] == 3;
        let sizes = supported(x, weight, Steps::BLOCK).map(|(_, sizes)| sizes);
        three && sizes.is_some_and(|[_, from, to]| [from, to] == [channels; 2])
    })
}

fn block_of<'a>(x: &FlexTensor, weights: [&'a FlexTensor; 2], relu: bool) -> Block<'a> {
    let shape = x.shape();
    Block {
        channels: shape[1],
        side: shape[2],
        weights: weights.map(values),
        relu,
    }
}

fn batch_of(x: &FlexTensor) -> Batch {
    let shape = x.shape();
    Batch {
        channels: shape[1],
        pixels: shape[2] * shape[3],
    }
}

fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.storage::<f32>()
}

fn tensor(values: Vec<f32>, shape: &[usize]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape.to_vec()))
}
