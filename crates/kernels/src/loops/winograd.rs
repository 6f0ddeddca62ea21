//! 3x3 convolutions with stride 1 in fewer multiplications: F(2x2, 3x3) of Lavin and Gray, "Fast Algorithms for
//! Convolutional Neural Networks" (2016), whose names stand here.
//!
//! 2x2 output pixels `Y` come from 4x4 input pixels `d` and the kernel `g` as `Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A`: 16
//! multiplications a pair of channels instead of 36. `G g Gᵀ` is taken once a layer, `Bᵀ d B` once for all output channels,
//! and the sum over the input channels comes before `Aᵀ [..] A`. The gradient of the weights is the adjoint:
//! `Gᵀ [Σ (Bᵀ d B) ⊙ (A dY Aᵀ)] G`.

use std::array::from_fn;

use pulp::{Simd, WithSimd};

use super::transforms::{
    both_ways, output_line, squares_mut, transform_gradients, transform_inputs,
};
use super::{Convolution, WeightGradient, tile_size, vectors};
use crate::maps::LANES;
use crate::tiles::{GRADIENT_TILES, PLACES, TILE_PITCH, Tiles};

/// A convolution with transformed weights, `[out_channels / 16][places][in_channels][16]`.
pub(crate) struct Winograd<'a> {
    pub tiles: &'a Tiles,
    pub of: Convolution<'a>,
    /// For transformed input and transformed output, whatever is in there: as much as [`Tiles::with_scratch`] gives.
    pub scratch: [&'a mut [f32]; 2],
}

/// The gradient of these weights.
pub(crate) struct WinogradGradient<'a> {
    pub tiles: &'a Tiles,
    pub of: WeightGradient<'a>,
    /// For transformed input and transformed gradients: as much as [`Tiles::with_gradient_scratch`] gives.
    pub scratch: [&'a mut [f32]; 2],
}

impl WithSimd for Winograd<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        by_registers!(simd, self);
    }
}

impl Winograd<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(mut self, simd: S, sizes: &[usize]) {
        let count = self.tiles.starts.len();
        let mut first = 0;
        while first < count {
            let size = tile_size(count - first, sizes);
            with_tile!(size, T => self.tile::<S, V, T>(simd, first));
            first += size;
        }
    }

    /// `T` tiles, all channels.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const T: usize>(&mut self, simd: S, first: usize) {
        let input = (self.of.input, self.of.in_pitch);
        transform_inputs::<S, V>(simd, self.tiles, first..first + T, input, self.scratch[0]);
        for block in 0..self.of.bias.len() / LANES {
            self.multiply::<S, V, T>(simd, block);
            self.write::<S, V, T>(simd, block, first);
        }
    }

    /// The transformed output of `T` tiles, 16 channels: the sums over the input channels.
    #[inline(always)]
    fn multiply<S: Simd, const V: usize, const T: usize>(&mut self, simd: S, block: usize) {
        let [inputs, products] = &mut self.scratch;
        let inputs: &[[[f32; LANES]; TILE_PITCH]] = inputs.as_chunks().0.as_chunks().0;
        let products = &mut squares_mut::<S, V>(products)[..T];
        let in_blocks = self.of.in_channels / LANES;
        let weights = vectors::<S>(self.of.weights).as_chunks::<V>().0;
        let weights: &[[[S::f32s; V]; LANES]] = weights.as_chunks().0;
        let weights = &weights[block * PLACES * in_blocks..][..PLACES * in_blocks];
        for place in 0..PLACES {
            let mut sums = [[simd.splat_f32s(0.0); V]; T];
            for in_block in 0..in_blocks {
                let weights = &weights[place * in_blocks + in_block];
                let rows: [&[f32; LANES]; T] =
                    from_fn(|t| &inputs[t * in_blocks + in_block][place]);
                for c in 0..LANES {
                    for t in 0..T {
                        let value = simd.splat_f32s(rows[t][c]);
                        for v in 0..V {
                            sums[t][v] = simd.mul_add_f32s(value, weights[c][v], sums[t][v]);
                        }
                    }
                }
            }
            for t in 0..T {
                products[t][place] = sums[t];
            }
        }
    }

    /// The output of `T` tiles, 16 channels.
    #[inline(always)]
    fn write<S: Simd, const V: usize, const T: usize>(
        &mut self,
        simd: S,
        block: usize,
        first: usize,
    ) {
        let of = &mut self.of;
        let zero = simd.splat_f32s(0.0);
        let products = &squares_mut::<S, V>(self.scratch[1])[..T];
        let bias = vectors::<S>(&of.bias[block * LANES..][..LANES]);
        let row = self.tiles.row;
        for (products, tile) in products.iter().zip(&self.tiles.starts[first..]) {
            for v in 0..V {
                let mut product = [[zero; 4]; 4];
                for place in 0..PLACES {
                    product[place / 4][place % 4] = products[place][v];
                }
                let output: [[S::f32s; 2]; 2] =
                    both_ways(zero, &product, |line| output_line(simd, line));
                for (y, line) in output.iter().enumerate() {
                    for (x, &value) in line.iter().enumerate() {
                        let at = (tile.output + y * row + x) * of.out_pitch + block * LANES;
                        of.write(simd, at, v, simd.add_f32s(value, bias[v]));
                    }
                }
            }
        }
    }
}

impl WithSimd for WinogradGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        by_registers!(simd, self);
    }
}

impl WinogradGradient<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(mut self, simd: S, sizes: &[usize]) {
        let count = self.tiles.starts.len();
        for first in (0..count).step_by(GRADIENT_TILES) {
            let range = first..count.min(first + GRADIENT_TILES);
            let tiles = range.len();
            let input = (self.of.input, self.of.in_pitch);
            let gradient = (self.of.output, self.of.out_pitch);
            let [inputs, gradients] = &mut self.scratch;
            transform_inputs::<S, V>(simd, self.tiles, range.clone(), input, inputs);
            transform_gradients::<S, V>(simd, self.tiles, range, gradient, gradients);
            for block in 0..self.of.out_pitch / LANES {
                for place in 0..PLACES {
                    for in_block in 0..self.of.in_channels / LANES {
                        let mut channel = 0;
                        while channel < LANES {
                            let size = tile_size(LANES - channel, sizes);
                            let at = [block, place, in_block, channel];
                            with_tile!(size, T => self.tile::<S, V, T>(simd, tiles, at));
                            channel += size;
                        }
                    }
                }
            }
        }
    }

    /// `T` input channels, 16 output channels, one place, over some tiles.
    #[inline(always)]
    fn tile<S: Simd, const V: usize, const T: usize>(
        &mut self,
        simd: S,
        tiles: usize,
        [block, place, in_block, channel]: [usize; 4],
    ) {
        let of = &mut self.of;
        let mut sums = [[simd.splat_f32s(0.0); V]; T];
        let [inputs, gradients] = &mut self.scratch;
        let inputs: &[[[f32; LANES]; TILE_PITCH]] = inputs.as_chunks().0.as_chunks().0;
        let inputs = inputs[in_block..].iter().step_by(of.in_channels / LANES);
        let gradients = &squares_mut::<S, V>(gradients)[block..];
        let gradients = gradients.iter().step_by(of.out_pitch / LANES);
        for (inputs, gradients) in inputs.zip(gradients).take(tiles) {
            let inputs: &[f32] = &inputs[place][channel..][..T];
            for t in 0..T {
                let value = simd.splat_f32s(inputs[t]);
                for v in 0..V {
                    sums[t][v] = simd.mul_add_f32s(value, gradients[place][v], sums[t][v]);
                }
            }
        }
        let row = (block * PLACES + place) * of.in_channels + in_block * LANES + channel;
        of.add(simd, row, &sums);
    }
}
