//! How far generated images lie from real ones in the classifier's features.

use classifier::Classifier;
use nalgebra::{DMatrix, DVector, SymmetricEigen};
use studio::{Figure, Judge};

use crate::judge::{Judged, generated_images, judged_images};
use crate::prior;
use crate::run::Run;
use crate::second::given_by;
use crate::{EvaluationError, Measure, measures};

/// Real training images that stand in for generated ones in the floor.
pub(crate) const REAL: usize = 10_000;

pub(crate) fn measure(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let judge = run.judge()?;
    let [generated, train] = [generated(run, judge)?, training(run, judge)?];
    let test = Gaussian::of(run.real()?);
    Ok(vec![
        figure(measures::CLASSIFIER_FD, [&generated, &test], "generated"),
        figure(measures::CLASSIFIER_FD_FLOOR, [&train, &test], "train"),
    ])
}

/// The same in the features of the second judge.
pub(crate) fn second(run: &mut Run<'_>) -> Result<Vec<Figure>, EvaluationError> {
    let (judge, sha256) = run.second_judge()?;
    let [generated, train] = [generated(run, judge)?, training(run, judge)?];
    let test = Gaussian::of(run.second_real()?);
    let figures = [
        figure(measures::SECOND_FD, [&generated, &test], "generated"),
        figure(measures::SECOND_FD_FLOOR, [&train, &test], "train"),
    ];
    Ok(figures
        .map(|figure| given_by(sha256.clone(), figure))
        .to_vec())
}

fn figure(measure: Measure, [a, b]: [&Gaussian; 2], split: &str) -> Figure {
    Figure {
        seed: Some(prior::SEED.0),
        split: split.to_owned(),
        ..measure.figure(a.distance(b), a.images)
    }
}

/// Images decoded from the learned prior.
fn generated<N: Classifier>(
    run: &mut Run<'_>,
    judge: &Judge<N>,
) -> Result<Gaussian, EvaluationError> {
    let drawn = prior::learned_samples(run);
    Ok(Gaussian::of(&generated_images(run, judge, &drawn)?))
}

/// Real images that no judge is tested on.
fn training<N: Classifier>(
    run: &mut Run<'_>,
    judge: &Judge<N>,
) -> Result<Gaussian, EvaluationError> {
    let train: Vec<usize> = (0..run.data.train.len().min(REAL)).collect();
    let images = run.data.train.subset(&train);
    Ok(Gaussian::of(&judged_images(run, judge, &images)?))
}

/// Mean and covariance of feature rows.
struct Gaussian {
    images: usize,
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
}

impl Gaussian {
    fn of(judged: &Judged) -> Self {
        let n = judged.len().max(1);
        let width = judged.features.len() / n;
        let mut rows = DMatrix::from_fn(n, width, |row, column| {
            f64::from(judged.features[row * width + column])
        });
        let mean = rows.row_mean().transpose();
        for mut row in rows.row_iter_mut() {
            row -= mean.transpose();
        }
        Self {
            images: judged.len(),
            covariance: rows.tr_mul(&rows) / (n as f64 - 1.0).max(1.0),
            mean,
        }
    }

    /// `|m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2)` (Dowson and Landau 1982).
    fn distance(&self, other: &Self) -> f64 {
        let root = root(&self.covariance);
        let cross = root_of_symmetric_trace(&(&root * &other.covariance * &root));
        (&self.mean - &other.mean).norm_squared()
            + self.covariance.trace()
            + other.covariance.trace()
            - 2.0 * cross
    }
}

/// The symmetric square root; eigenvalues that rounding made negative count as 0.
fn root(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(matrix.clone());
    let values = eigen.eigenvalues.map(|v| v.max(0.0).sqrt());
    &eigen.eigenvectors * DMatrix::from_diagonal(&values) * eigen.eigenvectors.transpose()
}

/// The trace of the square root of a matrix that is symmetric but for rounding.
fn root_of_symmetric_trace(matrix: &DMatrix<f64>) -> f64 {
    let symmetric = (matrix + matrix.transpose()) * 0.5;
    let values = symmetric.symmetric_eigenvalues();
    values.iter().map(|v| v.max(0.0).sqrt()).sum()
}

#[cfg(test)]
mod tests {
    use datasets::ClassId;

    use super::*;

    fn judged(rows: &[[f32; 2]]) -> Judged {
        Judged {
            classes: vec![ClassId(0); rows.len()],
            predictions: Vec::new(),
            features: rows.concat(),
        }
    }

    /// Corners of a square with side 2 have variance 4/3 in each direction, those of one with side 4 have 16/3; moved by
    /// (3, 4) they are 25 apart in mean. 25 + 2 (4/3 + 16/3 - 2 sqrt(4/3 16/3)) = 25 + 2 * 4/3 = 27.666667.
    #[test]
    fn the_distance_by_hand() {
        let square = |x: f32, y: f32, half: f32| {
            let corners = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]];
            judged(&corners.map(|[a, b]| [x + half * a, y + half * b]))
        };
        let (small, large) = (square(0.0, 0.0, 1.0), square(3.0, 4.0, 2.0));
        let distance = Gaussian::of(&small).distance(&Gaussian::of(&large));
        assert!((distance - (25.0 + 8.0 / 3.0)).abs() < 1e-9, "{distance}");
        assert!(Gaussian::of(&small).distance(&Gaussian::of(&small)).abs() < 1e-9);
    }
}
