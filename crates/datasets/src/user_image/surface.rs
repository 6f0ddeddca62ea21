//! The background of a picture as a smooth surface: a polynomial of the second degree in the place, for each channel.
//!
//! It is fitted to the pixels along the edge by least squares with Tukey's weights (Huber and Ronchetti, "Robust Statistics",
//! 2009, section 7.8), so that an object that reaches the edge somewhere does not count, and then again to all pixels that it
//! explains.

use nalgebra::{SMatrix, SVector};

/// Terms of the polynomial: 1, x, y, x^2, xy, y^2.
const TERMS: usize = 6;

/// Rounds of weighing.
const ROUNDS: usize = 12;

/// Tukey's constant, in standard deviations: 95 % efficient on normal errors.
const TUKEY: f64 = 4.685;

/// The smallest standard deviation that is assumed, in levels of `[0, 1]`: rounding to bytes.
const LEAST_DEVIATION: f64 = 0.004;

/// One channel of the background.
#[derive(Clone, Copy)]
pub(super) struct Surface {
    terms: SVector<f64, TERMS>,
    /// The standard deviation of the pixels around it.
    pub deviation: f32,
}

/// A pixel: its place, from -1 to 1, and its level.
pub(super) type Sample = ([f64; 2], f64);

impl Surface {
    /// Fits a surface; `None` without samples or if they lie on a line.
    pub(super) fn fit(samples: &[Sample]) -> Option<Self> {
        let mut deviation = f64::INFINITY;
        let mut terms = SVector::zeros();
        for _ in 0..ROUNDS {
            let mut normal = SMatrix::<f64, TERMS, TERMS>::zeros();
            let mut right = SVector::<f64, TERMS>::zeros();
            for &(place, level) in samples {
                let row = row(place);
                let weight = if deviation.is_finite() {
                    tukey((level - row.dot(&terms)) / deviation)
                } else {
                    1.0
                };
                normal += row * row.transpose() * weight;
                right += row * (level * weight);
            }
            terms = normal.cholesky()?.solve(&right);
            deviation = median_deviation(samples, &terms)?;
        }
        Some(Self {
            terms,
            deviation: deviation as f32,
        })
    }

    /// The level at a place.
    pub(super) fn at(&self, place: [f64; 2]) -> f32 {
        row(place).dot(&self.terms) as f32
    }
}

fn row([x, y]: [f64; 2]) -> SVector<f64, TERMS> {
    SVector::from([1.0, x, y, x * x, x * y, y * y])
}

fn tukey(deviations: f64) -> f64 {
    let share = (deviations / TUKEY).powi(2);
    if share < 1.0 {
        (1.0 - share).powi(2)
    } else {
        0.0
    }
}

/// The standard deviation that the median of the absolute deviations stands for.
fn median_deviation(samples: &[Sample], terms: &SVector<f64, TERMS>) -> Option<f64> {
    let deviations = samples.iter();
    let mut deviations: Vec<f64> = deviations
        .map(|&(place, level)| (level - row(place).dot(terms)).abs())
        .collect();
    if deviations.is_empty() {
        return None;
    }
    let middle = deviations.len() / 2;
    let (_, median, _) = deviations.select_nth_unstable_by(middle, f64::total_cmp);
    Some((1.4826 * *median).max(LEAST_DEVIATION))
}
