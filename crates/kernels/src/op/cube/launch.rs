//! What every launch needs: buffers that lie in order, room for results, and how many units take part.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use burn::tensor::{DType, Shape};
use cubecl::prelude::*;

/// The most units of a cube where there are many cubes: more bring nothing where each does little.
const USUAL_UNITS: u32 = 256;

/// The most cubes in one direction that every device takes.
const MOST_CUBES: u32 = 65_535;

/// The tensor with its numbers one after the other in the order of its dimensions.
pub fn in_order(tensor: FloatTensor<Cube>) -> FloatTensor<Cube> {
    let shape = tensor.shape();
    let numbers = shape.num_elements();
    // A reshape copies what does not lie in order.
    let flat = Cube::float_reshape(tensor, Shape::new([numbers]));
    Cube::float_reshape(flat, shape)
}

/// Room for numbers that a kernel will write.
pub fn room(like: &FloatTensor<Cube>, shape: Shape) -> FloatTensor<Cube> {
    Cube::float_empty(shape, &like.device(), DType::F32.into())
}

/// Units of one cube of many: a power of two.
pub fn units(tensor: &FloatTensor<Cube>) -> u32 {
    most_units(tensor).min(USUAL_UNITS)
}

/// Units of a cube that works alone: a power of two, as many as the device lets work together.
pub fn most_units(tensor: &FloatTensor<Cube>) -> u32 {
    let most = tensor.client.properties().hardware.max_units_per_cube;
    1 << most.max(1).ilog2()
}

/// Cubes of so many units that each of `count` numbers has one; kernels stop at those beyond.
pub fn cubes_for(count: usize, units: u32) -> CubeCount {
    let cubes = count.div_ceil(units as usize).max(1) as u32;
    let rows = cubes.div_ceil(MOST_CUBES);
    CubeCount::Static(cubes.div_ceil(rows), rows, 1)
}

/// The sum of what each unit of a cube holds, known to all of them. The number of units is a power of two.
#[cube]
pub fn sum_over_units(shared: &mut Shared<[f32]>, value: f32, #[comptime] units: u32) -> f32 {
    let unit = UNIT_POS as usize;
    shared[unit] = value;
    sync_cube();
    let mut reach = comptime!(units as usize / 2).runtime();
    while reach > 0 {
        if unit < reach {
            let other = shared[unit + reach];
            shared[unit] += other;
        }
        sync_cube();
        reach /= 2;
    }
    let sum = shared[0];
    // Nobody writes the next sum before all have read this one.
    sync_cube();
    sum
}
