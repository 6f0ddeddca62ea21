//! Which loop computes a convolution, and which one the gradient of its weights.

use crate::Geometry;
use crate::maps::FEW;
use crate::tiles::Tiles;

/// The loop that computes a convolution or the gradient of its weights. All but [`Direct`](Self::Direct) are for a shape that
/// `Direct` would serve below its speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Kernels of 3x3 with stride 1 and padding 1, and a multiple of 16 input channels: in fewer multiplications (Lavin and
    /// Gray 2016).
    Winograd,
    /// One to four input channels, those of an image: the pixels of a row of the kernel are read as one run of values.
    FewInputs,
    /// One to four output channels, those of an image: the vectors hold input channels.
    FewOutputs,
    /// Every other shape: one element of the kernel after the other, 16 output channels at a time.
    Direct,
}

impl Path {
    /// What computes a convolution and the gradient of its weights on the CPU, in inference ([`Layer`](crate::Layer)) and in
    /// training ([`conv2d`](crate::conv2d) and the others). The gradient of its input is the convolution with
    /// [`geometry.adjoint()`](Geometry::adjoint) from `out_channels` to `in_channels`.
    ///
    /// `None` if the geometry is not supported: then the operations for training are Burn's own.
    #[must_use]
    pub fn of(geometry: Geometry, in_channels: usize, out_channels: usize) -> Option<Self> {
        geometry.is_supported().then(|| {
            if (1..=FEW).contains(&in_channels) {
                Self::FewInputs
            } else if in_channels > 0 && (1..=FEW).contains(&out_channels) {
                Self::FewOutputs
            } else if Tiles::fit(geometry, in_channels) {
                Self::Winograd
            } else {
                Self::Direct
            }
        })
    }
}
