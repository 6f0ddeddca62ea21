//! The inner loops: a tile of output values stays in registers while the input streams past it.
//!
//! Both loops multiply one input value with 16 neighbouring values and add the products to 16 sums, for a handful of
//! inputs at once: as many as the processor has registers for. Written with `pulp`, which picks the instruction set when
//! the program runs (AVX-512, AVX2, NEON, or plain code).

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into the function that `pulp` compiles for an instruction set can use it"
)]

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use crate::geometry::Phase;
use crate::maps::LANES;

/// Runs a loop with the widest vectors that this processor has.
#[inline]
pub(crate) fn vectorized<W: WithSimd>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    {
        use pulp::x86::{V3, V4};
        if let Some(simd) = V4::try_new() {
            return Simd::vectorize(simd, work);
        }
        // `Arch` would need a feature for this one, and with it another build of Burn's matrix product.
        if let Some(simd) = V3::try_new() {
            return Simd::vectorize(simd, work);
        }
    }
    Arch::new().dispatch(work)
}

/// One phase of a convolution of one image.
pub(crate) struct Forward<'a> {
    pub phase: &'a Phase,
    /// `[out_channels / 16][taps][in_channels][16]`
    pub weights: &'a [f32],
    pub in_channels: usize,
    pub input: &'a [f32],
    pub in_pitch: usize,
    pub output: &'a mut [f32],
    pub out_pitch: usize,
    /// One value a channel, rounded up to whole lanes.
    pub bias: &'a [f32],
    /// Added to the output, in the same layout.
    pub residual: Option<&'a [f32]>,
    pub relu: bool,
}

/// One phase of the gradient of the weights, from one image; it is added to what is there.
pub(crate) struct WeightGradient<'a> {
    pub phase: &'a Phase,
    pub in_channels: usize,
    pub input: &'a [f32],
    pub in_pitch: usize,
    /// The gradient of the output.
    pub output: &'a [f32],
    pub out_pitch: usize,
    /// `[out_channels / 16][taps][in_channels][16]`
    pub sums: &'a mut [f32],
}

/// Runs a loop with the tile sizes that leave no register spilled: vectors in 16 lanes, and tiles by registers.
macro_rules! by_registers {
    ($simd:ident, $work:expr) => {
        match S::F32_LANES {
            16 => $work.run::<S, 1>($simd, &[16, 14, 8, 7, 4, 2, 1]),
            8 => $work.run::<S, 2>($simd, &[4, 2, 1]),
            4 => $work.run::<S, 4>($simd, &[4, 2, 1]),
            _ => $work.run::<S, LANES>($simd, &[1]),
        }
    };
}

/// Calls a function with the tile size as a constant.
macro_rules! with_tile {
    ($size:expr, $T:ident => $call:expr) => {
        match $size {
            16 => {
                const $T: usize = 16;
                $call
            }
            14 => {
                const $T: usize = 14;
                $call
            }
            8 => {
                const $T: usize = 8;
                $call
            }
            7 => {
                const $T: usize = 7;
                $call
            }
            4 => {
                const $T: usize = 4;
                $call
            }
            2 => {
                const $T: usize = 2;
                $call
            }
            _ => {
                const $T: usize = 1;
                $call
            }
        }
    };
}

/// The largest tile that divides what is left, or else the largest that fits.
#[inline(always)]
fn tile_size(left: usize, sizes: &[usize]) -> usize {
    let fitting = || sizes.iter().copied().filter(|&size| size <= left);
    let whole = fitting().find(|&size| size >= 7 && left.is_multiple_of(size));
    whole.or_else(|| fitting().next()).unwrap_or(1)
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        by_registers!(simd, self);
    }
}

impl Forward<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(mut self, simd: S, sizes: &[usize]) {
        let pixels = self.phase.inputs.len();
        for block in 0..self.bias.len() / LANES {
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
        let channels = self.in_channels;
        let bias = vectors::<S>(&self.bias[block * LANES..][..LANES]);
        let mut sums = [from_fn::<S::f32s, V, _>(|v| bias[v]); T];
        let starts: [usize; T] = from_fn(|t| self.phase.inputs[pixel + t]);
        let tap_weights = channels * LANES;
        let taps = &self.phase.taps;
        let weights = &self.weights[block * taps.len() * tap_weights..];
        for (tap, weights) in taps.iter().zip(weights.chunks_exact(tap_weights)) {
            let weights = &vectors::<S>(weights)[..channels * V];
            let rows: [&[f32]; T] =
                from_fn(|t| &self.input[(starts[t] + tap.offset) * self.in_pitch..][..channels]);
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
            let at = self.phase.outputs[pixel + t] * self.out_pitch + block * LANES;
            let output = S::as_mut_simd_f32s(&mut self.output[at..at + LANES]).0;
            for v in 0..V {
                let mut value = sums[v];
                if let Some(residual) = self.residual {
                    value = simd.add_f32s(value, vectors::<S>(&residual[at..at + LANES])[v]);
                }
                if self.relu {
                    value = simd.max_f32s(value, simd.splat_f32s(0.0));
                }
                output[v] = value;
            }
        }
    }
}

impl WithSimd for WeightGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        by_registers!(simd, self);
    }
}

impl WeightGradient<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(mut self, simd: S, sizes: &[usize]) {
        let rows = self.phase.taps.len() * self.in_channels;
        if rows == 0 {
            return;
        }
        for block in 0..self.sums.len() / (rows * LANES) {
            for tap in 0..self.phase.taps.len() {
                let mut channel = 0;
                while channel < self.in_channels {
                    let size = tile_size(self.in_channels - channel, sizes);
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
        let mut sums = [[simd.splat_f32s(0.0); V]; T];
        let offset = self.phase.taps[tap].offset;
        for (&from, &to) in self.phase.inputs.iter().zip(&self.phase.outputs) {
            let inputs = &self.input[(from + offset) * self.in_pitch + channel..][..T];
            let gradient = &self.output[to * self.out_pitch + block * LANES..][..LANES];
            let gradient = vectors::<S>(gradient);
            for t in 0..T {
                let value = simd.splat_f32s(inputs[t]);
                for v in 0..V {
                    sums[t][v] = simd.mul_add_f32s(value, gradient[v], sums[t][v]);
                }
            }
        }
        let row = (block * self.phase.taps.len() + tap) * self.in_channels + channel;
        for (t, sums) in sums.iter().enumerate() {
            let to = &mut self.sums[(row + t) * LANES..][..LANES];
            let to = S::as_mut_simd_f32s(to).0;
            for v in 0..V {
                to[v] = simd.add_f32s(to[v], sums[v]);
            }
        }
    }
}

#[inline(always)]
fn vectors<S: Simd>(values: &[f32]) -> &[S::f32s] {
    S::as_simd_f32s(values).0
}
