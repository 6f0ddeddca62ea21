use rayon::prelude::*;

use crate::pack::WeightOrder;
use crate::tile::{WeightGradient, vectorized};
use crate::{Finish, Geometry, Layer, Maps};

/// Images that one task works through. A fixed number, so that sums are taken in the same order on any number of threads.
const CHUNK: usize = 16;

/// The gradients of a convolution.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// `[n, in_channels, in_side, in_side]`, if it was asked for.
    pub input: Option<Vec<f32>>,
    /// In the order of the weights.
    pub weights: Vec<f32>,
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

/// The gradients of [`convolve`] with respect to its input and its weights, from the gradient of its output.
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
    let order = WeightOrder::new(geometry, in_channels, out_channels);
    let phases = geometry.phases();
    let back = wants_input.then(|| {
        let bias = vec![0.0; in_channels];
        Layer::new(geometry.adjoint(), out_channels, weights, &bias)
    });
    let in_values = in_channels * geometry.in_side * geometry.in_side;
    let out_values = out_channels * geometry.out_side * geometry.out_side;
    let chunk = |(input, gradient): (&[f32], &[f32])| {
        let mut from = Maps::zeros(in_channels, geometry.in_side);
        let mut to = Maps::zeros(out_channels, geometry.out_side);
        let mut back_to = from.clone();
        let mut sums: Vec<Vec<f32>> = phases
            .iter()
            .map(|phase| vec![0.0; order.packed_len(phase)])
            .collect();
        let mut input_gradient = vec![0.0; if wants_input { input.len() } else { 0 }];
        let images = input.chunks_exact(in_values);
        for (i, (input, gradient)) in images.zip(gradient.chunks_exact(out_values)).enumerate() {
            from.load(input);
            to.load(gradient);
            for (phase, sums) in phases.iter().zip(&mut sums) {
                vectorized(WeightGradient {
                    phase,
                    in_channels,
                    input: &from.values,
                    in_pitch: from.pitch(),
                    output: &to.values,
                    out_pitch: to.pitch(),
                    sums,
                });
            }
            if let Some(back) = &back {
                back.run(&to, &mut back_to, Finish::Plain);
                back_to.store(&mut input_gradient[i * in_values..(i + 1) * in_values]);
            }
        }
        (input_gradient, sums)
    };
    let parts: Vec<_> = input
        .par_chunks(CHUNK * in_values)
        .zip(output_gradient.par_chunks(CHUNK * out_values))
        .map(chunk)
        .collect();
    let mut weight_gradient = vec![0.0; order.len()];
    for (p, phase) in phases.iter().enumerate() {
        let mut total = vec![0.0f32; order.packed_len(phase)];
        for (_, sums) in &parts {
            for (total, sum) in total.iter_mut().zip(&sums[p]) {
                *total += sum;
            }
        }
        order.each(phase, |index, place| weight_gradient[index] = total[place]);
    }
    Gradients {
        input: wants_input.then(|| {
            parts
                .iter()
                .flat_map(|(part, _)| part.iter().copied())
                .collect()
        }),
        weights: weight_gradient,
    }
}
