//! Convolutions to up to four channels, those of an image: the vectors hold input channels instead of output channels, most
//! of which would be empty.

use std::array::from_fn;

use pulp::{Simd, WithSimd};

use super::{Convolution, vectors};
use crate::geometry::Phase;

/// One phase of a convolution to few channels, with weights `[runs][out_channels][values of the run]`. Its runs are those of
/// input channels that are rounded up to whole vectors.
pub(crate) struct FewOutputs<'a> {
    pub phase: &'a Phase,
    pub of: Convolution<'a>,
}

impl WithSimd for FewOutputs<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Pixels at a time: enough that no sum waits for the one before, and no more than stay in registers.
        match (self.of.out_pitch, S::REGISTER_COUNT) {
            (1, _) => self.run::<S, 1, 8>(simd),
            (2, _) => self.run::<S, 2, 4>(simd),
            (3, 32..) => self.run::<S, 3, 5>(simd),
            (3, _) => self.run::<S, 3, 3>(simd),
            (_, 32..) => self.run::<S, 4, 4>(simd),
            (_, _) => self.run::<S, 4, 2>(simd),
        }
    }
}

impl FewOutputs<'_> {
    /// `O` output channels, `N` pixels at a time.
    #[inline(always)]
    fn run<S: Simd, const O: usize, const N: usize>(mut self, simd: S) {
        let count = self.phase.inputs.len();
        let whole = count - count % N;
        for first in (0..whole).step_by(N) {
            self.pixels::<S, O, N>(simd, first);
        }
        for first in whole..count {
            self.pixels::<S, O, 1>(simd, first);
        }
    }

    #[inline(always)]
    fn pixels<S: Simd, const O: usize, const N: usize>(&mut self, simd: S, first: usize) {
        let of = &mut self.of;
        let mut sums = [[simd.splat_f32s(0.0); O]; N];
        let starts: [usize; N] = from_fn(|n| self.phase.inputs[first + n]);
        for run in &self.phase.runs {
            let weights = &of.weights[O * run.first..][..O * run.length];
            let length = run.length / S::F32_LANES;
            let weights: [&[S::f32s]; O] =
                from_fn(|o| &vectors::<S>(&weights[o * run.length..][..run.length])[..length]);
            let rows: [&[S::f32s]; N] = from_fn(|n| {
                let start = (starts[n] + run.offset) * of.in_pitch;
                &vectors::<S>(&of.input[start..][..run.length])[..length]
            });
            for i in 0..length {
                for n in 0..N {
                    for o in 0..O {
                        sums[n][o] = simd.mul_add_f32s(rows[n][i], weights[o][i], sums[n][o]);
                    }
                }
            }
        }
        for (n, sums) in sums.iter().enumerate() {
            let at = self.phase.outputs[first + n] * O;
            for (o, &sum) in sums.iter().enumerate() {
                of.write_value(at + o, simd.reduce_sum_f32s(sum) + of.bias[o]);
            }
        }
    }
}
