//! Group normalisation: one launch, in which a cube takes all values of a group of an image.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use cubecl::prelude::*;

use super::launch::{in_order, room, sum_over_units, units};
use crate::GroupNorm;

/// Images, groups, channels of a group, and pixels of a channel.
#[derive(Clone, Copy)]
struct Sizes {
    images: usize,
    groups: usize,
    channels: usize,
    pixels: usize,
}

impl Sizes {
    fn of(x: &FloatTensor<Cube>, norm: GroupNorm) -> Self {
        let shape = x.shape();
        Self {
            images: shape[0],
            groups: norm.groups,
            channels: shape[1] / norm.groups,
            pixels: shape[2] * shape[3],
        }
    }

    fn count(&self) -> CubeCount {
        CubeCount::Static(self.groups as u32, self.images as u32, 1)
    }
}

/// `rows` are the scales and the shifts, `[batch, channels]` each.
pub fn forward(
    x: FloatTensor<Cube>,
    rows: [FloatTensor<Cube>; 2],
    norm: GroupNorm,
) -> FloatTensor<Cube> {
    let x = in_order(x);
    let [scales, shifts] = rows.map(in_order);
    let (sizes, units) = (Sizes::of(&x, norm), units(&x));
    let output = room(&x, x.shape());
    normalise_kernel::launch(
        &x.client.clone(),
        sizes.count(),
        CubeDim::new_1d(units),
        x.into_buffer_arg(),
        scales.into_buffer_arg(),
        shifts.into_buffer_arg(),
        output.clone().into_buffer_arg(),
        sizes.channels,
        sizes.pixels,
        norm.epsilon,
        norm.silu,
        units,
    );
    output
}

pub fn backward(
    x: FloatTensor<Cube>,
    rows: [FloatTensor<Cube>; 2],
    gradient: FloatTensor<Cube>,
    norm: GroupNorm,
) -> (FloatTensor<Cube>, FloatTensor<Cube>, FloatTensor<Cube>) {
    let [x, gradient] = [x, gradient].map(in_order);
    let [scales, shifts] = rows.map(in_order);
    let (sizes, units) = (Sizes::of(&x, norm), units(&x));
    let d_x = room(&x, x.shape());
    let [d_scales, d_shifts] = [(); 2].map(|()| room(&x, scales.shape()));
    gradients_kernel::launch(
        &x.client.clone(),
        sizes.count(),
        CubeDim::new_1d(units),
        x.into_buffer_arg(),
        scales.into_buffer_arg(),
        shifts.into_buffer_arg(),
        gradient.into_buffer_arg(),
        d_x.clone().into_buffer_arg(),
        d_scales.clone().into_buffer_arg(),
        d_shifts.clone().into_buffer_arg(),
        sizes.channels,
        sizes.pixels,
        norm.epsilon,
        norm.silu,
        units,
    );
    (d_x, d_scales, d_shifts)
}

/// The number of this cube's group among those of all images.
#[cube]
fn group() -> usize {
    (CUBE_POS_Y * CUBE_COUNT_X + CUBE_POS_X) as usize
}

/// Mean and 1 / standard deviation of this cube's group.
#[cube]
fn statistics(
    x: &[f32],
    shared: &mut Shared<[f32]>,
    values: usize,
    epsilon: f32,
    #[comptime] units: u32,
) -> (f32, f32) {
    let first = group() * values;
    let level = x[first];
    let mut sum = 0.0f32;
    let mut squares = 0.0f32;
    let mut i = UNIT_POS as usize;
    while i < values {
        let value = x[first + i] - level;
        sum += value;
        squares += value * value;
        i += comptime!(units as usize);
    }
    let count = f32::cast_from(values);
    let above = sum_over_units(shared, sum, units) / count;
    let squares = sum_over_units(shared, squares, units) / count;
    let variance = f32::max(squares - above * above, 0.0f32);
    (level + above, 1.0 / f32::sqrt(variance + epsilon))
}

#[cube]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + f32::exp(-x))
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn normalise_kernel(
    x: &[f32],
    scales: &[f32],
    shifts: &[f32],
    output: &mut [f32],
    channels: usize,
    pixels: usize,
    epsilon: f32,
    #[comptime] silu: bool,
    #[comptime] units: u32,
) {
    let mut shared = Shared::<[f32]>::new_slice(comptime!(units as usize));
    let values = channels * pixels;
    let (centre, inverse_std) = statistics(x, &mut shared, values, epsilon, units);
    let mut i = UNIT_POS as usize;
    while i < values {
        let at = group() * values + i;
        let row = group() * channels + i / pixels;
        let value = (x[at] - centre) * inverse_std * scales[row] + shifts[row];
        if silu {
            output[at] = value * sigmoid(value);
        } else {
            output[at] = value;
        }
        i += comptime!(units as usize);
    }
}

/// The gradient in front of the `SiLU`, if there is one.
#[cube]
fn before_silu(gradient: f32, value: f32, #[comptime] silu: bool) -> f32 {
    if silu {
        let rise = sigmoid(value);
        gradient * rise * (1.0 + value * (1.0 - rise))
    } else {
        gradient
    }
}

/// Two passes: the sums of each channel, then the gradient by the input.
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn gradients_kernel(
    x: &[f32],
    scales: &[f32],
    shifts: &[f32],
    gradient: &[f32],
    d_x: &mut [f32],
    d_scales: &mut [f32],
    d_shifts: &mut [f32],
    channels: usize,
    pixels: usize,
    epsilon: f32,
    #[comptime] silu: bool,
    #[comptime] units: u32,
) {
    let mut shared = Shared::<[f32]>::new_slice(comptime!(units as usize));
    let values = channels * pixels;
    let (centre, inverse_std) = statistics(x, &mut shared, values, epsilon, units);
    let mut level = 0.0f32;
    let mut slope = 0.0f32;
    for channel in 0..channels {
        let row = group() * channels + channel;
        let (scale, shift) = (scales[row], shifts[row]);
        let mut sum = 0.0f32;
        let mut product = 0.0f32;
        let mut i = UNIT_POS as usize;
        while i < pixels {
            let at = row * pixels + i;
            let normalised = (x[at] - centre) * inverse_std;
            let before = before_silu(gradient[at], normalised * scale + shift, silu);
            sum += before;
            product += before * normalised;
            i += comptime!(units as usize);
        }
        let sum = sum_over_units(&mut shared, sum, units);
        let product = sum_over_units(&mut shared, product, units);
        if UNIT_POS == 0 {
            d_shifts[row] = sum;
            d_scales[row] = product;
        }
        level += sum * scale;
        slope += product * scale;
    }
    let count = f32::cast_from(values);
    let mut i = UNIT_POS as usize;
    while i < values {
        let at = group() * values + i;
        let row = group() * channels + i / pixels;
        let normalised = (x[at] - centre) * inverse_std;
        let before = before_silu(gradient[at], normalised * scales[row] + shifts[row], silu);
        d_x[at] = (before * scales[row] - (level + normalised * slope) / count) * inverse_std;
        i += comptime!(units as usize);
    }
}
