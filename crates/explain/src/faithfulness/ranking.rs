//! Rankings that a map has to beat, and the correlation between two rankings.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Width of the centred Gaussian: its standard deviation as a share of each side.
const GAUSSIAN_SIGMA: f64 = 0.25;

/// A ranking that knows only the image: the brightness of each pixel, the mean of its channels.
///
/// - `image`: `[channels, height, width]`
///
/// # Panics
/// If `channels` is 0 or does not divide the length of `image`.
#[must_use]
pub fn intensity_ranking(image: &[f32], channels: usize) -> Vec<f32> {
    assert!(
        channels > 0 && image.len().is_multiple_of(channels),
        "the image has as many values in each channel"
    );
    let pixels = image.len() / channels;
    let brightness = |pixel: usize| {
        let values = (0..channels).map(|channel| image[channel * pixels + pixel]);
        values.sum::<f32>() / channels as f32
    };
    (0..pixels).map(brightness).collect()
}

/// A ranking that knows nothing: `pixels` uniform values in `[0, 1)` from `ChaCha8` with this seed.
#[must_use]
pub fn random_ranking(pixels: usize, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..pixels).map(|_| rng.random()).collect()
}

/// A ranking that knows only that things are photographed in the middle: a Gaussian around the centre of the image,
/// with a standard deviation of a quarter of each side. Values in `(0, 1]`, row by row.
#[must_use]
pub fn centred_gaussian_ranking(height: usize, width: usize) -> Vec<f32> {
    let offset = |index: usize, side: usize| {
        // Distance of the cell's centre from the middle, in standard deviations.
        ((index as f64 + 0.5) / side as f64 - 0.5) / GAUSSIAN_SIGMA
    };
    (0..height)
        .flat_map(|row| (0..width).map(move |column| (row, column)))
        .map(|(row, column)| {
            let (y, x) = (offset(row, height), offset(column, width));
            (-0.5 * (y * y + x * x)).exp() as f32
        })
        .collect()
}

/// Spearman's rank correlation: Pearson's correlation of the ranks, in `[-1, 1]`, where equal values share the mean of
/// their ranks.
///
/// NaN where it is not defined: fewer than two values, one side constant (such as a map without positive evidence), or
/// a NaN among the values. Count such pairs apart; they are neither alike nor different.
///
/// # Panics
/// If the two differ in length.
#[must_use]
pub fn spearman(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "rankings of the same pixels");
    if a.iter().chain(b).any(|value| value.is_nan()) {
        return f32::NAN;
    }
    // Ranks are 1 to n whatever the ties, so their mean is known.
    let mean = f64::midpoint(1.0, a.len() as f64);
    let [mut covariance, mut variance_a, mut variance_b] = [0.0; 3];
    for (x, y) in ranks(a).into_iter().zip(ranks(b)) {
        covariance += (x - mean) * (y - mean);
        variance_a += (x - mean) * (x - mean);
        variance_b += (y - mean) * (y - mean);
    }
    // 0/0 is NaN, as documented; rounding must not leave the range.
    (covariance / (variance_a * variance_b).sqrt()).clamp(-1.0, 1.0) as f32
}

/// The rank of each value, from 1 for the smallest; equal values get the mean of the ranks that they take up together.
fn ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    // Neighbours in rising order are equal exactly if the first is not smaller.
    for equal in order.chunk_by(|&a, &b| values[a] >= values[b]) {
        // The mean of below + 1 ..= below + len.
        let rank = below as f64 + f64::midpoint(1.0, equal.len() as f64);
        for &index in equal {
            ranks[index] = rank;
        }
        below += equal.len();
    }
    ranks
}
