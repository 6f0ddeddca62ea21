//! The gradient of a convolution's weights, in one launch and a sum.
//!
//! A unit takes a row of the kernel between one channel that is read and [`TILE`] that are written, and goes over all places of some
//! images: what it reads serves all weights of the row and all channels of the tile. See
//! [`weight_gradient`](crate::op::weight_gradient) for why not Burn's own; products of matrices, which are on other devices,
//! left most of a card idle, too, because the matrices are long and only as wide as there are channels.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use cubecl::prelude::*;

use super::launch::{cubes_for, in_order, room, units};
use crate::op::Steps;

/// Channels of the smaller maps that a unit takes together.
const TILE: usize = 4;

/// Units that keep a large card busy: the images are divided among so many.
const ENOUGH_UNITS: usize = 1 << 16;

/// See [`weight_gradient`](crate::op::weight_gradient::weight_gradient).
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
    let (large_shape, small_shape) = (large.shape(), small.shape());
    let (images, from, to) = (large_shape[0], large_shape[1], small_shape[1]);
    let rows_of_weights = to.div_ceil(TILE) * from * kernel;
    let parts = ENOUGH_UNITS.div_ceil(rows_of_weights.max(1));
    let parts = parts.clamp(1, images.max(1));
    let weights = to * from * kernel * kernel;
    let sums = room(&large, [parts, weights].into());
    let units = units(&large);
    weights_kernel::launch(
        &large.client.clone(),
        cubes_for(parts * rows_of_weights, units),
        CubeDim::new_1d(units),
        large.into_buffer_arg(),
        small.into_buffer_arg(),
        sums.clone().into_buffer_arg(),
        images,
        parts,
        from,
        to,
        large_shape[2],
        large_shape[3],
        small_shape[2],
        small_shape[3],
        steps.stride,
        steps.padding,
        kernel,
    );
    let sum = Cube::float_sum_dim(sums, 0); // [1, weights]
    Cube::float_reshape(sum, [to, from, kernel, kernel].into())
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn weights_kernel(
    large: &[f32],
    small: &[f32],
    sums: &mut [f32],
    images: usize,
    parts: usize,
    from: usize,
    to: usize,
    height: usize,
    width: usize,
    rows: usize,
    columns: usize,
    stride: usize,
    padding: usize,
    #[comptime] kernel: usize,
) {
    let tiles = to.div_ceil(TILE);
    let unit = ABSOLUTE_POS;
    let kernel_row = unit % kernel;
    let channel = unit / kernel % from;
    let first = unit / (kernel * from) % tiles * TILE;
    let part = unit / (kernel * from * tiles);
    if part < parts {
        let mut found = Array::<f32>::new(comptime!(TILE * kernel));
        #[unroll]
        for i in 0..comptime!(TILE * kernel) {
            found[i] = 0.0;
        }
        let mut seen = Array::<f32>::new(kernel);
        let mut image = part;
        while image < images {
            for row in 0..rows {
                let at = row * stride + kernel_row;
                if at >= padding && at < height + padding {
                    let line = ((image * from + channel) * height + at - padding) * width;
                    for column in 0..columns {
                        #[unroll]
                        for i in 0..kernel {
                            let at = column * stride + i;
                            if at >= padding && at < width + padding {
                                seen[i] = large[line + at - padding];
                            } else {
                                seen[i] = 0.0;
                            }
                        }
                        #[unroll]
                        for j in 0..TILE {
                            // Beyond the last channel the last one is read again, and nothing is written.
                            let map = image * to + usize::min(first + j, to - 1);
                            let slope = small[(map * rows + row) * columns + column];
                            #[unroll]
                            for i in 0..kernel {
                                found[j * kernel + i] += slope * seen[i];
                            }
                        }
                    }
                }
            }
            image += parts;
        }
        #[unroll]
        for j in 0..TILE {
            if first + j < to {
                let start = part * (to * from * kernel * kernel)
                    + (((first + j) * from + channel) * kernel + kernel_row) * kernel;
                #[unroll]
                for i in 0..kernel {
                    sums[start + i] = found[j * kernel + i];
                }
            }
        }
    }
}
