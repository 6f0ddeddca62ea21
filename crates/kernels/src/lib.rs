//! Convolutions of square feature maps on the CPU, several times as fast as the ones that Burn's CPU backend brings.
//!
//! Why it exists: nearly all of a frame's time, and most of a training step's, is spent in 3x3 convolutions of maps with
//! 4 to 128 pixels a side. Burn's Flex backend copies each patch into a matrix, converts weights and layouts again on every
//! call and multiplies with a kernel that is made for large matrices. Here the maps lie pixel by pixel with their channels
//! together and a border of zeros around them ([`Maps`]), so that the same few loops (`loops`) serve convolutions, transposed
//! convolutions and the gradients of both. [`Path`] says which of them serves a shape.
//!
//! - [`Layer`] is a convolution with its weights packed once, [`Dense`] a linear layer, [`GroupNorm`] a normalisation and
//!   [`attend`] attention: what inference runs on.
//! - [`conv2d`], [`conv_transpose2d`], [`upsample_conv2d`], [`residual`], [`normed_residual`], [`batch_norm_relu`] and [`group_norm`] are Burn operations
//!   with gradients, [`adam_w`] and [`blend`] what follows them: what training runs on.
//!   On a graphics card the normalisations, the gradients of weights and the optimiser have kernels of their own, too; the rest is
//!   Burn's.
//! - [`convolve`] and [`gradients`] are what those run on for whole batches, on plain numbers.

mod attention;
mod batch;
mod dense;
mod exp;
mod geometry;
mod group_norm;
mod layer;
mod loops;
mod maps;
mod norm;
mod normed;
mod op;
mod optimizer;
mod pack;
mod path;
mod planes;
mod residual;
mod reuse;
mod tiles;
mod weight_sums;

pub use attention::attend;
pub use batch::{Gradients, convolve, gradients};
pub use dense::Dense;
pub use geometry::Geometry;
pub use group_norm::GroupNorm;
pub use layer::{Epilogue, Layer};
pub use maps::Maps;
pub use op::{
    AdamWStep, NormedConvolution, adam_w, batch_norm_relu, blend, conv_transpose2d, conv2d,
    enlarged_kernel, group_norm, normed_residual, residual, upsample_conv2d,
};
pub use path::Path;
