//! Where things are on a map.

/// A place on a map. What its units are depends on the projection.
pub type MapPoint = [f32; 2];
