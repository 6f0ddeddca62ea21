//! The plane in which the class regions spread most.

use latent_space::{ClassRegions, Direction, PrincipalDirection, principal_directions};

use super::MapPoint;

/// The sine of the angle, squared, below which two directions count as one.
const ALIKE: f32 = 1e-2;

/// A plane needs so many dimensions.
pub const PLANE_DIMENSIONS: usize = 2;

/// Two principal directions, to the right and up. A unit is a standard deviation along each.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// To the right, and up.
    pub axes: [PrincipalDirection; PLANE_DIMENSIONS],
}

impl Plane {
    /// The plane of these regions; `None` if they have fewer dimensions than [`PLANE_DIMENSIONS`].
    #[must_use]
    pub fn new(regions: &ClassRegions) -> Option<Self> {
        let axes = principal_directions(regions, PLANE_DIMENSIONS)
            .try_into()
            .ok()?;
        Some(Self { axes })
    }

    /// Where a latent stands.
    #[must_use]
    pub fn place_of(&self, latent: &[f32]) -> MapPoint {
        let position = |axis: &PrincipalDirection| axis.direction.position(latent);
        let [right, up] = &self.axes;
        [right, up].map(|axis| position(axis).unwrap_or(0.0))
    }

    /// The latent moved within the plane until it stands at `place`. Locked dimensions stay; what is left of the two
    /// directions goes as far as it can.
    #[must_use]
    pub fn moved(&self, latent: &[f32], locked: &[bool], place: MapPoint) -> Vec<f32> {
        let now = self.place_of(latent);
        let [full_x, full_y] = self.axes.each_ref().map(|axis| &axis.direction.step);
        let free = |axis: &PrincipalDirection| axis.direction.clone().holding(locked);
        let [x, y] = self.axes.each_ref().map(free);
        // With dimensions locked the two directions are no longer at right angles: how far along each follows from both.
        let goal_x = (place[0] - now[0]) * dot(full_x, full_x);
        let goal_y = (place[1] - now[1]) * dot(full_y, full_y);
        let (xx, xy, yy) = (
            dot(&x.step, &x.step),
            dot(&x.step, &y.step),
            dot(&y.step, &y.step),
        );
        let determinant = xx * yy - xy * xy;
        let (by_x, by_y) = if determinant > ALIKE * xx * yy {
            (
                (goal_x * yy - goal_y * xy) / determinant,
                (goal_y * xx - goal_x * xy) / determinant,
            )
        } else if xx > yy {
            (goal_x / xx, 0.0)
        } else if yy > 0.0 {
            (0.0, goal_y / yy)
        } else {
            (0.0, 0.0)
        };
        along(&along(latent, &x, by_x), &y, by_y)
    }
}

fn along(latent: &[f32], direction: &Direction, by: f32) -> Vec<f32> {
    let both = latent.iter().zip(&direction.step);
    both.map(|(value, step)| value + by * step).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
