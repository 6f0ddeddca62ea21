//! Fitting a mixture of Gaussians with full covariances by expectation maximisation (Bishop 2006, section 9.2), started
//! from k-means++ seeds.

use datasets::Seed;
use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use rand::RngExt;

use crate::region::Component;
use crate::{ClassRegion, LatentSpaceError};

/// Rounds of expectation and maximisation. The log-likelihood of a class region has settled to four digits well before.
const ROUNDS: usize = 60;
/// Gain in mean log-likelihood per point, in nats, under which the rounds end.
const SETTLED_NATS: f64 = 1e-4;
/// Added to the diagonal of every covariance, so that a dimension in which a class hardly varies stays invertible; small
/// beside the variance 1 of the prior.
const RIDGE: f64 = 1e-4;

/// One Gaussian while it is being fitted.
struct Gaussian {
    log_weight: f64,
    mean: DVector<f64>,
    factor: Cholesky<f64, Dyn>,
}

/// Fits `components` Gaussians to `points`, `[n, dims]` (a row a point). `name` is what an error calls the region.
pub fn fit_mixture(
    points: &DMatrix<f64>,
    components: usize,
    seed: Seed,
    name: impl Fn() -> String,
) -> Result<ClassRegion, LatentSpaceError> {
    let (n, dims) = points.shape();
    // A covariance in `dims` dimensions needs more points than dimensions to mean anything.
    let components = components.min(n / (2 * dims)).max(1);
    if n < 2 {
        return Err(LatentSpaceError::TooFewImages {
            region: name(),
            images: n,
        });
    }
    let mut responsibilities = nearest_seed(points, &seeds(points, components, seed));
    let maximised = |responsibilities: &DMatrix<f64>| {
        let degenerate = || LatentSpaceError::Covariance { region: name() };
        maximise(points, responsibilities).ok_or_else(degenerate)
    };
    let mut mixture = maximised(&responsibilities)?;
    let mut before = f64::NEG_INFINITY;
    for _ in 0..ROUNDS {
        let likelihood = expect(points, &mixture, &mut responsibilities);
        if likelihood - before < SETTLED_NATS {
            break;
        }
        before = likelihood;
        mixture = maximised(&responsibilities)?;
    }
    Ok(ClassRegion {
        images: n,
        components: mixture.iter().map(component).collect(),
    })
}

/// k-means++ (Arthur and Vassilvitskii 2007): each next seed is drawn with probability proportional to its squared
/// distance from the nearest seed so far.
fn seeds(points: &DMatrix<f64>, count: usize, seed: Seed) -> Vec<usize> {
    let n = points.nrows();
    let mut rng = seed.rng();
    let mut chosen = vec![rng.random_range(0..n)];
    let mut distance = vec![f64::INFINITY; n];
    while chosen.len() < count {
        let newest = points.row(chosen[chosen.len() - 1]);
        for (i, nearest) in distance.iter_mut().enumerate() {
            *nearest = nearest.min((points.row(i) - newest).norm_squared());
        }
        let mut left = rng.random::<f64>() * distance.iter().sum::<f64>();
        let next = distance.iter().position(|d| {
            left -= d;
            left < 0.0
        });
        chosen.push(next.unwrap_or(n - 1));
    }
    chosen
}

/// `[n, seeds]`: 1 where the point is nearest to that seed.
fn nearest_seed(points: &DMatrix<f64>, seeds: &[usize]) -> DMatrix<f64> {
    let mut out = DMatrix::zeros(points.nrows(), seeds.len());
    for i in 0..points.nrows() {
        let distance = |&s: &usize| (points.row(i) - points.row(s)).norm_squared();
        let nearest = (0..seeds.len())
            .min_by(|&a, &b| distance(&seeds[a]).total_cmp(&distance(&seeds[b])))
            .unwrap_or(0);
        out[(i, nearest)] = 1.0;
    }
    out
}

/// The Gaussians that fit best, given each point's share in each of them; `None` if one has no positive definite covariance.
fn maximise(points: &DMatrix<f64>, responsibilities: &DMatrix<f64>) -> Option<Vec<Gaussian>> {
    let (n, dims) = points.shape();
    let fit_one = |k: usize| {
        let share = responsibilities.column(k);
        // A component that lost all its points keeps a trace of weight instead of dividing by zero.
        let total = share.sum().max(1e-6);
        let mean = points.tr_mul(&share) / total;
        let mut scaled = points.clone();
        for (i, mut row) in scaled.row_iter_mut().enumerate() {
            row -= mean.transpose();
            row *= share[i].max(0.0).sqrt();
        }
        let covariance = scaled.tr_mul(&scaled) / total + DMatrix::identity(dims, dims) * RIDGE;
        Some(Gaussian {
            log_weight: (total / n as f64).ln(),
            mean,
            factor: Cholesky::new(covariance)?,
        })
    };
    (0..responsibilities.ncols()).map(fit_one).collect()
}

/// Fills in each point's share in each Gaussian; returns the mean log-likelihood of a point in nats.
fn expect(points: &DMatrix<f64>, mixture: &[Gaussian], responsibilities: &mut DMatrix<f64>) -> f64 {
    let n = points.nrows();
    for (k, gaussian) in mixture.iter().enumerate() {
        responsibilities.set_column(k, &log_density(points, gaussian));
    }
    let mut total = 0.0;
    for mut row in responsibilities.row_iter_mut() {
        let largest = row.max();
        let sum: f64 = row.iter().map(|v| (v - largest).exp()).sum();
        let log_sum = largest + sum.ln();
        row.iter_mut().for_each(|v| *v = (*v - log_sum).exp());
        total += log_sum;
    }
    total / n as f64
}

/// Weighted log-density of every point under one Gaussian.
fn log_density(points: &DMatrix<f64>, gaussian: &Gaussian) -> DVector<f64> {
    let (_, dims) = points.shape();
    let mut centred = points.transpose();
    for mut column in centred.column_iter_mut() {
        column -= &gaussian.mean;
    }
    let factor = gaussian.factor.l();
    // The factor of a positive definite matrix has a positive diagonal, so the solve cannot fail.
    let _ = factor.solve_lower_triangular_mut(&mut centred);
    let log_determinant: f64 = factor.diagonal().iter().map(|v| v.ln()).sum();
    let constant = gaussian.log_weight
        - log_determinant
        - dims as f64 / 2.0 * (2.0 * std::f64::consts::PI).ln();
    DVector::from_iterator(
        points.nrows(),
        centred
            .column_iter()
            .map(|column| constant - column.norm_squared() / 2.0),
    )
}

fn component(gaussian: &Gaussian) -> Component {
    let factor = gaussian.factor.l();
    let dims = gaussian.mean.len();
    let lower = (0..dims).flat_map(|i| (0..=i).map(move |j| (i, j)));
    Component {
        weight: gaussian.log_weight.exp() as f32,
        mean: gaussian.mean.iter().map(|&v| v as f32).collect(),
        cholesky: lower.map(|at| factor[at] as f32).collect(),
    }
}
