//! How maps are cut into the tiles of Winograd's algorithm, and the scratch buffers of its loops (`loops::winograd`).

use std::cell::RefCell;

use crate::Geometry;
use crate::geometry::Phase;
use crate::loops::{TransformGradient, TransformWeights, vectorized};
use crate::maps::{Aligned, BORDER, LANES, zeros};

/// Numbers in a transformed tile, and in a transformed kernel.
pub(crate) const PLACES: usize = 16;

/// Vectors that a transformed tile takes in memory: one more than its places, or else the same place of 16 tiles would fall
/// on the same few lines of the cache.
pub(crate) const TILE_PITCH: usize = PLACES + 1;

/// Elements of a kernel of 3x3.
pub(crate) const ELEMENTS: usize = 9;

/// Tiles that the gradient of the weights takes at a time: their transforms stay in the cache.
pub(crate) const GRADIENT_TILES: usize = 49;

/// The most tiles that the convolution takes at a time.
const MOST_TILES: usize = 16;

/// On smaller maps the tiles would reach over the border.
const MIN_SIDE: usize = 2;

/// How the maps of a 3x3 convolution with stride 1 are cut into tiles of 2x2 output pixels (`loops::winograd`). The last
/// ones of an odd side overlap those before, and find the same there.
#[derive(Debug, Clone)]
pub(crate) struct Tiles {
    pub starts: Vec<Tile>,
    /// Pixels from one row of a map to the next, border included.
    pub row: usize,
    in_channels: usize,
}

/// Where a tile lies, as indices into maps with their border.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    /// Its first input pixel.
    pub input: usize,
    /// Its first output pixel.
    pub output: usize,
    /// Whether its first row, and its first column, belong to the tile before.
    pub overlap: [bool; 2],
}

impl Tiles {
    /// Whether a convolution is one that gains from them.
    pub fn fit(geometry: Geometry, in_channels: usize) -> bool {
        (geometry.kernel, geometry.stride, geometry.padding) == (3, 1, 1)
            && geometry.out_side >= MIN_SIDE
            && in_channels > 0
            && in_channels.is_multiple_of(LANES)
    }

    /// The tiles of a convolution of `images` maps that lie one behind the other.
    pub fn new(geometry: Geometry, in_channels: usize, images: usize) -> Self {
        let side = geometry.out_side;
        let row = side + 2 * BORDER;
        let starts = || (0..side).step_by(2).map(|start| start.min(side - 2));
        let tile = |image: usize, y: usize, x: usize| Tile {
            input: (image * row + y) * row + x,
            output: (image * row + y + BORDER) * row + x + BORDER,
            overlap: [y % 2 == 1, x % 2 == 1],
        };
        let places = || starts().flat_map(|y| starts().map(move |x| (y, x)));
        Self {
            starts: (0..images)
                .flat_map(|image| places().map(move |(y, x)| tile(image, y, x)))
                .collect(),
            row,
            in_channels,
        }
    }

    /// Weights for the loop over tiles, from those for the direct one.
    pub fn transform(&self, phase: &Phase, weights: &[f32]) -> Aligned {
        let mut transformed = zeros(weights.len() / ELEMENTS * PLACES);
        vectorized(TransformWeights {
            in_channels: self.in_channels,
            elements: self.elements(phase),
            weights,
            transformed: &mut transformed,
        });
        transformed
    }

    /// The gradient of the weights for the direct loop, from that of the transformed ones.
    pub fn transform_back(&self, phase: &Phase, transformed: &[f32]) -> Aligned {
        let mut weights = zeros(transformed.len() / PLACES * ELEMENTS);
        vectorized(TransformGradient {
            in_channels: self.in_channels,
            elements: self.elements(phase),
            transformed,
            weights: &mut weights,
        });
        weights
    }

    /// Where in the kernel each of the phase's taps lies: `3 * row + column`.
    fn elements(&self, phase: &Phase) -> [usize; ELEMENTS] {
        std::array::from_fn(|tap| {
            let offset = phase.taps[tap].offset;
            3 * (offset / self.row) + offset % self.row
        })
    }

    /// Calls `work` with scratch buffers for the transformed input and output of a convolution.
    pub fn with_scratch(&self, in_pitch: usize, work: impl FnOnce([&mut [f32]; 2])) {
        let tiles = TILE_PITCH * MOST_TILES.min(self.starts.len());
        with_scratch([tiles * in_pitch, tiles * LANES], work);
    }

    /// Calls `work` with scratch buffers for the transformed input and gradients of the gradient of the weights.
    pub fn with_gradient_scratch(
        &self,
        in_pitch: usize,
        out_pitch: usize,
        work: impl FnOnce([&mut [f32]; 2]),
    ) {
        let tiles = TILE_PITCH * GRADIENT_TILES.min(self.starts.len());
        with_scratch([tiles * in_pitch, tiles * out_pitch], work);
    }
}

thread_local! {
    /// Used again for every image and layer: to zero it anew each time would take as long as to fill it.
    static SCRATCH: RefCell<[Aligned; 2]> = RefCell::new([zeros(0), zeros(0)]);
}

/// Calls `work` with buffers of so many numbers, whatever they are.
fn with_scratch(lengths: [usize; 2], work: impl FnOnce([&mut [f32]; 2])) {
    SCRATCH.with_borrow_mut(|buffers| {
        let mut lengths = lengths.into_iter();
        work(buffers.each_mut().map(|buffer| {
            let length = lengths.next().unwrap_or_default();
            if buffer.len() < length {
                buffer.resize(length, 0.0);
            }
            &mut buffer[..length]
        }));
    });
}
