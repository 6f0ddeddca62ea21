//! Ways through latent space besides its axes: what a person can drag along as along one dimension.

use nalgebra::{DMatrix, DVector, SymmetricEigen};
use serde::{Deserialize, Serialize};

use crate::ClassRegions;

/// A straight line through latent space with a scale on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Direction {
    /// The latent at position 0.
    pub origin: Vec<f32>,
    /// How a latent changes when its position grows by 1.
    pub step: Vec<f32>,
}

/// A direction in which the class regions spread, and how much of their spread lies in it.
#[derive(Debug, Clone, PartialEq)]
pub struct PrincipalDirection {
    /// Position 0 is the mean of all regions, and 1 is a standard deviation further.
    pub direction: Direction,
    /// Share of the regions' variance, in `0..=1`.
    pub share: f32,
}

impl Direction {
    /// The line through two latents: `from` is at position -1 and `to` at +1. Coordinates that only one of them has are
    /// left out.
    #[must_use]
    pub fn between(from: &[f32], to: &[f32]) -> Self {
        let both = || from.iter().zip(to);
        Self {
            origin: both().map(|(a, b)| f32::midpoint(*a, *b)).collect(),
            step: both().map(|(a, b)| (b - a) / 2.0).collect(),
        }
    }

    /// The same direction with some coordinates held where they are.
    #[must_use]
    pub fn holding(mut self, held: &[bool]) -> Self {
        for (step, held) in self.step.iter_mut().zip(held) {
            if *held {
                *step = 0.0;
            }
        }
        self
    }

    /// Where a latent stands on this line: the position of the point of the line that is nearest to it. `None` if the
    /// direction leads nowhere.
    #[must_use]
    pub fn position(&self, latent: &[f32]) -> Option<f32> {
        let square: f64 = self.step.iter().map(|s| f64::from(*s).powi(2)).sum();
        let apart = latent.iter().zip(&self.origin).zip(&self.step);
        let along: f64 = apart
            .map(|((z, origin), step)| f64::from(z - origin) * f64::from(*step))
            .sum();
        (square > 0.0).then(|| (along / square) as f32)
    }

    /// The latent moved along this direction until it stands at `position`: what lies across the line stays. The latent
    /// itself if the direction leads nowhere.
    #[must_use]
    pub fn moved(&self, latent: &[f32], position: f32) -> Vec<f32> {
        let by = self.position(latent).map_or(0.0, |now| position - now);
        let moved = latent.iter().zip(&self.step);
        moved.map(|(z, step)| z + by * step).collect()
    }
}

/// The latent moved along two directions at once until it stands at `positions` on both: what lies across both stays. `None` if one of
/// them leads nowhere, or both lead the same way, so that there are no such latents or many.
///
/// With the steps `u` and `v` and the ways `a` and `b` that are left on each line, `z + s u + t v` stands there where
/// `s |u|^2 + t (u v) = a |u|^2` and `s (u v) + t |v|^2 = b |v|^2`.
#[must_use]
pub fn moved_along(
    lines: [&Direction; 2],
    latent: &[f32],
    positions: [f32; 2],
) -> Option<Vec<f32>> {
    /// The square of the sine of the smallest angle between two directions that are told apart.
    const SAME_WAY: f64 = 1e-6;
    let product = |a: &[f32], b: &[f32]| -> f64 {
        let products = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b));
        products.sum()
    };
    let [u, v] = lines.map(|line| line.step.as_slice());
    let (square_u, square_v, both) = (product(u, u), product(v, v), product(u, v));
    let left = |line: usize| -> Option<f64> {
        let now = lines[line].position(latent)?;
        Some(f64::from(positions[line]) - f64::from(now))
    };
    let (a, b) = (left(0)?, left(1)?);
    let determinant = square_u * square_v - both * both;
    if determinant <= SAME_WAY * square_u * square_v {
        return None;
    }
    let s = square_v * (a * square_u - both * b) / determinant;
    let t = square_u * (b * square_v - both * a) / determinant;
    let steps = u.iter().zip(v);
    let moved = latent.iter().zip(steps).map(|(z, (u, v))| {
        let by = s * f64::from(*u) + t * f64::from(*v);
        (f64::from(*z) + by) as f32
    });
    Some(moved.collect())
}

/// The `count` directions in which the class regions, mixed in equal parts, spread most: the principal components of the
/// aggregate posterior as the regions describe it. Each points to where its largest coordinate grows.
///
/// The covariance of a mixture is the mean of its components' covariances and of the spread of their means:
/// `sum w (L L' + (m - mu)(m - mu)')`.
#[must_use]
pub fn principal_directions(regions: &ClassRegions, count: usize) -> Vec<PrincipalDirection> {
    let Some((mean, covariance)) = moments(regions) else {
        return Vec::new();
    };
    let total = covariance.trace();
    let eigen = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..mean.len()).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let principal = |index: usize| {
        let variance = eigen.eigenvalues[index].max(0.0);
        let unit = eigen.eigenvectors.column(index);
        let largest = unit[unit.icamax()];
        let scale = variance.sqrt() * largest.signum();
        PrincipalDirection {
            direction: Direction {
                origin: mean.iter().map(|v| *v as f32).collect(),
                step: unit.iter().map(|v| (v * scale) as f32).collect(),
            },
            share: (variance / total.max(f64::MIN_POSITIVE)) as f32,
        }
    };
    order.into_iter().take(count).map(principal).collect()
}

/// Mean and covariance of all regions mixed in equal parts; `None` if there is no component.
fn moments(regions: &ClassRegions) -> Option<(DVector<f64>, DMatrix<f64>)> {
    let share = 1.0 / regions.classes().max(1) as f64;
    let components = || {
        let all = regions.0.iter().flat_map(|region| &region.components);
        all.map(|component| {
            let center = component.mean.iter().map(|v| f64::from(*v));
            let center = DVector::from_iterator(component.mean.len(), center);
            (share * f64::from(component.weight), center, component)
        })
    };
    let dims = components().next()?.1.len();
    let mut mean = DVector::zeros(dims);
    for (weight, center, _) in components() {
        mean += center * weight;
    }
    let mut covariance = DMatrix::zeros(dims, dims);
    for (weight, center, component) in components() {
        let factor = DMatrix::from_fn(dims, dims, |row, column| {
            let inside = column <= row;
            let index = row * (row + 1) / 2 + column;
            if inside {
                f64::from(component.cholesky[index])
            } else {
                0.0
            }
        });
        let apart = center - &mean;
        covariance += (&factor * factor.transpose() + &apart * apart.transpose()) * weight;
    }
    Some((mean, covariance))
}
