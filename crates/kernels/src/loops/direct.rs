//! One element of the kernel after the other.

use std::array::from_fn;

use pulp::{Simd, WithSimd};

use super::{Convolution, WeightGradient, tile_size, vectors};
use crate::geometry::Phase;
use crate::maps::LANES;

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
        let channels = of.in_channels;
        let bias = vectors::<S>(&of.bias[block * LANES..][..LANES]);
        let mut sums = [from_fn::<S::f32s, V, _>(|v| bias[v]); T];
        let starts: [usize; T] = from_fn(|t| self.phase.inputs[pixel + t]);
        let tap_weights = channels * LANES;
        let taps = &self.phase.taps;
        let weights = &of.weights[block * taps.len() * tap_weights..];
        for (tap, weights) in taps.iter().zip(weights.chunks_exact(tap_weights)) {
            let weights = &vectors::<S>(weights)[..channels * V];
            let rows: [&[f32]; T] =
                from_fn(|t| &of.input[(starts[t] + tap.offset) * of.in_pitch..][..channels]);
            for c in 0..channels {
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
            for (v, &sum) in sums.iter().enumerate() {
                of.finish(simd, at, v, sum);
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
        let rows = self.phase.taps.len() * self.of.in_channels;
        if rows == 0 {
            return;
        }
        for block in 0..self.of.sums.len() / (rows * LANES) {
            for tap in 0..self.phase.taps.len() {
                let mut channel = 0;
                while channel < self.of.in_channels {
                    let size = tile_size(self.of.in_channels - channel, sizes);
                    with_tile!(size, T => self.tile::<S, V, T>(simd, block, tap, channel));
                    channel += size;
                }
            }
        }
    }

    /// `T` input channels, 16 output channels, over all pixels.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const T: usize>(
        &mut self,
        simd: S,
        block: usize,
        tap: usize,
        channel: usize,
    ) {
        let of = &mut self.of;
        let mut sums = [[simd.splat_f32s(0.0); V]; T];
        let offset = self.phase.taps[tap].offset;
        for (&from, &to) in self.phase.inputs.iter().zip(&self.phase.outputs) {
            let inputs = &of.input[(from + offset) * of.in_pitch + channel..][..T];
            let gradient = &of.output[to * of.out_pitch + block * LANES..][..LANES];
            let gradient = vectors::<S>(gradient);
            for t in 0..T {
                let value = simd.splat_f32s(inputs[t]);
                for v in 0..V {
                    sums[t][v] = simd.mul_add_f32s(value, gradient[v], sums[t][v]);
                }
            }
        }
        let row = (block * self.phase.taps.len() + tap) * of.in_channels + channel;
        of.add(simd, row, &sums);
    }
}
