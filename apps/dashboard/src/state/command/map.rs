//! Commands to the map.

use crate::state::map::{Coloring, MapLayer};

/// What is done with the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapCommand {
    /// Lay the points of the map out by t-SNE.
    Unfold,
    /// Ask for the points of the map again, and for what was measured of them.
    Retry,
    /// Have the colours of the points say something else.
    ColourBy(Coloring),
    /// Show a layer over the points, or no longer.
    Toggle(MapLayer),
    /// Keep the group that a line was drawn around.
    KeepGroup,
    /// Pin the picture that the latent came from.
    Pin,
    /// Pin every picture that is opened, or no longer.
    TogglePinOpened,
    /// Ask where to save the points as comma-separated values.
    SaveTable,
    /// Ask where to save the map as a drawing.
    SaveDrawing,
}
