//! One binary for all tests of the crate, because each test binary links the whole of Burn.

#![allow(
    clippy::float_cmp,
    reason = "numbers by hand are exact in binary; what is not is compared with a named tolerance"
)]

mod cam;
mod color;
mod faithfulness;
mod heatmap;
mod method;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// `len` uniform values in `[-1, 1)`.
fn noise(len: usize, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..len).map(|_| rng.random_range(-1.0..1.0)).collect()
}

/// Largest absolute difference, relative to the largest absolute expected value.
///
/// Relative to the whole map and not cell by cell: a cell is a sum over channels that may cancel to almost nothing.
fn relative_error(actual: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(actual.len(), expected.len());
    let largest =
        |values: &mut dyn Iterator<Item = f32>| values.fold(0.0, |max: f32, v| max.max(v.abs()));
    let scale = largest(&mut expected.iter().copied());
    assert!(scale > 0.0, "nothing to compare with");
    // Written so that a NaN anywhere counts as an infinite error: `max` would drop it.
    if actual
        .iter()
        .chain(expected)
        .any(|value| !value.is_finite())
    {
        return f32::INFINITY;
    }
    largest(&mut actual.iter().zip(expected).map(|(a, b)| a - b)) / scale
}
