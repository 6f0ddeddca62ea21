//! egui's triangles, painted by the processor: for windows on machines without a graphics card, and for pictures in files.
//!
//! Most of a window is filled with one colour or copied, and most of it is as it was a pass before ([`Picture`]).

mod color;
mod picture;
mod texture;
mod triangle;

pub use picture::{Area, Picture};
pub use texture::Textures;
