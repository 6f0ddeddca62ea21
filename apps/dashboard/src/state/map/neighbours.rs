//! From latents to places of a layout and back, by the nearest points: a layout by t-SNE knows its points and nothing else.

use super::MapPoint;

/// How many of the nearest points count.
pub const NEAREST: usize = 8;

/// Where a latent stands in a layout of `latents`: the mean place of the nearest ones, weighted by closeness in latent
/// space. The origin if there is none.
#[must_use]
pub fn place_of(latent: &[f32], latents: &[Vec<f32>], layout: &[MapPoint]) -> MapPoint {
    let count = latents.len().min(layout.len());
    let weights = weights(latents[..count].iter().map(|other| square(latent, other)));
    let mut place = [0.0; 2];
    for (index, weight) in weights {
        place[0] += weight * layout[index][0];
        place[1] += weight * layout[index][1];
    }
    place
}

/// A latent for a place in a layout of `latents`: the mean of the latents of the nearest points, weighted by closeness on
/// the map. `None` if there is no point.
#[must_use]
pub fn latent_at(place: MapPoint, latents: &[Vec<f32>], layout: &[MapPoint]) -> Option<Vec<f32>> {
    let count = latents.len().min(layout.len());
    let mut mixed = vec![0.0; latents.first()?.len()];
    for (index, weight) in weights(layout[..count].iter().map(|other| square(&place, other))) {
        for (mixed, value) in mixed.iter_mut().zip(&latents[index]) {
            *mixed += weight * value;
        }
    }
    Some(mixed)
}

fn square(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The nearest, and a share for each: the inverse of its squared distance, so that on a point only that point counts.
fn weights(squares: impl Iterator<Item = f32>) -> Vec<(usize, f32)> {
    let by_distance = |(_, a): &(usize, f32), (_, b): &(usize, f32)| a.total_cmp(b);
    let mut nearest: Vec<(usize, f32)> = squares.enumerate().collect();
    if nearest.len() > NEAREST {
        nearest.select_nth_unstable_by(NEAREST, by_distance);
        nearest.truncate(NEAREST);
    }
    nearest.sort_by(by_distance);
    // Far below any distance here, and no division by nothing.
    let tiny = nearest.last().map_or(0.0, |(_, most)| 1e-6 * most) + f32::MIN_POSITIVE;
    for (_, value) in &mut nearest {
        *value = 1.0 / (*value + tiny);
    }
    let total: f32 = nearest.iter().map(|(_, weight)| weight).sum();
    nearest
        .into_iter()
        .map(|(index, weight)| (index, weight / total))
        .collect()
}
