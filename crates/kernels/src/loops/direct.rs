//! One element of the kernel after the other.

use std::array::from_fn;
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{Convolution, WeightGradient, tile_size, vectors};
use crate::geometry::Phase;
use crate::maps::LANES;

/// Input values at a time in a gradient: also the lengths of the runs of one and three channels in kernels of 3x3 and 4x4.
const GRADIENT_SIZES: [usize; 9] = [16, 12, 9, 8, 7, 4, 3, 2, 1];

/// Pixels at a time in a gradient: they stay in the cache, and a longer sum would round more away.
const GRADIENT_PIXELS: usize = 1024;

/// One phase of a convolution, with weights `[out_channels / 16][taps][in_channels][16]`.
pub(crate) struct Direct<'a> {
    pub phase: &'a Phase,
    pub of: Convolution<'a>,
}

/// The same phase of the gradient of these weights.
pub(crate) struct DirectGradient<'a> {
    pub phase: &'a Phase,
    pub of: WeightGradient<'a>,
}

impl WithSimd for Direct<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        by_registers!(simd, self);
    }
}

impl Direct<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(mut self, simd: S, sizes: &[usize]) {
        let pixels = self.phase.inputs.len();
        for block in 0..self.of.bias.len() / LANES {
            let mut pixel = 0;
            while pixel < pixels {
                let size = tile_size(pixels - pixel, sizes);
                with_tile!(size, T => self.tile::<S, V, T>(simd, block, pixel));
                pixel += size;
            }
        }
    }

    /// `T` output pixels, 16 channels.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const T: usize>(
        &mut self,
        simd: S,
        block: usize,
        pixel: usize,
    ) {
        let of = &mut self.of;
        let bias = vectors::<S>(&of.bias[block * LANES..][..LANES]);
        let mut sums = [from_fn::<S::f32s, V, _>(|v| bias[v]); T];
        let starts: [usize; T] = from_fn(|t| self.phase.inputs[pixel + t]);
        let weights = &of.weights[block * self.phase.taps.len() * of.in_channels * LANES..];
        for run in &self.phase.runs {
            let weights = &weights[run.first * LANES..][..run.length * LANES];
            let weights = &vectors::<S>(weights)[..run.length * V];
            let rows: [&[f32]; T] =
                from_fn(|t| &of.input[(starts[t] + run.offset) * of.in_pitch..][..run.length]);
            for c in 0..run.length {
                let weight: [S::f32s; V] = from_fn(|v| weights[c * V + v]);
                for t in 0..T {
                    let value = simd.splat_f32s(rows[t][c]);
                    for v in 0..V {
                        sums[t][v] = simd.mul_add_f32s(value, weight[v], sums[t][v]);
                    }
                }
            }
        }
        for (t, sums) in sums.iter().enumerate() {
            let at = self.phase.outputs[pixel + t] * of.out_pitch + block * LANES;
            if of.out_pitch < LANES {
                of.write_few::<S, V>(at, sums);
                continue;
            }
            for (v, &sum) in sums.iter().enumerate() {
                of.write(simd, at, v, sum);
            }
        }
    }
}

impl WithSimd for DirectGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        by_registers!(simd, self);
    }
}

impl DirectGradient<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(mut self, simd: S, sizes: &[usize]) {
        let sizes = if V == 1 { &GRADIENT_SIZES } else { sizes };
        let rows = self.phase.taps.len() * self.of.in_channels;
        if rows == 0 {
            return;
        }
        let pixels = self.phase.inputs.len();
        for first in (0..pixels).step_by(GRADIENT_PIXELS) {
            let range = first..pixels.min(first + GRADIENT_PIXELS);
            for block in 0..self.of.sums.len() / (rows * LANES) {
                for &run in &self.phase.runs {
                    let mut at = 0;
                    while at < run.length {
                        let size = tile_size(run.length - at, sizes);
                        let row = block * rows + run.first + at;
                        let from = run.offset * self.of.in_pitch + at;
                        let range = range.clone();
                        with_tile!(size, T => self.tile::<S, V, T>(simd, range, block, from, row));
                        at += size;
                    }
                }
            }
        }
    }

    /// `T` input values, 16 output channels, over some pixels. The first of the values lies at `from` for the first pixel, and
    /// `row` is that of its sums.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const T: usize>(
        &mut self,
        simd: S,
        range: Range<usize>,
        block: usize,
        from: usize,
        row: usize,
    ) {
        let of = &mut self.of;
        let mut sums = [[simd.splat_f32s(0.0); V]; T];
        let (inputs, outputs) = (
            &self.phase.inputs[range.clone()],
            &self.phase.outputs[range],
        );
        for (&input, &output) in inputs.iter().zip(outputs) {
            let inputs = &of.input[input * of.in_pitch + from..][..T];
            let gradient = &of.output[output * of.out_pitch + block * LANES..][..LANES];
            let gradient = vectors::<S>(gradient);
            for t in 0..T {
                let value = simd.splat_f32s(inputs[t]);
                for v in 0..V {
                    sums[t][v] = simd.mul_add_f32s(value, gradient[v], sums[t][v]);
                }
            }
        }
        of.add(simd, row, &sums);
    }
}
