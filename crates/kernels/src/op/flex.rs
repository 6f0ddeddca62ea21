//! On the CPU: our own kernels.

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, TensorData};

use super::adam_w::{self, AdamWStep};
use super::{Kernels, Steps, plain, plain_normed};
use crate::norm::{self, Batch, Norm};
use crate::normed::{self, Normed, NormedBlock};
use crate::residual::{Block, Passed};
use crate::{Geometry, GroupNorm, convolve, gradients, optimizer};

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

    fn group_normalise(
        x: FlexTensor,
        scales: FlexTensor,
        shifts: FlexTensor,
        norm: GroupNorm,
    ) -> FlexTensor {
        let Some(sizes) = square(&x) else {
            return plain_normed::group_normalise::<Self>(x, scales, shifts, norm);
        };
        let [x, scales, shifts] = [x, scales, shifts].map(|tensor| tensor.to_contiguous());
        let rows = [values(&scales), values(&shifts)];
        tensor(normed::normalise(norm, sizes, values(&x), rows), &x.shape())
    }

    fn group_normalise_backward(
        x: FlexTensor,
        scales: FlexTensor,
        shifts: FlexTensor,
        gradient: FlexTensor,
        norm: GroupNorm,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let Some(sizes) = square(&x) else {
            return plain_normed::group_normalise_backward::<Self>(
                x, scales, shifts, gradient, norm,
            );
        };
        let [x, scales, shifts, gradient] =
            [x, scales, shifts, gradient].map(|tensor| tensor.to_contiguous());
        let rows = [values(&scales), values(&shifts)];
        let (d_x, [d_scales, d_shifts]) =
            normed::normalise_gradients(norm, sizes, values(&x), rows, values(&gradient));
        (
            tensor(d_x, &x.shape()),
            tensor(d_scales, &scales.shape()),
            tensor(d_shifts, &shifts.shape()),
        )
    }

    fn normed_block(
        x: FlexTensor,
        scales1: FlexTensor,
        shifts1: FlexTensor,
        weight1: FlexTensor,
        bias1: FlexTensor,
        scales2: FlexTensor,
        shifts2: FlexTensor,
        weight2: FlexTensor,
        bias2: FlexTensor,
        norm: GroupNorm,
        residual: bool,
    ) -> (FlexTensor, FlexTensor) {
        if !is_normed_block(&x, [&weight1, &weight2]) {
            return plain_normed::normed_block::<Self>(
                x, scales1, shifts1, weight1, bias1, scales2, shifts2, weight2, bias2, norm,
                residual,
            );
        }
        let [x, bias1, bias2] = [x, bias1, bias2].map(|tensor| tensor.to_contiguous());
        let parts = [[scales1, shifts1, weight1], [scales2, shifts2, weight2]]
            .map(|part| part.map(|tensor| tensor.to_contiguous()));
        let block = normed_block_of(&x, &parts, norm, residual);
        let (output, hidden) = block.forward(values(&x), [values(&bias1), values(&bias2)]);
        let ([_, to], side, shape) = (block.channels, block.side, x.shape());
        let length = hidden.len();
        (
            tensor(output, &[shape[0], to, side, side]),
            tensor(hidden, &[length]),
        )
    }

    fn normed_block_backward(
        x: FlexTensor,
        scales1: FlexTensor,
        shifts1: FlexTensor,
        weight1: FlexTensor,
        scales2: FlexTensor,
        shifts2: FlexTensor,
        weight2: FlexTensor,
        hidden: FlexTensor,
        gradient: FlexTensor,
        norm: GroupNorm,
        residual: bool,
    ) -> NineTensors {
        if !is_normed_block(&x, [&weight1, &weight2]) {
            return plain_normed::normed_block_backward::<Self>(
                x, scales1, shifts1, weight1, scales2, shifts2, weight2, hidden, gradient, norm,
                residual,
            );
        }
        let [x, gradient] = [x, gradient].map(|tensor| tensor.to_contiguous());
        let parts = [[scales1, shifts1, weight1], [scales2, shifts2, weight2]]
            .map(|part| part.map(|tensor| tensor.to_contiguous()));
        let block = normed_block_of(&x, &parts, norm, residual);
        let found = block.gradients(values(&x), values(&hidden), values(&gradient));
        let to = block.channels[1];
        let [[s1, h1], [s2, h2]] = found.rows;
        let [w1, w2] = found.weights;
        let [b1, b2] = found.biases.map(|bias| tensor(bias, &[to]));
        let shaped =
            |values, part: usize, which: usize| tensor(values, &parts[part][which].shape());
        (
            tensor(found.input, &x.shape()),
            shaped(s1, 0, 0),
            shaped(h1, 0, 1),
            shaped(w1, 0, 2),
            b1,
            shaped(s2, 1, 0),
            shaped(h2, 1, 1),
            shaped(w2, 1, 2),
            b2,
        )
    }

    fn adam_w(
        weights: FlexTensor,
        gradient: FlexTensor,
        moment1: FlexTensor,
        moment2: FlexTensor,
        step: AdamWStep,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        if weights.dtype() != DType::F32 {
            return adam_w::plain::<Self>(weights, gradient, moment1, moment2, step);
        }
        let factor = step.largest_norm.map_or(1.0, |largest| {
            values(&adam_w::clipping_factor::<Self>(gradient.clone(), largest))[0]
        });
        let before = [weights, gradient, moment1, moment2].map(|tensor| tensor.to_contiguous());
        let after = optimizer::adam_w(before.each_ref().map(values), factor, &step);
        let [weights, moment1, moment2] = after.map(|found| tensor(found, &before[0].shape()));
        (weights, moment1, moment2)
    }

    fn blend(average: FlexTensor, current: FlexTensor, share: f64) -> FlexTensor {
        if average.dtype() != DType::F32 {
            return adam_w::plain_blend::<Self>(average, current, share);
        }
        let [average, current] = [average, current].map(|tensor| tensor.to_contiguous());
        let blended = optimizer::blend(values(&average), values(&current), share);
        tensor(blended, &average.shape())
    }
}

/// The gradients of a residual block with group normalisation.
type NineTensors = (
    FlexTensor,
    FlexTensor,
    FlexTensor,
    FlexTensor,
    FlexTensor,
    FlexTensor,
    FlexTensor,
    FlexTensor,
    FlexTensor,
);

/// Channels and side of square maps that the kernels can normalise.
fn square(x: &FlexTensor) -> Option<[usize; 2]> {
    let shape = x.shape();
    (x.dtype() == DType::F32 && shape[2] == shape[3]).then(|| [shape[1], shape[2]])
}

/// Whether the kernels can do a residual block of these maps with normalisation.
fn is_normed_block(x: &FlexTensor, [first, second]: [&FlexTensor; 2]) -> bool {
    let channels = |of: &FlexTensor| [of.shape()[1], of.shape()[0]];
    let three = |of: &FlexTensor| of.shape()[2] == 3 && of.dtype() == DType::F32;
    let [from, to] = channels(first);
    let fits = from == x.shape()[1] && channels(second) == [to; 2];
    fits && three(first) && three(second) && supported(x, first, Steps::BLOCK).is_some()
}

/// A block of parts that are scales, shifts and weights each.
fn normed_block_of<'a>(
    x: &FlexTensor,
    parts: &'a [[FlexTensor; 3]; 2],
    norm: GroupNorm,
    residual: bool,
) -> NormedBlock<'a> {
    let part = |[scales, shifts, weights]: &'a [FlexTensor; 3]| Normed {
        scales: values(scales),
        shifts: values(shifts),
        weights: values(weights),
    };
    let [first, second] = parts;
    NormedBlock {
        norm,
        channels: [x.shape()[1], first[2].shape()[0]],
        side: x.shape()[2],
        parts: [part(first), part(second)],
        residual,
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
