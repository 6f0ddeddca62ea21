//! Convolutions of square feature maps on the CPU, several times as fast as the ones that Burn's CPU backend brings.
//!
//! Why it exists: nearly all of a frame's time, and most of a training step's, is spent in 3x3 convolutions of maps with
//! 4 to 128 pixels a side. Burn's Flex backend copies each patch into a matrix, converts weights and layouts again on every
//! call and multiplies with a kernel that is made for large matrices. Here the maps lie pixel by pixel with their channels
//! together and a border of zeros around them ([`Maps`]), so that the same few loops (`loops`) serve convolutions, transposed
//! convolutions and the gradients of both. [`Path`] says which of them serves a shape.
//!
//! - [`Layer`] is a convolution with its weights packed once, [`Dense`] a linear layer: what inference runs on.
//! - [`conv2d`], [`conv_transpose2d`], [`residual`] and [`batch_norm_relu`] are Burn operations with gradients: what training runs on.
//!   On any other backend than Flex they are Burn's own.
//! - [`convolve`] and [`gradients`] are what those run on for whole batches, on plain numbers.

mod batch;
mod dense;
mod geometry;
mod layer;
mod loops;
mod maps;
mod norm;
mod op;
mod pack;
mod path;
mod planes;
mod residual;
mod reuse;
mod tiles;
mod weight_sums;

pub use batch::{Gradients, convolve, gradients};
pub use dense::Dense;
pub use geometry::Geometry;
pub use layer::{Epilogue, Layer};
pub use maps::Maps;
pub use op::{batch_norm_relu, conv_transpose2d, conv2d, residual};
pub use path::Path;
