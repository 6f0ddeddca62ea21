//! Holding a latent against those of known images.

use latent_space::{LatentStats, Realism, drift};

/// Log-densities -300, -299, .. -200: the percentile is the distance from -300.
fn realism() -> Realism {
    let densities = (0..=100).rev().map(|i| i as f32 - 300.0).collect();
    let drifts = (0..=200).map(|i| i as f32 / 100.0).collect();
    Realism::of(densities, drifts)
}

#[test]
fn a_value_stands_where_the_share_of_images_below_it_says() {
    let realism = realism();
    assert!(realism.is_sound());
    assert_eq!(realism.n, 201);
    for (density, percentile) in [
        (-300.0, 0.0),
        (-250.0, 50.0),
        (-249.5, 50.5),
        (-200.0, 100.0),
    ] {
        assert_eq!(realism.density_percentile(density), percentile);
    }
    // Drifts run from 0 to 2: half of them are below 1.
    assert!((realism.drift_percentile(1.0) - 50.0).abs() < 1e-3);
}

#[test]
fn beyond_all_images_the_percentile_ends() {
    assert_eq!(realism().density_percentile(-1e6), 0.0);
    assert_eq!(realism().density_percentile(0.0), 100.0);
    assert_eq!(realism().drift_percentile(9.0), 100.0);
}

#[test]
fn equal_values_have_one_rank() {
    let flat = Realism::of(vec![1.0; 5], vec![0.0; 5]);
    assert!(flat.is_sound());
    assert_eq!(flat.density_percentile(1.0), 0.0);
    assert_eq!(flat.density_percentile(1.1), 100.0);
}

#[test]
fn damaged_percentiles_are_noticed() {
    let mut short = realism();
    short.drift.pop();
    assert!(!short.is_sound());
    let mut wild = realism();
    wild.log_density[3] = f32::NAN;
    assert!(!wild.is_sound());
    let mut unordered = realism();
    unordered.drift.swap(10, 90);
    assert!(!unordered.is_sound());
}

/// Steps of 2 with a spread of 1 and of 2 with a spread of 2: sqrt((2^2 + 1^2) / 2) = sqrt(2.5).
#[test]
fn drift_is_measured_in_spreads() {
    let stats = LatentStats {
        mean: vec![0.0; 2],
        std: vec![1.0, 2.0],
        mean_variance: vec![1.0; 2],
        kl_nats: vec![1.0; 2],
        n: 10,
    };
    assert!((drift(&[1.0, -1.0], &[3.0, 1.0], &stats) - 2.5f32.sqrt()).abs() < 1e-6);
    assert_eq!(drift(&[1.0, -1.0], &[1.0, -1.0], &stats), 0.0);
}
