//! Ways to turn feature maps and a gradient into a raw evidence map.

use std::fmt;

use burn::tensor::activation::relu;
use burn::tensor::{Tensor, TensorData, assert_shape};
use serde::{Deserialize, Serialize};

use crate::heatmap::{interpolation, middle};

/// How much maps of the stages before the last are lifted before they are combined.
const SHALLOW_GAIN: f32 = 2.0;

/// How feature maps `A` are weighed by the gradient `g = d y / d A` of the score `y` that is explained.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Method {
    /// Grad-CAM (Selvaraju et al. 2017): each channel weighs as its mean gradient.
    #[default]
    GradCam,
    /// Grad-CAM++ (Chattopadhyay et al. 2018): only cells that push the score up count for a channel's weight, and few
    /// cells as much as many.
    GradCamPlusPlus,
    /// `LayerCAM` (Jiang et al. 2021): each cell of each channel weighs as its own positive gradient.
    LayerCam,
    /// `LayerCAM` of a stage and of all after it, put together by [`fuse`].
    Fused,
    /// Grad-CAM carried to the pixels by [`at_pixels`].
    Pixels,
}

impl Method {
    /// Every method, in the order in which to offer them.
    pub const ALL: [Self; 5] = [
        Self::GradCam,
        Self::GradCamPlusPlus,
        Self::LayerCam,
        Self::Fused,
        Self::Pixels,
    ];

    /// The name that people know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GradCam => "Grad-CAM",
            Self::GradCamPlusPlus => "Grad-CAM++",
            Self::LayerCam => "LayerCAM",
            Self::Fused => "Fused LayerCAM",
            Self::Pixels => "Pixel evidence",
        }
    }

    /// The raw map of each image, before the final `ReLU`, in units of the score.
    ///
    /// ```text
    /// Grad-CAM     map_ij = sum_k A_kij mean_ab(g_kab)
    /// Grad-CAM++   map_ij = sum_k A_kij sum_ab(a_kab ReLU(g_kab)),  a_kij = g_kij^2 / (2 g_kij^2 + sum_ab(A_kab) g_kij^3)
    /// LayerCAM     map_ij = sum_k A_kij ReLU(g_kij)
    /// ```
    ///
    /// Grad-CAM++'s `a` is the closed form of its paper (equation 19) for a score that is the exponential of the
    /// explained one; where its denominator is 0, so is `a`. [`Self::Fused`] begins with `LayerCAM`'s map, [`Self::Pixels`] with Grad-CAM's.
    ///
    /// # Shapes
    /// - `features`, `gradient`: `[n, channels, h, w]`
    /// - output: `[n, h, w]`
    ///
    /// # Panics
    /// If the two differ in shape.
    #[must_use]
    pub fn map(self, features: Tensor<4>, gradient: Tensor<4>) -> Tensor<3> {
        let [n, channels, height, width] = features.dims();
        assert_shape!(gradient, [n, channels, height, width]);
        let weights = match self {
            Self::GradCam | Self::Pixels => gradient.mean_dims(&[2, 3]), // [n, channels, 1, 1]
            Self::GradCamPlusPlus => plus_plus_weights(features.clone(), gradient),
            Self::LayerCam | Self::Fused => relu(gradient),
        };
        (features * weights).sum_dim(1).reshape([n, height, width])
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The weight of each channel, `[n, channels, 1, 1]`.
fn plus_plus_weights(features: Tensor<4>, gradient: Tensor<4>) -> Tensor<4> {
    let square = gradient.clone().powi_scalar(2);
    let sums = features.sum_dims(&[2, 3]); // [n, channels, 1, 1]
    let below = square.clone() * 2.0 + sums * square.clone() * gradient.clone();
    let empty = below.clone().equal_elem(0.0);
    // The numerator is 0 wherever the denominator is set to 1, unless the two terms cancel exactly.
    let alpha = (square / below.mask_fill(empty.clone(), 1.0)).mask_fill(empty, 0.0);
    (alpha * relu(gradient)).sum_dims(&[2, 3])
}

/// One fine map from the maps of several stages, as the `LayerCAM` paper combines them (section III-C): each is cut off
/// below 0 and divided by its maximum, those before the last, which are weaker, are lifted by `tanh(2 x)`, and each cell
/// gets the largest of them, on the grid of the finest.
///
/// The result is in `[0, 1]` and has no unit; it is 0 everywhere only if no map has a positive cell.
///
/// # Shapes
/// - `maps`: `[n, side, side]` each, from an early stage to the last
/// - output: `[n, side, side]` with the largest side among them
///
/// # Panics
/// If there is no map, or the maps differ in `n`.
#[must_use]
pub fn fuse(maps: &[Tensor<3>]) -> Tensor<3> {
    let side = maps.iter().map(|map| map.dims()[1]).max();
    let side = side.expect("at least one map to fuse");
    let last = maps.len() - 1;
    let scaled = maps.iter().enumerate().map(|(stage, map)| {
        let map = enlarged(unit(map.clone()), [side, side]);
        if stage == last {
            map
        } else {
            (map * SHALLOW_GAIN).tanh()
        }
    });
    scaled
        .reduce(Tensor::max_pair)
        .expect("at least one map to fuse")
}

/// What a map says about the pixels: the map on their grid, times their brightness, the mean of their channels. Where the
/// image is black already there is nothing to take away, so nothing there can be evidence, for or against.
///
/// The maps cover a square; an image that is not square lies in its middle, as [`datasets::pad_to_square`] puts it.
///
/// # Shapes
/// - `maps`: `[n, side, side]`
/// - `images`: `[n, channels, height, width]`
/// - output: `[n, height, width]`
#[must_use]
pub fn at_pixels(maps: Tensor<3>, images: Tensor<4>) -> Tensor<3> {
    let [_, channels, height, width] = images.dims();
    let brightness = if channels == 1 {
        images.squeeze_dim::<3>(1)
    } else {
        images.mean_dim(1).squeeze_dim::<3>(1)
    };
    enlarged(maps, [height, width]) * brightness
}

/// The positive part of each map divided by its maximum; 0 where there is none.
fn unit(maps: Tensor<3>) -> Tensor<3> {
    let positive = relu(maps);
    let largest = positive.clone().max_dims(&[1, 2]); // [n, 1, 1]
    let empty = largest.clone().equal_elem(0.0);
    positive / largest.mask_fill(empty, 1.0)
}

/// Each map on the grid of an image of `height` x `width` in the middle of the square that the map covers, as
/// [`Heatmap::over_image`](crate::Heatmap::over_image) does it: bilinear interpolation is a matrix for the rows and one
/// for the columns.
fn enlarged(maps: Tensor<3>, [height, width]: [usize; 2]) -> Tensor<3> {
    let [_, old, _] = maps.dims();
    if [old, old] == [height, width] {
        return maps;
    }
    let side = height.max(width);
    let device = maps.device();
    let matrix = |length: usize| {
        let weights = interpolation(old, side, middle(side, length));
        Tensor::<3>::from_data(TensorData::new(weights, [1, length, old]), &device)
    };
    let rows = matrix(height);
    let columns = if height == width {
        rows.clone()
    } else {
        matrix(width)
    };
    rows.matmul(maps).matmul(columns.swap_dims(1, 2))
}
