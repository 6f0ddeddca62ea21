//! Batch normalisation: the values of a channel are summed by several cubes, whose sums the second launch adds up while it
//! normalises.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use cubecl::prelude::*;

use super::launch::{in_order, room, sum_over_units, units};

/// Values that a unit sums on its own: more cubes than that would wait for each other.
const VALUES_A_UNIT: usize = 16;
/// The most cubes that share a channel. The second launch adds up their sums in every unit.
const MOST_PARTS: usize = 32;

/// How the values of `[batch, channels, pixels]` are divided.
#[derive(Clone, Copy)]
struct Division {
    channels: usize,
    pixels: usize,
    /// Values of a channel.
    values: usize,
    parts: usize,
    units: u32,
}

impl Division {
    fn of(x: &FloatTensor<Cube>) -> Self {
        let shape = x.shape();
        let pixels = shape[2] * shape[3];
        let (values, units) = (shape[0] * pixels, units(x));
        let parts = values.div_ceil(units as usize * VALUES_A_UNIT);
        Self {
            channels: shape[1],
            pixels,
            values,
            parts: parts.clamp(1, MOST_PARTS),
            units,
        }
    }

    fn count(&self) -> CubeCount {
        CubeCount::Static(self.parts as u32, self.channels as u32, 1)
    }

    fn dim(&self) -> CubeDim {
        CubeDim::new_1d(self.units)
    }

    /// Two sums for each part of each channel.
    fn sums(&self, like: &FloatTensor<Cube>) -> FloatTensor<Cube> {
        room(like, [self.channels * self.parts * 2].into())
    }
}

pub fn forward(
    x: FloatTensor<Cube>,
    gamma: FloatTensor<Cube>,
    beta: FloatTensor<Cube>,
    epsilon: f64,
    relu: bool,
) -> (FloatTensor<Cube>, FloatTensor<Cube>, FloatTensor<Cube>) {
    let [x, gamma, beta] = [x, gamma, beta].map(in_order);
    let division = Division::of(&x);
    let client = x.client.clone();
    let sums = division.sums(&x);
    moments_kernel::launch(
        &client,
        division.count(),
        division.dim(),
        x.clone().into_buffer_arg(),
        sums.clone().into_buffer_arg(),
        division.pixels,
        division.values,
        division.channels,
        division.units,
    );
    let output = room(&x, x.shape());
    let [mean, variance] = [(); 2].map(|()| room(&x, [division.channels].into()));
    normalise_kernel::launch(
        &client,
        division.count(),
        division.dim(),
        x.into_buffer_arg(),
        sums.into_buffer_arg(),
        gamma.into_buffer_arg(),
        beta.into_buffer_arg(),
        output.clone().into_buffer_arg(),
        mean.clone().into_buffer_arg(),
        variance.clone().into_buffer_arg(),
        division.pixels,
        division.values,
        division.channels,
        epsilon as f32,
        relu,
        division.units,
    );
    (output, mean, variance)
}

/// `rows` are `gamma`, `beta`, mean and variance.
pub fn backward(
    x: FloatTensor<Cube>,
    rows: [FloatTensor<Cube>; 4],
    gradient: FloatTensor<Cube>,
    epsilon: f64,
    relu: bool,
) -> (FloatTensor<Cube>, FloatTensor<Cube>, FloatTensor<Cube>) {
    let [x, gradient] = [x, gradient].map(in_order);
    let [gamma, beta, mean, variance] = rows.map(in_order);
    let division = Division::of(&x);
    let client = x.client.clone();
    let sums = division.sums(&x);
    gradient_sums_kernel::launch(
        &client,
        division.count(),
        division.dim(),
        x.clone().into_buffer_arg(),
        gradient.clone().into_buffer_arg(),
        gamma.clone().into_buffer_arg(),
        beta.clone().into_buffer_arg(),
        mean.clone().into_buffer_arg(),
        variance.clone().into_buffer_arg(),
        sums.clone().into_buffer_arg(),
        division.pixels,
        division.values,
        division.channels,
        epsilon as f32,
        relu,
        division.units,
    );
    let d_x = room(&x, x.shape());
    let [d_gamma, d_beta] = [(); 2].map(|()| room(&x, [division.channels].into()));
    gradients_kernel::launch(
        &client,
        division.count(),
        division.dim(),
        x.into_buffer_arg(),
        gradient.into_buffer_arg(),
        gamma.into_buffer_arg(),
        beta.into_buffer_arg(),
        mean.into_buffer_arg(),
        variance.into_buffer_arg(),
        sums.into_buffer_arg(),
        d_x.clone().into_buffer_arg(),
        d_gamma.clone().into_buffer_arg(),
        d_beta.clone().into_buffer_arg(),
        division.pixels,
        division.values,
        division.channels,
        epsilon as f32,
        relu,
        division.units,
    );
    (d_x, d_gamma, d_beta)
}

/// Where value `i` of a channel lies.
#[cube]
fn place(i: usize, channel: usize, channels: usize, pixels: usize) -> usize {
    (i / pixels * channels + channel) * pixels + i % pixels
}

/// Writes this cube's two sums.
#[cube]
fn write_sums(sums: &mut [f32], first: f32, second: f32) {
    if UNIT_POS == 0 {
        let cube = (CUBE_POS_Y * CUBE_COUNT_X + CUBE_POS_X) as usize;
        sums[2 * cube] = first;
        sums[2 * cube + 1] = second;
    }
}

/// One of the two sums of a channel over all its parts.
#[cube]
fn whole_sum(sums: &[f32], which: usize) -> f32 {
    let first = (CUBE_POS_Y * CUBE_COUNT_X) as usize;
    let parts = CUBE_COUNT_X as usize;
    let mut sum = 0.0f32;
    for part in 0..parts {
        sum += sums[2 * (first + part) + which];
    }
    sum
}

/// The sums of the values and of their squares, both less the channel's first value: without it, squares of values far from 0
/// would lose their last digits.
#[cube(launch)]
fn moments_kernel(
    x: &[f32],
    sums: &mut [f32],
    pixels: usize,
    values: usize,
    channels: usize,
    #[comptime] units: u32,
) {
    let mut shared = Shared::<[f32]>::new_slice(comptime!(units as usize));
    let channel = CUBE_POS_Y as usize;
    let level = x[channel * pixels];
    let mut sum = 0.0f32;
    let mut squares = 0.0f32;
    let mut i = (CUBE_POS_X * units + UNIT_POS) as usize;
    while i < values {
        let value = x[place(i, channel, channels, pixels)] - level;
        sum += value;
        squares += value * value;
        i += (CUBE_COUNT_X * units) as usize;
    }
    let sum = sum_over_units(&mut shared, sum, units);
    let squares = sum_over_units(&mut shared, squares, units);
    write_sums(sums, sum, squares);
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn normalise_kernel(
    x: &[f32],
    sums: &[f32],
    gamma: &[f32],
    beta: &[f32],
    output: &mut [f32],
    mean: &mut [f32],
    variance: &mut [f32],
    pixels: usize,
    values: usize,
    channels: usize,
    epsilon: f32,
    #[comptime] relu: bool,
    #[comptime] units: u32,
) {
    let channel = CUBE_POS_Y as usize;
    let count = f32::cast_from(values);
    let above = whole_sum(sums, 0) / count;
    let centre = x[channel * pixels] + above;
    let spread = f32::max(whole_sum(sums, 1) / count - above * above, 0.0f32);
    if CUBE_POS_X == 0 && UNIT_POS == 0 {
        mean[channel] = centre;
        variance[channel] = spread;
    }
    let scale = gamma[channel] / f32::sqrt(spread + epsilon);
    let shift = beta[channel];
    let mut i = (CUBE_POS_X * units + UNIT_POS) as usize;
    while i < values {
        let at = place(i, channel, channels, pixels);
        let value = (x[at] - centre) * scale + shift;
        // Not a maximum, which would hide what is not a number.
        if relu {
            output[at] = select(value < 0.0, 0.0f32, value);
        } else {
            output[at] = value;
        }
        i += (CUBE_COUNT_X * units) as usize;
    }
}

/// The gradient behind the `ReLU`, if there is one.
#[cube]
fn behind_relu(
    gradient: f32,
    normalised: f32,
    gamma: f32,
    beta: f32,
    #[comptime] relu: bool,
) -> f32 {
    if relu {
        select(normalised * gamma + beta > 0.0, gradient, 0.0f32)
    } else {
        gradient
    }
}

/// The sums of the gradient, and of the gradient times the normalised values.
#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn gradient_sums_kernel(
    x: &[f32],
    gradient: &[f32],
    gamma: &[f32],
    beta: &[f32],
    mean: &[f32],
    variance: &[f32],
    sums: &mut [f32],
    pixels: usize,
    values: usize,
    channels: usize,
    epsilon: f32,
    #[comptime] relu: bool,
    #[comptime] units: u32,
) {
    let mut shared = Shared::<[f32]>::new_slice(comptime!(units as usize));
    let channel = CUBE_POS_Y as usize;
    let (centre, scale, shift) = (mean[channel], gamma[channel], beta[channel]);
    let inverse_std = 1.0 / f32::sqrt(variance[channel] + epsilon);
    let mut sum = 0.0f32;
    let mut product = 0.0f32;
    let mut i = (CUBE_POS_X * units + UNIT_POS) as usize;
    while i < values {
        let at = place(i, channel, channels, pixels);
        let normalised = (x[at] - centre) * inverse_std;
        let slope = behind_relu(gradient[at], normalised, scale, shift, relu);
        sum += slope;
        product += slope * normalised;
        i += (CUBE_COUNT_X * units) as usize;
    }
    let sum = sum_over_units(&mut shared, sum, units);
    let product = sum_over_units(&mut shared, product, units);
    write_sums(sums, sum, product);
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn gradients_kernel(
    x: &[f32],
    gradient: &[f32],
    gamma: &[f32],
    beta: &[f32],
    mean: &[f32],
    variance: &[f32],
    sums: &[f32],
    d_x: &mut [f32],
    d_gamma: &mut [f32],
    d_beta: &mut [f32],
    pixels: usize,
    values: usize,
    channels: usize,
    epsilon: f32,
    #[comptime] relu: bool,
    #[comptime] units: u32,
) {
    let channel = CUBE_POS_Y as usize;
    let (centre, scale, shift) = (mean[channel], gamma[channel], beta[channel]);
    let inverse_std = 1.0 / f32::sqrt(variance[channel] + epsilon);
    let (sum, product) = (whole_sum(sums, 0), whole_sum(sums, 1));
    if CUBE_POS_X == 0 && UNIT_POS == 0 {
        d_gamma[channel] = product;
        d_beta[channel] = sum;
    }
    let count = f32::cast_from(values);
    let mut i = (CUBE_POS_X * units + UNIT_POS) as usize;
    while i < values {
        let at = place(i, channel, channels, pixels);
        let normalised = (x[at] - centre) * inverse_std;
        let slope = behind_relu(gradient[at], normalised, scale, shift, relu);
        d_x[at] = (slope - sum / count - normalised * (product / count)) * (scale * inverse_std);
        i += (CUBE_COUNT_X * units) as usize;
    }
}
