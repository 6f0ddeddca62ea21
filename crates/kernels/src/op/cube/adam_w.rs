//! A step of `AdamW`, and the average of weights: one launch each.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use cubecl::prelude::*;

use super::launch::{cubes_for, in_order, most_units, room, sum_over_units, units};
use crate::op::adam_w::AdamWStep;

pub fn step(
    weights: FloatTensor<Cube>,
    gradient: FloatTensor<Cube>,
    [moment1, moment2]: [FloatTensor<Cube>; 2],
    step: AdamWStep,
) -> (FloatTensor<Cube>, FloatTensor<Cube>, FloatTensor<Cube>) {
    let shape = weights.shape();
    let count = shape.num_elements();
    let [weights, gradient, moment1, moment2] = [weights, gradient, moment1, moment2].map(in_order);
    let [to_weights, to_moment1, to_moment2] = [(); 3].map(|()| room(&weights, shape.clone()));
    let client = weights.client.clone();
    let units = units(&weights);
    // Without clipping nobody looks at the factor.
    let factor = match step.largest_norm {
        Some(largest) => clipping_factor(&gradient, largest),
        None => gradient.clone(),
    };
    step_kernel::launch(
        &client,
        cubes_for(count, units),
        CubeDim::new_1d(units),
        weights.into_buffer_arg(),
        gradient.into_buffer_arg(),
        moment1.into_buffer_arg(),
        moment2.into_buffer_arg(),
        factor.into_buffer_arg(),
        to_weights.clone().into_buffer_arg(),
        to_moment1.clone().into_buffer_arg(),
        to_moment2.clone().into_buffer_arg(),
        step.beta1,
        step.beta2,
        step.correction1(),
        step.correction2(),
        step.epsilon,
        step.rate as f32,
        step.kept(),
        step.largest_norm.is_some(),
    );
    (to_weights, to_moment1, to_moment2)
}

/// What the gradient is multiplied by so that its norm is at most `largest`, `[1]`.
fn clipping_factor(gradient: &FloatTensor<Cube>, largest: f32) -> FloatTensor<Cube> {
    let (factor, units) = (room(gradient, [1].into()), most_units(gradient));
    clipping_kernel::launch(
        &gradient.client.clone(),
        CubeCount::Static(1, 1, 1),
        CubeDim::new_1d(units),
        gradient.clone().into_buffer_arg(),
        factor.clone().into_buffer_arg(),
        largest,
        units,
    );
    factor
}

pub fn blend(
    average: FloatTensor<Cube>,
    current: FloatTensor<Cube>,
    share: f64,
) -> FloatTensor<Cube> {
    let shape = average.shape();
    let count = shape.num_elements();
    let [average, current] = [average, current].map(in_order);
    let result = room(&average, shape);
    let units = units(&average);
    blend_kernel::launch(
        &average.client.clone(),
        cubes_for(count, units),
        CubeDim::new_1d(units),
        average.into_buffer_arg(),
        current.into_buffer_arg(),
        result.clone().into_buffer_arg(),
        share as f32,
        (1.0 - share) as f32,
    );
    result
}

/// By how much a gradient is scaled so that its norm is at most `largest`.
#[cube(launch)]
fn clipping_kernel(gradient: &[f32], factor: &mut [f32], largest: f32, #[comptime] units: u32) {
    let mut shared = Shared::<[f32]>::new_slice(comptime!(units as usize));
    let mut sum = 0.0f32;
    let mut i = UNIT_POS as usize;
    while i < gradient.len() {
        sum += gradient[i] * gradient[i];
        i += comptime!(units as usize);
    }
    let sum = sum_over_units(&mut shared, sum, units);
    if UNIT_POS == 0 {
        // The smallest number above 0 that is kept in full precision, as Burn's clipping has it.
        factor[0] = f32::min(largest / (f32::sqrt(sum) + 1.175_494_4e-38), 1.0f32);
    }
}

#[cube(launch)]
#[allow(clippy::too_many_arguments)]
fn step_kernel(
    weights: &[f32],
    gradient: &[f32],
    moment1: &[f32],
    moment2: &[f32],
    factor: &[f32],
    to_weights: &mut [f32],
    to_moment1: &mut [f32],
    to_moment2: &mut [f32],
    beta1: f32,
    beta2: f32,
    correction1: f32,
    correction2: f32,
    epsilon: f32,
    rate: f32,
    kept: f32,
    #[comptime] clipped: bool,
) {
    let i = ABSOLUTE_POS;
    if i < weights.len() {
        let mut slope = gradient[i];
        if clipped {
            slope *= factor[0];
        }
        let first = moment1[i] * beta1 + slope * (1.0 - beta1);
        let second = moment2[i] * beta2 + slope * slope * (1.0 - beta2);
        let delta = first / correction1 / (f32::sqrt(second / correction2) + epsilon);
        to_moment1[i] = first;
        to_moment2[i] = second;
        to_weights[i] = weights[i] * kept - delta * rate;
    }
}

#[cube(launch)]
fn blend_kernel(average: &[f32], current: &[f32], result: &mut [f32], share: f32, rest: f32) {
    let i = ABSOLUTE_POS;
    if i < average.len() {
        result[i] = average[i] * share + current[i] * rest;
    }
}
