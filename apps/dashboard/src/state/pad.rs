//! The pad: two dimensions or directions under one hand. Plain data, and where a latent stands on them.

use std::ops::RangeInclusive;

use latent_space::{Direction, LatentStats, moved_along};
use serde::{Deserialize, Serialize};

use super::kept_direction::KeptDirection;

/// How many images a side the pad's sheet may have.
pub const SHEET_SIDES: RangeInclusive<usize> = 2..=15;

/// What one side of the pad moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PadAxis {
    /// A latent dimension, in standard deviations from its mean.
    Dimension(usize),
    /// A direction that the person kept, in its own units. The scene has all of it, so it stays here when it is deleted there.
    Direction(KeptDirection),
}

/// What is set for the pad.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PadControls {
    /// What moves across and what moves up, once a person has chosen; until then the dimensions that carry most.
    pub axes: [Option<PadAxis>; 2],
    /// Images a side of the sheet.
    pub side: usize,
}

/// The plane through latent space that the pad shows.
#[derive(Clone, Debug)]
pub struct PadPlane([Direction; 2]);

impl Default for PadControls {
    fn default() -> Self {
        Self {
            axes: [None, None],
            side: 9,
        }
    }
}

impl PadControls {
    /// What moves across and what moves up; `None` where the model has too few dimensions.
    #[must_use]
    pub fn axes(&self, stats: &LatentStats) -> Option<[PadAxis; 2]> {
        let chosen = |axis: &PadAxis| self.axes.iter().flatten().any(|other| other == axis);
        let most = stats.order_by_kl().into_iter().map(PadAxis::Dimension);
        let mut free = most.filter(|axis| !chosen(axis));
        let [across, up] = &self.axes;
        Some([
            across.clone().or_else(|| free.next())?,
            up.clone().or_else(|| free.next())?,
        ])
    }

    /// Has one side, 0 across and 1 up, move something else. What the other side moves changes places with it.
    pub fn choose(&mut self, side: usize, axis: PadAxis, stats: &LatentStats) {
        let Some(mut axes) = self.axes(stats) else {
            return;
        };
        if axes[1 - side] == axis {
            axes.swap(0, 1);
        } else {
            axes[side] = axis;
        }
        self.axes = axes.map(Some);
    }

    /// Without what a model of so many dimensions does not have.
    #[must_use]
    pub fn sound(self, dims: usize) -> Self {
        let [across, up] = self.axes;
        // Only two different ones make a plane.
        let twice = across == up;
        let fits = |axis: Option<PadAxis>| axis.filter(|axis| axis.fits(dims));
        Self {
            axes: [fits(across), fits(up).filter(|_| !twice)],
            side: self.side.clamp(*SHEET_SIDES.start(), *SHEET_SIDES.end()),
        }
    }
}

impl PadAxis {
    /// Whether there is such a line in a latent space of so many dimensions.
    fn fits(&self, dims: usize) -> bool {
        match self {
            Self::Dimension(dim) => *dim < dims,
            Self::Direction(kept) => kept.fits(dims),
        }
    }

    /// The line that a latent is moved along. As with the sliders, a lock holds a dimension where a direction would move it, and
    /// not where it is moved itself.
    fn line(&self, stats: &LatentStats, locked: &[bool]) -> Direction {
        match self {
            Self::Dimension(dim) => {
                let mut step = vec![0.0; stats.dims()];
                if let (Some(step), Some(std)) = (step.get_mut(*dim), stats.std.get(*dim)) {
                    *step = *std;
                }
                Direction {
                    origin: stats.mean.clone(),
                    step,
                }
            }
            Self::Direction(kept) => kept.direction.clone().holding(locked),
        }
    }
}

impl PadPlane {
    /// The plane along two axes.
    #[must_use]
    pub fn new(axes: &[PadAxis; 2], stats: &LatentStats, locked: &[bool]) -> Self {
        Self([0, 1].map(|side| axes[side].line(stats, locked)))
    }

    /// Where a latent stands on both axes; `None` where no hand can move it freely on them: one leads nowhere, because all that it
    /// moves is locked, or both lead the same way.
    #[must_use]
    pub fn position(&self, latent: &[f32]) -> Option<[f32; 2]> {
        let [across, up] = &self.0;
        let at = [across.position(latent)?, up.position(latent)?];
        self.moved(latent, at).map(|_| at)
    }

    /// The latent moved until it stands there on both axes; what lies across the plane stays.
    #[must_use]
    pub fn moved(&self, latent: &[f32], to: [f32; 2]) -> Option<Vec<f32>> {
        let [across, up] = &self.0;
        moved_along([across, up], latent, to)
    }
}
