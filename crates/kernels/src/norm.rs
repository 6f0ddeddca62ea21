//! Batch normalisation with the statistics of the batch, and its gradient, in as few passes over memory as the sums allow.

use rayon::prelude::*;

use crate::loops::vectorized;
use crate::maps::LANES;

/// Sizes of a batch of maps.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    pub channels: usize,
    /// Pixels of a map.
    pub pixels: usize,
}

/// What a channel was normalised with.
#[derive(Debug, Clone)]
pub struct Norm<'a> {
    pub gamma: &'a [f32],
    pub beta: &'a [f32],
    pub epsilon: f32,
    /// Whether negative results became 0.
    pub relu: bool,
}

/// Mean and biased variance of each channel.
pub fn statistics(batch: Batch, values: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let count = (values.len() / batch.channels.max(1)).max(1) as f64;
    let channel = |c: usize| {
        let total = |centre: f32, square: bool| -> f64 {
            let planes = planes(batch, values, c);
            planes.map(|plane| plane_sum(plane, centre, square)).sum()
        };
        let mean = (total(0.0, false) / count) as f32;
        (mean, (total(mean, true) / count) as f32)
    };
    (0..batch.channels).into_par_iter().map(channel).unzip()
}

/// `gamma (x - mean) / sqrt(variance + epsilon) + beta`, and negative results as 0 if wanted.
pub fn forward(
    batch: Batch,
    norm: &Norm<'_>,
    mean: &[f32],
    variance: &[f32],
    values: &[f32],
) -> Vec<f32> {
    let mut output = vec![0.0; values.len()];
    output
        .par_chunks_mut(batch.channels * batch.pixels)
        .zip(values.par_chunks(batch.channels * batch.pixels))
        .for_each(|(output, values)| {
            let planes = output.chunks_exact_mut(batch.pixels);
            for (c, (output, values)) in planes.zip(values.chunks_exact(batch.pixels)).enumerate() {
                let scale = norm.gamma[c] / (variance[c] + norm.epsilon).sqrt();
                let shift = norm.beta[c] - mean[c] * scale;
                let floor = if norm.relu { 0.0 } else { f32::NEG_INFINITY };
                vectorized(|| {
                    for (to, from) in output.iter_mut().zip(values) {
                        // Not `max`, which would hide what is not a number.
                        let value = from * scale + shift;
                        *to = if value < floor { floor } else { value };
                    }
                });
            }
        });
    output
}

/// Gradients with respect to the input, `gamma` and `beta` (Ioffe and Szegedy 2015, section 3).
pub fn backward(
    batch: Batch,
    norm: &Norm<'_>,
    mean: &[f32],
    variance: &[f32],
    values: &[f32],
    gradient: &[f32],
) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    let count = (values.len() / batch.channels.max(1)).max(1) as f32;
    let line = |c: usize| {
        let inverse_std = 1.0 / (variance[c] + norm.epsilon).sqrt();
        let scale = norm.gamma[c] * inverse_std;
        let floor = if norm.relu { 0.0 } else { f32::NEG_INFINITY };
        (inverse_std, scale, norm.beta[c] - mean[c] * scale, floor)
    };
    let sums = |c: usize| {
        let (inverse_std, scale, shift, floor) = line(c);
        let (mut plain, mut weighted) = (0.0, 0.0);
        let pairs = planes(batch, values, c).zip(planes(batch, gradient, c));
        for (values, gradient) in pairs {
            let (a, b) = plane_gradient_sums(values, gradient, [scale, shift, floor, mean[c]]);
            plain += a;
            weighted += b;
        }
        (weighted as f32 * inverse_std, plain as f32)
    };
    let (d_gamma, d_beta): (Vec<f32>, Vec<f32>) =
        (0..batch.channels).into_par_iter().map(sums).unzip();
    let mut d_input = vec![0.0; values.len()];
    let image = batch.channels * batch.pixels;
    d_input
        .par_chunks_mut(image)
        .zip(values.par_chunks(image).zip(gradient.par_chunks(image)))
        .for_each(|(output, (values, gradient))| {
            for (c, output) in output.chunks_exact_mut(batch.pixels).enumerate() {
                let part = c * batch.pixels..(c + 1) * batch.pixels;
                let (values, gradient) = (&values[part.clone()], &gradient[part]);
                let (inverse_std, scale, shift, floor) = line(c);
                // d x = scale (g - mean(g) - normalised mean(g normalised)), the last two as a line in x
                let slope = inverse_std * d_gamma[c] / count;
                let level = d_beta[c] / count - mean[c] * slope;
                vectorized(|| {
                    for ((to, x), g) in output.iter_mut().zip(values).zip(gradient) {
                        let g = if x * scale + shift > floor { *g } else { 0.0 };
                        *to = scale * (g - level - x * slope);
                    }
                });
            }
        });
    (d_input, d_gamma, d_beta)
}

/// The maps of one channel, one an image.
fn planes(batch: Batch, values: &[f32], channel: usize) -> impl Iterator<Item = &[f32]> {
    let start = channel * batch.pixels;
    values
        .chunks_exact(batch.channels * batch.pixels)
        .map(move |image| &image[start..start + batch.pixels])
}

/// The sum over a map of `x - centre`, or of its square.
fn plane_sum(plane: &[f32], centre: f32, square: bool) -> f64 {
    vectorized(
        #[inline(always)]
        || {
            let mut sums = [0.0f32; LANES];
            let term = |x: f32| {
                if square {
                    (x - centre) * (x - centre)
                } else {
                    x - centre
                }
            };
            let (chunks, rest) = plane.as_chunks::<LANES>();
            for chunk in chunks {
                for (sum, x) in sums.iter_mut().zip(chunk) {
                    *sum += term(*x);
                }
            }
            for (sum, x) in sums.iter_mut().zip(rest) {
                *sum += term(*x);
            }
            sums.iter().map(|sum| f64::from(*sum)).sum()
        },
    )
}

/// The sums over a map of `g` and of `g (x - mean)`, with `g` only where the output was not cut off.
fn plane_gradient_sums(
    values: &[f32],
    gradient: &[f32],
    [scale, shift, floor, mean]: [f32; 4],
) -> (f64, f64) {
    vectorized(
        #[inline(always)]
        || {
            let mut plain = [0.0f32; LANES];
            let mut weighted = [0.0f32; LANES];
            let mut add = |i: usize, x: f32, g: f32| {
                let g = if x * scale + shift > floor { g } else { 0.0 };
                plain[i] += g;
                weighted[i] += g * (x - mean);
            };
            let (x_chunks, x_rest) = values.as_chunks::<LANES>();
            let (g_chunks, g_rest) = gradient.as_chunks::<LANES>();
            for (x, g) in x_chunks.iter().zip(g_chunks) {
                for i in 0..LANES {
                    add(i, x[i], g[i]);
                }
            }
            for (i, (x, g)) in x_rest.iter().zip(g_rest).enumerate() {
                add(i, *x, *g);
            }
            let total = |sums: [f32; LANES]| sums.iter().map(|sum| f64::from(*sum)).sum();
            (total(plain), total(weighted))
        },
    )
}
