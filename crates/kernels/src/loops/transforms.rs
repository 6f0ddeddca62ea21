//! The linear maps of Winograd's algorithm (`winograd`): of input tiles, of gradients, and of weights there and back.

use std::array::from_fn;
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{vectors, vectors_mut};
use crate::maps::LANES;
use crate::tiles::{ELEMENTS, PLACES, TILE_PITCH, Tiles};

/// Vectors as `[tiles * blocks of 16 channels][places][vectors of 16 channels]`.
#[inline(always)]
pub(super) fn squares_mut<S: Simd, const V: usize>(
    values: &mut [f32],
) -> &mut [[[S::f32s; V]; TILE_PITCH]] {
    let blocks = vectors_mut::<S>(values).as_chunks_mut::<V>().0;
    blocks.as_chunks_mut().0
}

/// `Bᵀ d B` of some tiles, as `[tiles][in_channels / 16][places][16]`.
#[inline(always)]
pub(super) fn transform_inputs<S: Simd, const V: usize>(
    simd: S,
    tiles: &Tiles,
    range: Range<usize>,
    (input, pitch): (&[f32], usize),
    scratch: &mut [f32],
) {
    let zero = simd.splat_f32s(0.0);
    let blocks = pitch / LANES;
    let input = vectors::<S>(input).as_chunks::<V>().0;
    let scratch = squares_mut::<S, V>(scratch).chunks_exact_mut(blocks);
    for (tile, scratch) in tiles.starts[range].iter().zip(scratch) {
        for (block, scratch) in scratch.iter_mut().enumerate() {
            let lines: [&[[S::f32s; V]]; 4] =
                from_fn(|y| &input[(tile.input + y * tiles.row) * blocks + block..]);
            for v in 0..V {
                let mut square = [[zero; 4]; 4];
                for y in 0..4 {
                    for x in 0..4 {
                        square[y][x] = lines[y][x * blocks][v];
                    }
                }
                let transformed: [[S::f32s; 4]; 4] =
                    both_ways(zero, &square, |line| input_line(simd, line));
                for place in 0..PLACES {
                    scratch[place][v] = transformed[place / 4][place % 4];
                }
            }
        }
    }
}

/// `A dY Aᵀ` of some tiles, as `[tiles][out_channels / 16][places][16]`. What two tiles share counts in the first.
#[inline(always)]
pub(super) fn transform_gradients<S: Simd, const V: usize>(
    simd: S,
    tiles: &Tiles,
    range: Range<usize>,
    (gradient, pitch): (&[f32], usize),
    scratch: &mut [f32],
) {
    let zero = simd.splat_f32s(0.0);
    let blocks = pitch / LANES;
    let gradient = vectors::<S>(gradient).as_chunks::<V>().0;
    let scratch = squares_mut::<S, V>(scratch).chunks_exact_mut(blocks);
    for (tile, scratch) in tiles.starts[range].iter().zip(scratch) {
        let [shared_row, shared_column] = tile.overlap;
        for (block, scratch) in scratch.iter_mut().enumerate() {
            for v in 0..V {
                let mut square = [[zero; 2]; 2];
                for (y, line) in square.iter_mut().enumerate().skip(usize::from(shared_row)) {
                    let own = line.iter_mut().enumerate();
                    for (x, value) in own.skip(usize::from(shared_column)) {
                        let pixel = tile.output + y * tiles.row + x;
                        *value = gradient[pixel * blocks + block][v];
                    }
                }
                let transformed: [[S::f32s; 4]; 4] =
                    both_ways(zero, &square, |line| gradient_line(simd, line));
                for place in 0..PLACES {
                    scratch[place][v] = transformed[place / 4][place % 4];
                }
            }
        }
    }
}

/// `G g Gᵀ`: from `[out_channels / 16][elements][in_channels][16]` to `[out_channels / 16][places][in_channels][16]`.
pub(crate) struct TransformWeights<'a> {
    pub in_channels: usize,
    /// Where in the kernel, `3 * row + column`, each element lies.
    pub elements: [usize; ELEMENTS],
    pub weights: &'a [f32],
    pub transformed: &'a mut [f32],
}

/// `Gᵀ M G`: its adjoint, for gradients.
pub(crate) struct TransformGradient<'a> {
    pub in_channels: usize,
    /// As in [`TransformWeights`].
    pub elements: [usize; ELEMENTS],
    pub transformed: &'a [f32],
    pub weights: &'a mut [f32],
}

impl WithSimd for TransformWeights<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let zero = simd.splat_f32s(0.0);
        let row = self.in_channels * LANES;
        let blocks = self
            .weights
            .chunks_exact(ELEMENTS * row)
            .zip(self.transformed.chunks_exact_mut(PLACES * row));
        let row = vectors::<S>(&self.weights[..row]).len();
        for (weights, transformed) in blocks {
            let (weights, transformed) = (vectors::<S>(weights), vectors_mut::<S>(transformed));
            for i in 0..row {
                let mut kernel = [[zero; 3]; 3];
                for (e, &element) in self.elements.iter().enumerate() {
                    kernel[element / 3][element % 3] = weights[e * row + i];
                }
                let places: [[S::f32s; 4]; 4] =
                    both_ways(zero, &kernel, |line| kernel_line(simd, line));
                for place in 0..PLACES {
                    transformed[place * row + i] = places[place / 4][place % 4];
                }
            }
        }
    }
}

impl WithSimd for TransformGradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let zero = simd.splat_f32s(0.0);
        let row = self.in_channels * LANES;
        let blocks = self
            .transformed
            .chunks_exact(PLACES * row)
            .zip(self.weights.chunks_exact_mut(ELEMENTS * row));
        let row = vectors::<S>(&self.transformed[..row]).len();
        for (transformed, weights) in blocks {
            let (transformed, weights) = (vectors::<S>(transformed), vectors_mut::<S>(weights));
            for i in 0..row {
                let mut places = [[zero; 4]; 4];
                for place in 0..PLACES {
                    places[place / 4][place % 4] = transformed[place * row + i];
                }
                let kernel: [[S::f32s; 3]; 3] =
                    both_ways(zero, &places, |line| sums_line(simd, line));
                for (e, &element) in self.elements.iter().enumerate() {
                    weights[e * row + i] = kernel[element / 3][element % 3];
                }
            }
        }
    }
}

/// Applies a linear map of lines to the columns, then to the rows. Loops, because arrays of vectors that are made by closures
/// go through memory.
#[inline(always)]
pub(super) fn both_ways<T: Copy, const N: usize, const M: usize>(
    zero: T,
    square: &[[T; N]; N],
    map: impl Fn([T; N]) -> [T; M],
) -> [[T; M]; M] {
    let mut columns = [[zero; N]; M];
    for x in 0..N {
        let mut column = [zero; N];
        for y in 0..N {
            column[y] = square[y][x];
        }
        let column = map(column);
        for y in 0..M {
            columns[y][x] = column[y];
        }
    }
    let mut mapped = [[zero; M]; M];
    for y in 0..M {
        mapped[y] = map(columns[y]);
    }
    mapped
}

/// `Bᵀ`
#[inline(always)]
fn input_line<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; 4]) -> [S::f32s; 4] {
    [
        simd.sub_f32s(a, c),
        simd.add_f32s(b, c),
        simd.sub_f32s(c, b),
        simd.sub_f32s(b, d),
    ]
}

/// `Aᵀ`
#[inline(always)]
pub(super) fn output_line<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; 4]) -> [S::f32s; 2] {
    [
        simd.add_f32s(a, simd.add_f32s(b, c)),
        simd.sub_f32s(simd.sub_f32s(b, c), d),
    ]
}

/// `A`
#[inline(always)]
fn gradient_line<S: Simd>(simd: S, [a, b]: [S::f32s; 2]) -> [S::f32s; 4] {
    [
        a,
        simd.add_f32s(a, b),
        simd.sub_f32s(a, b),
        simd.neg_f32s(b),
    ]
}

/// `G`
#[inline(always)]
fn kernel_line<S: Simd>(simd: S, [a, b, c]: [S::f32s; 3]) -> [S::f32s; 4] {
    let half = simd.splat_f32s(0.5);
    let ends = simd.add_f32s(a, c);
    [
        a,
        simd.mul_f32s(half, simd.add_f32s(ends, b)),
        simd.mul_f32s(half, simd.sub_f32s(ends, b)),
        c,
    ]
}

/// `Gᵀ`
#[inline(always)]
fn sums_line<S: Simd>(simd: S, [a, b, c, d]: [S::f32s; 4]) -> [S::f32s; 3] {
    let half = simd.splat_f32s(0.5);
    let sum = simd.mul_f32s(half, simd.add_f32s(b, c));
    let difference = simd.mul_f32s(half, simd.sub_f32s(b, c));
    [simd.add_f32s(a, sum), difference, simd.add_f32s(sum, d)]
}
