//! Convolutions of batches on all cores.

use rayon::prelude::*;

use crate::reuse::Reused;
use crate::weight_sums::{Sums, WeightSums};
use crate::{Epilogue, Geometry, Layer};

/// Pixels that keep the loops busy while they read the weights once: those of a map of 14x14.
const GROUP_PIXELS: usize = 196;

/// The most images in a group: more would not stay in the cache with their 192 channels.
const MOST_IN_GROUP: usize = 8;

/// Pixels of the images that one task works through: three images of 64x64, or all 16 of a smaller size.
const TASK_PIXELS: usize = 12_544;

/// The most images in a task.
const MOST_IN_TASK: usize = 16;

/// How a batch is divided. It follows from sizes only, so that sums are taken in the same order on any number of threads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Split {
    /// Images that the loops take at a time.
    pub group: usize,
    /// Images that one task works through, in whole groups.
    pub task: usize,
}

impl Split {
    /// For a batch of so many images.
    pub fn new(geometry: Geometry, images: usize) -> Self {
        let (from, to) = (geometry.in_side, geometry.out_side);
        let fitting = |pixels: usize, side: usize, most: usize| {
            1 << (pixels / (side * side)).clamp(1, most).ilog2()
        };
        let group = fitting(GROUP_PIXELS, from.min(to), MOST_IN_GROUP).min(images.max(1));
        let task: usize = fitting(TASK_PIXELS, from.max(to), MOST_IN_TASK);
        Self {
            group,
            task: task.next_multiple_of(group),
        }
    }
}

/// The gradients of a convolution.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// `[batch, in_channels, in_side, in_side]`, if it was asked for.
    pub input: Option<Vec<f32>>,
    /// In the order of the weights.
    pub weights: Vec<f32>,
    /// `[out_channels]`
    pub bias: Vec<f32>,
}

/// A convolution of a batch.
///
/// # Shapes
/// - `input`: `[batch, in_channels, in_side, in_side]`
/// - `weights`: as for [`Layer::new`]
/// - `bias`: `[out_channels]`
/// - output: `[batch, out_channels, out_side, out_side]`
///
/// # Panics
/// If the geometry is not supported, or the counts do not fit together.
#[must_use]
pub fn convolve(
    geometry: Geometry,
    in_channels: usize,
    input: &[f32],
    weights: &[f32],
    bias: &[f32],
) -> Vec<f32> {
    let in_values = in_channels * geometry.in_side * geometry.in_side;
    let out_values = bias.len() * geometry.out_side * geometry.out_side;
    let images = input.len() / in_values.max(1);
    let Split { group, task } = Split::new(geometry, images);
    let layer = Layer::for_group(group, geometry, in_channels, weights, bias);
    let mut output = vec![0.0; images * out_values];
    output
        .par_chunks_mut(task * out_values)
        .zip(input.par_chunks(task * in_values))
        .for_each_init(
            || [layer.input_shape(), layer.output_shape()].map(Reused::new),
            |[from, to], (output, input)| {
                let groups = output.chunks_mut(group * out_values);
                for (output, input) in groups.zip(input.chunks(group * in_values)) {
                    from.load(input);
                    layer.run(from, to, Epilogue::Plain);
                    to.store(output);
                }
            },
        );
    output
}

/// The gradients of [`convolve`] with respect to its input, its weights and its bias, from the gradient of its output.
///
/// # Shapes
/// - `output_gradient`: `[batch, out_channels, out_side, out_side]`; the rest as for [`convolve`]
///
/// # Panics
/// If the geometry is not supported, or the counts do not fit together.
#[must_use]
pub fn gradients(
    geometry: Geometry,
    [in_channels, out_channels]: [usize; 2],
    input: &[f32],
    weights: &[f32],
    output_gradient: &[f32],
    wants_input: bool,
) -> Gradients {
    let in_values = in_channels * geometry.in_side * geometry.in_side;
    let out_values = out_channels * geometry.out_side * geometry.out_side;
    let Split { group, task } = Split::new(geometry, input.len() / in_values.max(1));
    let sums = WeightSums::new(geometry, [in_channels, out_channels], group);
    let to_input = wants_input.then(|| {
        let no_bias = vec![0.0; in_channels];
        Layer::for_group(group, geometry.adjoint(), out_channels, weights, &no_bias)
    });
    let mut input_gradient = vec![0.0; if wants_input { input.len() } else { 0 }];
    let mut backs: Vec<&mut [f32]> = input_gradient.chunks_mut(task * in_values).collect();
    backs.resize_with(input.len().div_ceil(task * in_values), Default::default);
    let from_shape = [group, in_channels, geometry.in_side];
    let to_shape = [group, out_channels, geometry.out_side];
    let maps = || [from_shape, to_shape, from_shape].map(Reused::new);
    let parts: Vec<Sums> = input
        .par_chunks(task * in_values)
        .zip(output_gradient.par_chunks(task * out_values))
        .zip(backs)
        .map_init(maps, |[from, to, back_maps], ((input, gradient), back)| {
            let mut part = sums.empty();
            let mut backs = back.chunks_mut(group * in_values);
            let groups = input.chunks(group * in_values);
            for (input, gradient) in groups.zip(gradient.chunks(group * out_values)) {
                from.load(input);
                to.load(gradient);
                sums.add(from, to, &mut part);
                if let (Some(layer), Some(back)) = (&to_input, backs.next()) {
                    layer.run(to, back_maps, Epilogue::Plain);
                    back_maps.store(back);
                }
            }
            part
        })
        .collect();
    let (weights, bias) = sums.total(&parts);
    Gradients {
        input: wants_input.then_some(input_gradient),
        weights,
        bias,
    }
}
