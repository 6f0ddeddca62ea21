//! Why a classifier said what it said: Grad-CAM and its relatives, heatmaps to look at, and measures of whether to believe them.
//!
//! Everything here is a function of features, a head and plain numbers. The crate knows neither the classifier nor the
//! autoencoder, so it explains any network that can be cut into "features" and "head":
//!
//! 1. [`pooled_linear_cam`] (closed form, all classes at once) or [`evidence`] (autodiff, any head, any [`Method`]) gives
//!    raw maps of a class, or of one class against another ([`Score`]); [`fuse`] makes one fine map of several stages'.
//! 2. [`heatmaps`] keeps the positive evidence, scales it to `[0, 1]` and remembers the raw maximum, because a map
//!    that is scaled image by image hides how strong the evidence was, and whether there was any ([`Evidence`]).
//! 3. [`Heatmap::over_image`] brings a map to the size of the image, [`overlay`] paints it over the image.
//! 4. [`faithfulness`] measures whether the pixels that a map names are the ones that the score depends on.

mod cam;
mod color;
mod error;
pub mod faithfulness;
mod heatmap;
mod method;

pub use cam::{Score, evidence, gradient, pooled_linear_cam};
pub use color::{ColorMap, overlay};
pub use error::ExplainError;
pub use heatmap::{Evidence, Heatmap, heatmaps};
pub use method::{Method, at_pixels, fuse};
