use rayon::prelude::*;

use crate::weight_sums::{Sums, WeightSums};
use crate::{Finish, Geometry, Layer, Maps};

/// Images that one task works through. A fixed number, so that sums are taken in the same order on any number of threads.
pub(crate) const CHUNK: usize = 16;

/// The gradients of a convolution.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// `[n, in_channels, in_side, in_side]`, if it was asked for.
    pub input: Option<Vec<f32>>,
    /// In the order of the weights.
    pub weights: Vec<f32>,
    /// `[out_channels]`
    pub bias: Vec<f32>,
}

/// A convolution of a batch.
///
/// # Shapes
/// - `input`: `[n, in_channels, in_side, in_side]`
/// - `weights`: as for [`Layer::new`]
/// - `bias`: `[out_channels]`
/// - output: `[n, out_channels, out_side, out_side]`
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
    let layer = Layer::new(geometry, in_channels, weights, bias);
    let in_values = in_channels * geometry.in_side * geometry.in_side;
    let out_values = bias.len() * geometry.out_side * geometry.out_side;
    let images = input.len() / in_values.max(1);
    let mut output = vec![0.0; images * out_values];
    output
        .par_chunks_mut(CHUNK * out_values)
        .zip(input.par_chunks(CHUNK * in_values))
        .for_each(|(output, input)| {
            let (mut from, mut to) = (layer.input(), layer.output());
            let pairs = output.chunks_exact_mut(out_values);
            for (output, input) in pairs.zip(input.chunks_exact(in_values)) {
                from.load(input);
                layer.run(&from, &mut to, Finish::Plain);
                to.store(output);
            }
        });
    output
}

/// The gradients of [`convolve`] with respect to its input, its weights and its bias, from the gradient of its output.
///
/// # Shapes
/// - `output_gradient`: `[n, out_channels, out_side, out_side]`; the rest as for [`convolve`]
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
    let sums = WeightSums::new(geometry, [in_channels, out_channels]);
    let to_input = wants_input.then(|| {
        let no_bias = vec![0.0; in_channels];
        Layer::new(geometry.adjoint(), out_channels, weights, &no_bias)
    });
    let in_values = in_channels * geometry.in_side * geometry.in_side;
    let out_values = out_channels * geometry.out_side * geometry.out_side;
    let mut input_gradient = vec![0.0; if wants_input { input.len() } else { 0 }];
    let mut backs: Vec<&mut [f32]> = input_gradient.chunks_mut(CHUNK * in_values).collect();
    backs.resize_with(input.len().div_ceil(CHUNK * in_values), Default::default);
    let chunk = |((input, gradient), back): ((&[f32], &[f32]), &mut [f32])| {
        let mut from = Maps::zeros(in_channels, geometry.in_side);
        let mut to = Maps::zeros(out_channels, geometry.out_side);
        let mut back_maps = from.clone();
        let mut part = sums.empty();
        let mut backs = back.chunks_exact_mut(in_values);
        let images = input.chunks_exact(in_values);
        for (input, gradient) in images.zip(gradient.chunks_exact(out_values)) {
            from.load(input);
            to.load(gradient);
            sums.add(&from, &to, &mut part);
            if let (Some(layer), Some(back)) = (&to_input, backs.next()) {
                layer.run(&to, &mut back_maps, Finish::Plain);
                back_maps.store(back);
            }
        }
        part
    };
    let parts: Vec<Sums> = input
        .par_chunks(CHUNK * in_values)
        .zip(output_gradient.par_chunks(CHUNK * out_values))
        .zip(backs)
        .map(chunk)
        .collect();
    let (weights, bias) = sums.total(&parts);
    Gradients {
        input: wants_input.then_some(input_gradient),
        weights,
        bias,
    }
}
