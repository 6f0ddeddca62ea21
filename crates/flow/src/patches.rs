//! Images as maps of patches and back: each patch of the image is one pixel, whose channels are the pixels of the patch (space to
//! depth). A quarter of the pixels at four times the channels costs a fraction of the time, and a patch of 2 loses little.
//!
//! The maps are square, and their side can be halved as often as the network needs. The image lies in the middle of the square that
//! they stand for, and the rest is 0: middle grey for a network whose pixels are in `[-1, 1]`.

use burn::tensor::Tensor;
use burn::tensor::ops::PadMode;
use datasets::ImageShape;

/// How images of a shape are cut into patches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patches {
    shape: ImageShape,
    /// Side of a patch, in pixels.
    patch: usize,
    /// Patches in a row, and rows.
    pub side: usize,
}

impl Patches {
    /// For maps of so many sizes, each half of the one before.
    pub fn new(shape: ImageShape, patch: usize, levels: usize) -> Self {
        let smallest = shape.square_side().div_ceil(patch << (levels - 1));
        Self {
            shape,
            patch,
            side: smallest << (levels - 1),
        }
    }

    /// Side of the square that the maps stand for, in pixels, and the row and column where the image begins in it.
    fn square(&self) -> (usize, [usize; 2]) {
        let side = self.side * self.patch;
        let corner = [self.shape.height(), self.shape.width()].map(|length| (side - length) / 2);
        (side, corner)
    }

    /// `[batch, channels, height, width] -> [batch, channels * patch * patch, side, side]`
    pub fn cut(&self, images: Tensor<4>) -> Tensor<4> {
        let [batch, channels, height, width] = images.dims();
        let (square, [top, left]) = self.square();
        let (bottom, right) = (square - height - top, square - width - left);
        let is_square = height == square && width == square;
        let squares = if is_square {
            images
        } else {
            images.pad((left, right, top, bottom), PadMode::Constant(0.0))
        };
        let (side, patch) = (self.side, self.patch);
        squares
            .reshape([batch, channels, side, patch, side, patch])
            .permute([0, 1, 3, 5, 2, 4])
            .reshape([batch, channels * patch * patch, side, side])
    }

    /// The inverse of [`cut`](Self::cut).
    pub fn join(&self, maps: Tensor<4>) -> Tensor<4> {
        let (side, patch) = (self.side, self.patch);
        let [batch, channels, height, width] = self.shape.batch(maps.dims()[0]);
        let (square, [top, left]) = self.square();
        let squares = maps
            .reshape([batch, channels, patch, patch, side, side])
            .permute([0, 1, 4, 2, 5, 3])
            .reshape([batch, channels, square, square]);
        if height == square && width == square {
            return squares;
        }
        let (rows, columns) = (top..top + height, left..left + width);
        squares.slice([0..batch, 0..channels, rows, columns])
    }

    /// Where each value of an image lies in the maps that [`cut`](Self::cut) makes.
    pub fn places(&self) -> Vec<usize> {
        let (side, patch) = (self.side, self.patch);
        let [_, channels, height, width] = self.shape.batch(1);
        let (_, [top, left]) = self.square();
        let mut places = Vec::with_capacity(self.shape.values());
        for channel in 0..channels {
            for y in top..top + height {
                for x in left..left + width {
                    let map = (channel * patch + y % patch) * patch + x % patch;
                    places.push((map * side + y / patch) * side + x / patch);
                }
            }
        }
        places
    }
}
