//! Images that are not square, in a square and back: the networks work on squares, whose sides are those of
//! [`map_sides`](crate::map_sides).
//!
//! The image lies in the middle of the square (a pixel further up or left where it cannot be exactly), and the rest is 0.
//! A square image stays as it is.

use std::borrow::Cow;

use burn::tensor::{Tensor, ops::PadMode};

use crate::ImageShape;

/// Puts images into the middle of a square of their longer side.
///
/// # Shapes
///
/// - `images`: `[batch, channels, height, width]`
/// - output: `[batch, channels, side, side]` with `side = max(height, width)`
#[must_use]
pub fn pad_to_square(images: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = images.dims();
    if height == width {
        return images;
    }
    let side = height.max(width);
    let (top, left) = ((side - height) / 2, (side - width) / 2);
    let (right, bottom) = (side - width - left, side - height - top);
    images.pad((left, right, top, bottom), PadMode::Constant(0.0))
}

/// The inverse of [`pad_to_square`]: cuts images of a shape out of the middle of their squares.
///
/// # Shapes
///
/// - `squares`: `[batch, channels, side, side]`
/// - output: `[batch, channels, height, width]`
#[must_use]
pub fn crop_from_square(squares: Tensor<4>, shape: ImageShape) -> Tensor<4> {
    let [batch, channels, side, _] = squares.dims();
    if shape.height() == side && shape.width() == side {
        return squares;
    }
    let (top, left) = corner(shape);
    let (rows, columns) = (top..top + shape.height(), left..left + shape.width());
    squares.slice([0..batch, 0..channels, rows, columns])
}

/// [`pad_to_square`] for the values of one image, `[channels, height, width] -> [channels, side, side]`.
///
/// # Panics
///
/// If there are not as many values as the shape says.
#[must_use]
pub fn pad_values(values: &[f32], shape: ImageShape) -> Cow<'_, [f32]> {
    assert_eq!(values.len(), shape.values(), "values of the image");
    let side = shape.square_side();
    if shape.pixels() == side * side {
        return Cow::Borrowed(values);
    }
    let (top, left) = corner(shape);
    let mut square = vec![0.0; shape.channels() * side * side];
    for (row, line) in values.chunks_exact(shape.width()).enumerate() {
        let (channel, y) = (row / shape.height(), row % shape.height());
        let start = (channel * side + top + y) * side + left;
        square[start..start + shape.width()].copy_from_slice(line);
    }
    Cow::Owned(square)
}

/// [`crop_from_square`] for any number of planes, `[planes, side, side] -> [planes, height, width]`.
///
/// # Panics
///
/// If the values do not make whole squares of the shape's side.
#[must_use]
pub fn crop_values(values: &[f32], shape: ImageShape) -> Cow<'_, [f32]> {
    let side = shape.square_side();
    assert!(
        values.len().is_multiple_of(side * side),
        "values of squares"
    );
    if shape.pixels() == side * side {
        return Cow::Borrowed(values);
    }
    let (top, left) = corner(shape);
    let planes = values.chunks_exact(side * side);
    let rows = planes.flat_map(|plane| plane.chunks_exact(side).skip(top).take(shape.height()));
    let cut = rows.flat_map(|row| &row[left..left + shape.width()]);
    Cow::Owned(cut.copied().collect())
}

/// Where an image begins in its square: row and column.
fn corner(shape: ImageShape) -> (usize, usize) {
    let side = shape.square_side();
    ((side - shape.height()) / 2, (side - shape.width()) / 2)
}
