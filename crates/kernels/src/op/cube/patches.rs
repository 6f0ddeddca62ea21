//! The gradient of a convolution's weights: one launch puts what each output saw into the columns of a matrix, and a product for
//! each image, summed over the images, is the gradient (Chellapilla et al. 2006, "High Performance Convolutional Neural Networks
//! for Document Processing", section 2). See [`weight_gradient`](mod@super::super::weight_gradient) for why not Burn's own.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use burn::tensor::Slice;
use cubecl::prelude::*;

use super::launch::{cubes_for, in_order, room, units};
use crate::op::Steps;
use crate::op::weight_gradient::images_at_a_time;

/// See [`weight_gradient`](super::super::weight_gradient::weight_gradient).
pub fn weight_gradient(
    x: FloatTensor<Cube>,
    gradient: FloatTensor<Cube>,
    kernel: usize,
    steps: Steps,
) -> FloatTensor<Cube> {
    // A transposed convolution reads where a convolution writes: input and gradient change places.
    let (large, small) = if steps.transposed {
        (gradient, x)
    } else {
        (x, gradient)
    };
    let [large, small] = [large, small].map(in_order);
    let (from, shape) = (large.shape()[1], small.shape());
    let (batch, to, pixels) = (shape[0], shape[1], shape[2] * shape[3]);
    let images = images_at_a_time(kernel * kernel * from * pixels, batch);
    let mut sum: Option<FloatTensor<Cube>> = None;
    for start in (0..batch).step_by(images) {
        let count = images.min(batch - start);
        let patches = patches(&large, start, [count, shape[2], shape[3]], kernel, steps);
        let chunk = Slice::new(start as isize, Some((start + count) as isize), 1);
        let part = Cube::float_slice(small.clone(), &[chunk]);
        let part = Cube::float_reshape(part, [count, to, pixels].into());
        let products = Cube::float_matmul(part, Cube::float_swap_dims(patches, 1, 2));
        let product = Cube::float_sum_dim(products, 0);
        sum = Some(match sum {
            Some(sum) => Cube::float_add(sum, product),
            None => product,
        });
    }
    let sum = sum.expect("a batch holds at least one image");
    Cube::float_reshape(sum, [to, from, kernel, kernel].into())
}

/// What each of `[images, rows, columns]` outputs saw, from image `start` on: `[images, channels * kernel * kernel, rows * columns]`.
fn patches(
    maps: &FloatTensor<Cube>,
    start: usize,
    [images, rows, columns]: [usize; 3],
    kernel: usize,
    steps: Steps,
) -> FloatTensor<Cube> {
    let shape = maps.shape();
    let (channels, height, width) = (shape[1], shape[2], shape[3]);
    let values = channels * kernel * kernel;
    let result = room(maps, [images, values, rows * columns].into());
    let units = units(maps);
    patches_kernel::launch(
        &maps.client.clone(),
        cubes_for(images * values * rows * columns, units),
        CubeDim::new_1d(units),
        maps.clone().into_buffer_arg(),
        result.clone().into_buffer_arg(),
        start * channels,
        height,
        width,
        rows * columns,
        columns,
        kernel,
        steps.stride,
        steps.padding,
    );
    result
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn patches_kernel(
    maps: &[f32],
    result: &mut [f32],
    first_map: usize,
    height: usize,
    width: usize,
    pixels: usize,
    columns: usize,
    kernel: usize,
    stride: usize,
    padding: usize,
) {
    let i = ABSOLUTE_POS;
    if i < result.len() {
        let pixel = i % pixels;
        let position = i / pixels % (kernel * kernel);
        let map = first_map + i / pixels / (kernel * kernel);
        let row = pixel / columns * stride + position / kernel;
        let column = pixel % columns * stride + position % kernel;
        let is_inside = row >= padding
            && column >= padding
            && row < height + padding
            && column < width + padding;
        if is_inside {
            result[i] = maps[(map * height + row - padding) * width + column - padding];
        } else {
            result[i] = 0.0;
        }
    }
}
