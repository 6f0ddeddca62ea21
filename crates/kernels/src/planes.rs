//! Burn keeps the values of an image plane by plane, `[channels, side, side]`; the loops read them pixel by pixel,
//! `[side + 2, side + 2, pitch]`. Every map of a batch comes through here on its way in and out.

use std::array::from_fn;

use crate::maps::{BORDER, LANES};

/// The shape of one image's maps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub channels: usize,
    /// Values from one pixel to the next.
    pub pitch: usize,
    pub side: usize,
}

impl Shape {
    /// Values from one row of the maps to the next, and from their beginning to the first pixel.
    fn row(self) -> (usize, usize) {
        let row = (self.side + 2 * BORDER) * self.pitch;
        (row, BORDER * row + BORDER * self.pitch)
    }
}

/// From planes to pixels; the border stays as it is.
pub(crate) fn load(shape: Shape, planes: &[f32], pixels: &mut [f32]) {
    let (row, first) = shape.row();
    let rows = pixels[first..].chunks_mut(row).take(shape.side);
    for (y, pixels) in rows.enumerate() {
        // Known numbers of channels, so that nothing is checked in the loop.
        match shape.pitch {
            1 => load_row::<1>(shape, 0, &planes[y * shape.side..], pixels),
            2 => load_row::<2>(shape, 0, &planes[y * shape.side..], pixels),
            3 => load_row::<3>(shape, 0, &planes[y * shape.side..], pixels),
            4 => load_row::<4>(shape, 0, &planes[y * shape.side..], pixels),
            _ => load_blocks(shape, y, planes, pixels),
        }
    }
}

/// From pixels to planes.
pub(crate) fn store(shape: Shape, pixels: &[f32], planes: &mut [f32]) {
    let Shape { pitch, side, .. } = shape;
    let (row, first) = shape.row();
    let rows = pixels[first..].chunks(row).take(side);
    for (y, pixels) in rows.enumerate() {
        for (c, plane) in planes.chunks_exact_mut(side * side).enumerate() {
            let line = &mut plane[y * side..][..side];
            for (to, pixel) in line.iter_mut().zip(pixels.chunks_exact(pitch)) {
                *to = pixel[c];
            }
        }
    }
}

/// One row of any number of channels.
fn load_blocks(shape: Shape, y: usize, planes: &[f32], pixels: &mut [f32]) {
    let Shape { channels, side, .. } = shape;
    for first in (0..channels).step_by(LANES) {
        let lines = &planes[(first * side + y) * side..];
        if first + LANES <= channels {
            load_row::<LANES>(shape, first, lines, pixels);
            continue;
        }
        for (c, line) in (first..channels).zip(lines.chunks(side * side)) {
            let pixels = pixels.chunks_exact_mut(shape.pitch);
            for (pixel, value) in pixels.zip(&line[..side]) {
                pixel[c] = *value;
            }
        }
    }
}

/// One row of `C` channels from `first` on.
fn load_row<const C: usize>(shape: Shape, first: usize, planes: &[f32], pixels: &mut [f32]) {
    let Shape { pitch, side, .. } = shape;
    let lines: [&[f32]; C] = from_fn(|c| &planes[c * side * side..][..side]);
    for (x, pixel) in pixels.chunks_exact_mut(pitch).take(side).enumerate() {
        let pixel = &mut pixel[first..first + C];
        for c in 0..C {
            pixel[c] = lines[c][x];
        }
    }
}
