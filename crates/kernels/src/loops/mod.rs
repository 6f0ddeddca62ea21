//! The inner loops: a tile of sums stays in registers while the input streams past it.
//!
//! All multiply one input value with 16 neighbouring values and add the products to 16 sums, for a handful of inputs at
//! once: as many as the processor has registers for. Written with `pulp`, which picks the instruction set when the program
//! runs (AVX-512, AVX2, NEON, or plain code).
//!
//! `direct` takes the kernel's elements one after the other and serves every geometry; `winograd` needs fewer
//! multiplications where the kernel is 3x3 and the stride 1; `few_outputs` is for convolutions to an image. Which one a
//! layer takes is decided in `path.rs`.

#![allow(
    clippy::inline_always,
    reason = "only what is inlined into the function that `pulp` compiles for an instruction set can use it"
)]

use pulp::{Arch, Simd, WithSimd};

use crate::maps::LANES;

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
            12 => {
                const $T: usize = 12;
                $call
            }
            9 => {
                const $T: usize = 9;
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
            3 => {
                const $T: usize = 3;
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

mod direct;
mod few_outputs;
#[cfg(test)]
mod tests;
mod transforms;
mod winograd;

pub(crate) use direct::{Direct, DirectGradient};
pub(crate) use few_outputs::FewOutputs;
pub(crate) use transforms::{TransformGradient, TransformWeights};
pub(crate) use winograd::{Winograd, WinogradGradient};

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

/// A convolution of one image.
pub(crate) struct Convolution<'a> {
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

impl Convolution<'_> {
    /// Writes vector `v` of 16 channels at `at`, once the residual is added.
    #[inline(always)]
    fn write<S: Simd>(&mut self, simd: S, at: usize, v: usize, mut value: S::f32s) {
        if let Some(residual) = self.residual {
            value = simd.add_f32s(value, vectors::<S>(&residual[at..at + LANES])[v]);
        }
        if self.relu {
            // A maximum would turn what is not a number into 0, and a network that overflowed would seem to know an answer.
            let zero = simd.splat_f32s(0.0);
            value = simd.select_f32s(simd.less_than_f32s(value, zero), zero, value);
        }
        vectors_mut::<S>(&mut self.output[at..at + LANES])[v] = value;
    }

    /// Writes the channels of one pixel of maps with few.
    #[inline(always)]
    fn write_few<S: Simd, const V: usize>(&mut self, at: usize, sums: &[S::f32s; V]) {
        let mut values = [0.0; LANES];
        vectors_mut::<S>(&mut values)[..V].copy_from_slice(sums);
        for (channel, value) in values[..self.out_pitch].iter().enumerate() {
            self.write_value(at + channel, *value);
        }
    }

    /// Writes one channel of one pixel at `at`, once the residual is added.
    #[inline(always)]
    fn write_value(&mut self, at: usize, sum: f32) {
        let value = sum + self.residual.map_or(0.0, |residual| residual[at]);
        self.output[at] = if self.relu { relu(value) } else { value };
    }
}

/// Negative values as 0; what is not a number stays so, where `max` would give 0.
#[inline(always)]
pub(crate) fn relu(value: f32) -> f32 {
    if value < 0.0 { 0.0 } else { value }
}

/// The gradient of the weights of a convolution, from one image; it is added to what is there.
pub(crate) struct WeightGradient<'a> {
    pub in_channels: usize,
    pub input: &'a [f32],
    pub in_pitch: usize,
    /// The gradient of the output.
    pub output: &'a [f32],
    pub out_pitch: usize,
    /// In the order of the weights that the loop reads.
    pub sums: &'a mut [f32],
}

impl WeightGradient<'_> {
    /// Adds sums to `T` rows of 16 from `row` on.
    #[inline(always)]
    fn add<S: Simd, const V: usize, const T: usize>(
        &mut self,
        simd: S,
        row: usize,
        sums: &[[S::f32s; V]; T],
    ) {
        let rows = self.sums[row * LANES..].chunks_exact_mut(LANES);
        for (sums, to) in sums.iter().zip(rows) {
            let to = vectors_mut::<S>(to);
            for v in 0..V {
                to[v] = simd.add_f32s(to[v], sums[v]);
            }
        }
    }
}

/// The largest tile that divides what is left, or else the largest that fits.
#[inline(always)]
fn tile_size(left: usize, sizes: &[usize]) -> usize {
    let fitting = || sizes.iter().copied().filter(|&size| size <= left);
    let whole = fitting().find(|&size| size >= 7 && left.is_multiple_of(size));
    whole.or_else(|| fitting().next()).unwrap_or(1)
}

#[inline(always)]
fn vectors<S: Simd>(values: &[f32]) -> &[S::f32s] {
    S::as_simd_f32s(values).0
}

#[inline(always)]
fn vectors_mut<S: Simd>(values: &mut [f32]) -> &mut [S::f32s] {
    S::as_mut_simd_f32s(values).0
}
