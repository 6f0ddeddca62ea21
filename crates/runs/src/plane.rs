//! Where latents lie in two dimensions while the space that they lie in still moves.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Latents on the plane of their two principal directions, one point each. The plane is turned and mirrored so that points lie as near as
/// may be to where they were `before` (an orthogonal Procrustes problem in two dimensions), so that a film of it shows what moves and
/// not how the directions are named. Of fewer than two latents, or of one dimension, what there is.
#[must_use]
pub fn plane(latents: &[Vec<f32>], before: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let Some(dims) = latents.first().map(Vec::len).filter(|dims| *dims > 0) else {
        return Vec::new();
    };
    let finite = latents.iter().flatten().all(|value| value.is_finite());
    if !finite || latents.iter().any(|latent| latent.len() != dims) {
        return Vec::new();
    }
    let n = latents.len();
    let points = DMatrix::from_fn(n, dims, |row, column| f64::from(latents[row][column]));
    let means = DVector::from_fn(dims, |column, _| points.column(column).mean());
    let centred = DMatrix::from_fn(n, dims, |row, column| points[(row, column)] - means[column]);
    let covariance = centred.transpose() * &centred / n as f64;
    let eigen = SymmetricEigen::new(covariance);
    let mut order: Vec<usize> = (0..dims).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let along = |axis: usize| -> Vec<f64> {
        order.get(axis).map_or_else(
            || vec![0.0; n],
            |column| {
                let direction = eigen.eigenvectors.column(*column);
                (&centred * direction).iter().copied().collect()
            },
        )
    };
    let (x, y) = (along(0), along(1));
    let here: Vec<[f64; 2]> = x.into_iter().zip(y).map(|(x, y)| [x, y]).collect();
    let placed = if before.len() == n {
        turned(&here, before)
    } else {
        here
    };
    placed
        .into_iter()
        .map(|[x, y]| [x as f32, y as f32])
        .collect()
}

/// Points turned, and mirrored if that brings them nearer, towards where they were.
fn turned(points: &[[f64; 2]], before: &[[f32; 2]]) -> Vec<[f64; 2]> {
    // The entries of points' transpose times before: the best rotation has this angle, and the best reflection that one.
    let (mut xx, mut xy, mut yx, mut yy) = (0.0, 0.0, 0.0, 0.0);
    for ([x, y], [u, v]) in points.iter().zip(before) {
        let (u, v) = (f64::from(*u), f64::from(*v));
        xx += x * u;
        xy += x * v;
        yx += y * u;
        yy += y * v;
    }
    let (turn, mirror) = ((xx + yy).hypot(xy - yx), (xx - yy).hypot(xy + yx));
    let mirrored = mirror > turn;
    let angle = if mirrored {
        (xy + yx).atan2(xx - yy)
    } else {
        (xy - yx).atan2(xx + yy)
    };
    let (sin, cos) = angle.sin_cos();
    let place = |&[x, y]: &[f64; 2]| {
        let y = if mirrored { -y } else { y };
        [cos * x - sin * y, sin * x + cos * y]
    };
    points.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::plane;

    /// A cloud that is 4 long in its second dimension and 2 in its third.
    fn cloud() -> Vec<Vec<f32>> {
        vec![
            vec![0.0, 2.0, 0.0],
            vec![0.0, -2.0, 0.0],
            vec![0.0, 0.0, 1.0],
            vec![0.0, 0.0, -1.0],
        ]
    }

    #[test]
    fn points_lie_where_they_were() {
        // The same cloud in another order of dimensions, and mirrored: it is the same picture.
        let before = [[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]];
        for signs in [[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]] {
            let mut latents = cloud();
            for latent in &mut latents {
                latent.swap(0, 1);
                latent[0] *= signs[0];
                latent[2] *= signs[1];
            }
            for (point, there) in plane(&latents, &before).iter().zip(before) {
                let apart = (point[0] - there[0]).hypot(point[1] - there[1]);
                assert!(apart < 1e-5, "{point:?} and not {there:?}");
            }
        }
    }

    #[test]
    fn what_is_no_cloud_has_a_place_all_the_same() {
        assert!(plane(&[], &[]).is_empty());
        assert_eq!(plane(&[vec![3.0]], &[]), [[0.0, 0.0]]);
        assert!(plane(&[vec![f32::NAN, 1.0]], &[]).is_empty());
    }
}
