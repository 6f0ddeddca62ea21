//! Random changes to training images: part of what a data set says of itself, since what leaves a class alone depends on
//! what the images show.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::{DatasetError, ImageShape, Seed};

/// The most that an image may be turned to each side, in degrees: further is the other way round.
const MOST_DEGREES: f32 = 180.0;

/// The most that the size of an image may change, as a share: at 1 it could become a point.
const MOST_SCALE: f32 = 0.9;

/// Random changes to training images that leave their class alone. All ranges are drawn from uniformly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Augmentation {
    /// Mirror left to right, half of the time. Never for digits: a mirrored 2 is no 2.
    pub flip: bool,
    /// Largest shift to each side, in whole pixels: a shift by a fraction would blur.
    pub shift_px: f32,
    /// Largest turn to each side, in degrees.
    pub rotate_degrees: f32,
    /// Largest change of size, as a share: 0.1 draws from 0.9 to 1.1.
    pub scale: f32,
    /// Largest standard deviation of a Gaussian blur, in pixels, applied half of the time; 0 for none.
    pub blur_px: f32,
    /// Side of a square that is blanked half of the time, in pixels (`DeVries` and Taylor 2017, "Cutout"); 0 for none.
    pub cutout_px: usize,
    /// What is seen where an image was moved away from.
    pub outside: Outside,
}

/// What lies around an image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outside {
    /// Black, which is the background of digits and clothes.
    #[default]
    Black,
    /// The nearest pixel of the image.
    Edge,
}

impl Default for Augmentation {
    fn default() -> Self {
        Self::none()
    }
}

impl Augmentation {
    /// Leaves images as they are.
    #[must_use]
    pub fn none() -> Self {
        Self {
            flip: false,
            shift_px: 0.0,
            rotate_degrees: 0.0,
            scale: 0.0,
            blur_px: 0.0,
            cutout_px: 0,
            outside: Outside::Black,
        }
    }

    /// For handwritten digits: people write them shifted, slanted and in all sizes.
    #[must_use]
    pub fn digits() -> Self {
        Self {
            flip: false,
            shift_px: 2.0,
            rotate_degrees: 10.0,
            scale: 0.1,
            blur_px: 0.0,
            cutout_px: 0,
            outside: Outside::Black,
        }
    }

    /// For pictures of clothes: nearly upright and centred, worn either way round. Blanked squares keep the classifier from
    /// telling a class by one detail. A blur of up to 1.2 pixels besides cost 0.3 points of held-out accuracy, so there is
    /// none.
    #[must_use]
    pub fn clothes() -> Self {
        Self {
            flip: true,
            shift_px: 2.0,
            rotate_degrees: 5.0,
            scale: 0.05,
            blur_px: 0.0,
            cutout_px: 8,
            outside: Outside::Black,
        }
    }

    /// For pictures of things or faces: either way round, nearly upright, and shifted by a few pixels.
    #[must_use]
    pub fn pictures() -> Self {
        Self {
            flip: true,
            shift_px: 3.0,
            rotate_degrees: 5.0,
            scale: 0.05,
            blur_px: 0.0,
            cutout_px: 0,
            outside: Outside::Edge,
        }
    }

    /// Checks what a file may get wrong: every range is a number from 0 up to what still leaves an image.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Augmentation`] names the first field that is out of range.
    pub fn check(&self) -> Result<(), DatasetError> {
        let side = ImageShape::MAX_SIDE as f32;
        for (field, value, most) in [
            ("shift_px", self.shift_px, side),
            ("rotate_degrees", self.rotate_degrees, MOST_DEGREES),
            ("scale", self.scale, MOST_SCALE),
            ("blur_px", self.blur_px, side),
            ("cutout_px", self.cutout_px as f32, side),
        ] {
            if !(0.0..=most).contains(&value) {
                return Err(DatasetError::Augmentation { field, value, most });
            }
        }
        Ok(())
    }

    /// Changes each image of a batch in place.
    ///
    /// # Shapes
    ///
    /// - `values`: `[batch, channels, height, width]` in `[0, 1]`
    pub fn apply(&self, values: &mut [f32], shape: ImageShape, seed: Seed) {
        if *self == Self::none() {
            return;
        }
        let mut rng = seed.rng();
        for image in values.chunks_exact_mut(shape.values()) {
            self.warp(image, shape, &mut rng);
            if self.blur_px > 0.0 && rng.random::<bool>() {
                let sigma_px = rng.random::<f32>() * self.blur_px;
                for plane in image.chunks_exact_mut(shape.pixels()) {
                    blur(plane, shape, sigma_px);
                }
            }
            if self.cutout_px > 0 && rng.random::<bool>() {
                blank_square(image, shape, self.cutout_px, &mut rng);
            }
        }
    }

    /// Flip, scale, turn and shift in one resampling: every output pixel asks where it came from.
    fn warp(&self, image: &mut [f32], shape: ImageShape, rng: &mut ChaCha8Rng) {
        let mut within = |range: f32| (rng.random::<f32>() * 2.0 - 1.0) * range;
        let (dx, dy) = (within(self.shift_px).round(), within(self.shift_px).round());
        let size = 1.0 + within(self.scale);
        let (sin, cos) = within(self.rotate_degrees).to_radians().sin_cos();
        let mirror = if self.flip && rng.random::<bool>() {
            -1.0
        } else {
            1.0
        };
        let width = shape.width();
        let centre_x = (width as f32 - 1.0) / 2.0;
        let centre_y = (shape.height() as f32 - 1.0) / 2.0;
        for plane in image.chunks_exact_mut(shape.pixels()) {
            let source = plane.to_vec();
            for (i, out) in plane.iter_mut().enumerate() {
                let x = (i % width) as f32 - centre_x - dx;
                let y = (i / width) as f32 - centre_y - dy;
                let from_x = mirror * (cos * x + sin * y) / size + centre_x;
                let from_y = (cos * y - sin * x) / size + centre_y;
                *out = bilinear(&source, shape, self.outside, [from_x, from_y]);
            }
        }
    }
}

/// The plane of an image at a point between pixels.
fn bilinear(plane: &[f32], shape: ImageShape, outside: Outside, [x, y]: [f32; 2]) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = (x - left, y - top);
    let (width, height) = (shape.width() as f32, shape.height() as f32);
    let at = |x: f32, y: f32| {
        let inside = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        if !inside && outside == Outside::Black {
            return 0.0;
        }
        let (x, y) = (x.clamp(0.0, width - 1.0), y.clamp(0.0, height - 1.0));
        plane[y as usize * shape.width() + x as usize]
    };
    let above = at(left, top) * (1.0 - right_share) + at(left + 1.0, top) * right_share;
    let below = at(left, top + 1.0) * (1.0 - right_share) + at(left + 1.0, top + 1.0) * right_share;
    above * (1.0 - bottom_share) + below * bottom_share
}

/// Pixels to each side that a blur takes into account.
const BLUR_REACH: usize = 3;

/// A Gaussian blur of a plane, rows first and columns then; what lies outside counts as 0.
fn blur(plane: &mut [f32], shape: ImageShape, sigma_px: f32) {
    let mut weights = [0.0; 2 * BLUR_REACH + 1];
    for (i, weight) in weights.iter_mut().enumerate() {
        let distance = i as f32 - BLUR_REACH as f32;
        *weight = (-0.5 * (distance / sigma_px.max(1e-3)).powi(2)).exp();
    }
    let total: f32 = weights.iter().sum();
    for weight in &mut weights {
        *weight /= total;
    }
    let (width, height) = (shape.width(), shape.height());
    // The start of each line, the steps along it and how many there are: rows, then columns.
    let rows = (0..height).map(|row| (row * width, 1, width));
    let columns = (0..width).map(|column| (column, width, height));
    for (start, step, length) in rows.chain(columns) {
        // The line with a border of zeros.
        let mut line = vec![0.0; length + 2 * BLUR_REACH];
        for i in 0..length {
            line[BLUR_REACH + i] = plane[start + i * step];
        }
        for i in 0..length {
            let near = &line[i..=i + 2 * BLUR_REACH];
            plane[start + i * step] = near.iter().zip(&weights).map(|(x, w)| x * w).sum();
        }
    }
}

/// Blanks a square of all channels.
fn blank_square(image: &mut [f32], shape: ImageShape, side: usize, rng: &mut ChaCha8Rng) {
    let (width, height) = (shape.width(), shape.height());
    let (x, y) = (rng.random_range(0..width), rng.random_range(0..height));
    let range = |centre: usize, length: usize| {
        centre.saturating_sub(side / 2)..(centre + side / 2).min(length)
    };
    for plane in image.chunks_exact_mut(shape.pixels()) {
        for row in range(y, height) {
            plane[row * width..][range(x, width)].fill(0.0);
        }
    }
}
