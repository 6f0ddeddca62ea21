//! Pictures on the screen, of any shape, grey or in colour: crisp pixels, one texture each, updated in place.

mod atlas;
mod live;
mod picture;
mod pixels;

pub use atlas::{Atlas, Changes};
pub use live::install;
pub use picture::{Canvas, Overlay};
pub use pixels::{crisp_side, enlarged, fingerprint, fitted, least_side};
