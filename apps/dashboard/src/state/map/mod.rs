//! The map: points of latent space on a plane, and the ways between a place on it and a latent.

mod cloud;
mod group;
mod neighbours;
mod plane;
mod point;
mod unfolding;
mod viewport;

pub use cloud::{Cloud, drawn_a_region};
pub use group::{Group, inside};
pub use neighbours::{NEAREST, latent_at, place_of};
pub use plane::{PLANE_DIMENSIONS, Plane};
pub use point::MapPoint;
pub use unfolding::Unfolding;
pub use viewport::{Camera, Viewport};
