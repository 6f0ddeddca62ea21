//! One test binary for the crate.

#![allow(
    clippy::float_cmp,
    reason = "numbers by hand are exact in binary; what is not is compared with a named tolerance"
)]

#[path = "latent_space/arrays.rs"]
mod arrays;
#[path = "latent_space/directions.rs"]
mod directions;
#[path = "latent_space/fit.rs"]
mod fit;
#[path = "latent_space/realism.rs"]
mod realism;
#[path = "latent_space/regions.rs"]
mod regions;
#[path = "latent_space/statistics.rs"]
mod statistics;
#[path = "latent_space/typical.rs"]
mod typical;
#[path = "latent_space/walk.rs"]
mod walk;

#[track_caller]
fn assert_close(actual: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(actual.len(), expected.len());
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        // Written so that a NaN fails.
        assert!(
            (a - e).abs() <= tolerance,
            "at {i}: {a}, expected {e} within {tolerance}"
        );
    }
}
