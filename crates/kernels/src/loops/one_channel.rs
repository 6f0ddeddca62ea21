//! Convolutions to a single channel: the vectors hold input channels instead of output channels, 15 of which would be
//! empty.

use std::array::from_fn;

use pulp::{Simd, WithSimd};

use super::{Convolution, vectors};
use crate::geometry::Phase;
use crate::maps::LANES;

/// Output pixels at a time: enough that no sum waits for the one before.
const PIXELS: usize = 8;

/// One phase of a convolution to one channel, with weights `[taps][in_channels]`, a multiple of 16 of them.
pub(crate) struct OneChannel<'a> {
    pub phase: &'a Phase,
    pub of: Convolution<'a>,
}

impl WithSimd for OneChannel<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let count = self.phase.inputs.len();
        let whole = count - count % PIXELS;
        for first in (0..whole).step_by(PIXELS) {
            self.pixels::<S, PIXELS>(simd, first);
        }
        for first in whole..count {
            self.pixels::<S, 1>(simd, first);
        }
    }
}

impl OneChannel<'_> {
    /// `N` output pixels.
    #[inline(always)]
    fn pixels<S: Simd, const N: usize>(&mut self, simd: S, first: usize) {
        let of = &mut self.of;
        let zero = simd.splat_f32s(0.0);
        let mut sums = [zero; N];
        let taps = self.phase.taps.iter();
        for (tap, weights) in taps.zip(of.weights.chunks_exact(of.in_pitch)) {
            let weights = vectors::<S>(weights);
            let rows: [&[S::f32s]; N] = from_fn(|n| {
                let start = (self.phase.inputs[first + n] + tap.offset) * of.in_pitch;
                &vectors::<S>(&of.input[start..][..of.in_pitch])[..weights.len()]
            });
            for (i, &weight) in weights.iter().enumerate() {
                for n in 0..N {
                    sums[n] = simd.mul_add_f32s(rows[n][i], weight, sums[n]);
                }
            }
        }
        for (n, &sum) in sums.iter().enumerate() {
            let at = self.phase.outputs[first + n] * of.out_pitch;
            let mut value = simd.reduce_sum_f32s(sum) + of.bias[0];
            value += of.residual.map_or(0.0, |residual| residual[at]);
            of.output[at] = if of.relu { value.max(0.0) } else { value };
        }
    }
}

/// The weights that [`OneChannel`] reads, from those for the direct loop, `[1][taps][in_channels][16]`.
pub(crate) fn one_channel_weights(direct: &[f32]) -> impl Iterator<Item = f32> {
    direct.iter().copied().step_by(LANES)
}
