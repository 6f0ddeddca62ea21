//! What a latent space looks like, and ways to walk through it.
//!
//! A generative model maps latents to images. To explore it, a person has to know where its latents lie: which dimensions
//! carry information ([`LatentStats`]), where each class lives ([`ClassRegions`]), how usual a latent is ([`Realism`]), in
//! which directions images differ most ([`principal_directions`]), and how to get from one latent to another
//! ([`interpolate`], [`traversal`]). [`LatentSpace`] holds the first three.
//!
//! All of it is computed from plain numbers ([`Encodings`]), whatever network they come from: this crate knows no network
//! and no tensor library, so that every family of models can be explored in the same way.

mod array_reader;
mod arrays;
mod direction;
mod error;
mod fit;
mod mixture;
mod realism;
mod region;
mod region_fit;
mod space;
mod statistics;
mod typical;
mod walk;

pub use arrays::Array;
pub use direction::{Direction, PrincipalDirection, moved_along, principal_directions};
pub use error::LatentSpaceError;
pub use fit::{Encodings, REALISM_IMAGES, RegionConfig};
pub use realism::{Realism, drift};
pub use region::{ClassRegion, ClassRegions, Component};
pub use space::LatentSpace;
pub use statistics::{ACTIVE_THRESHOLD, LatentStats};
pub use typical::{Given, TYPICAL_THRESHOLDS, Typical, TypicalChoice, TypicalRule};
pub use walk::{Path, interpolate, sample_prior, traversal};
