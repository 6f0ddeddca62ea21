//! Pictures of the interface without a window of their own: painted by the processor, pixel by pixel, or written down as shapes.

mod drawing;
pub mod software;
mod svg;

pub use drawing::{Drawing, draw};
