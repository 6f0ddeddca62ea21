//! The map: points of latent space on a plane, and the ways between a place on it and a latent.

mod cloud;
mod drawing;
mod figures;
mod group;
mod labels;
mod neighbours;
mod notes;
mod plane;
mod point;
mod settings;
mod table;
mod trail;
mod unfolding;
mod viewport;

pub use cloud::{Cloud, drawn_a_region};
pub use drawing::drawing;
pub use figures::{ColorScale, PointFigures};
pub use group::{Group, inside};
pub use labels::class_medians;
pub use neighbours::{NEAREST, latent_at, place_of};
pub use notes::{KeptGroup, MOST_PINS, MapNotes, Pin};
pub use plane::{PLANE_DIMENSIONS, Plane};
pub use point::MapPoint;
pub use settings::{Coloring, MapFile, MapLayer, MapSettings, Projection};
pub use table::{MapExport, table};
pub use trail::{TRAIL, Trail};
pub use unfolding::Unfolding;
pub use viewport::{Camera, Viewport};
