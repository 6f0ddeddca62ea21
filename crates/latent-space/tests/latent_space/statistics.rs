//! What is read off the aggregate posterior.

use latent_space::{ACTIVE_THRESHOLD, LatentStats};
use proptest::prelude::*;

fn stats() -> LatentStats {
    LatentStats {
        mean: vec![1.0, -2.0, 0.0],
        std: vec![2.0, 0.5, 1.0],
        mean_variance: vec![0.5, ACTIVE_THRESHOLD, 0.0101],
        kl_nats: vec![0.2, 1.5, 0.7],
        n: 10,
    }
}

#[test]
fn dimensions_are_ordered_by_information() {
    assert_eq!(stats().dims(), 3);
    assert_eq!(stats().order_by_kl(), [1, 2, 0]);
    // Equal ones keep their order.
    let level = LatentStats {
        kl_nats: vec![0.3, 0.5, 0.3],
        ..stats()
    };
    assert_eq!(level.order_by_kl(), [1, 0, 2]);
}

#[test]
fn a_dimension_is_active_above_the_threshold() {
    let active: Vec<bool> = (0..3).map(|dim| stats().is_active(dim)).collect();
    assert_eq!(active, [true, false, true]);
    assert_eq!(stats().active_units(), 2);
}

/// 1 +- 3 * 2, -2 +- 1 * 0.5.
#[test]
fn a_range_is_centred_on_the_mean() {
    assert_eq!(stats().range(0, 3.0), (-5.0, 7.0));
    assert_eq!(stats().range(1, 1.0), (-2.5, -1.5));
    assert_eq!(stats().to_sigmas(0, 5.0), 2.0);
    assert_eq!(stats().from_sigmas(1, -4.0), -4.0);
}

#[test]
fn every_defect_is_noticed() {
    assert!(stats().is_sound(3));
    assert!(!stats().is_sound(2));
    assert!(!stats().is_sound(4));
    let lists: [fn(&mut LatentStats) -> &mut Vec<f32>; 4] = [
        |s| &mut s.mean,
        |s| &mut s.std,
        |s| &mut s.mean_variance,
        |s| &mut s.kl_nats,
    ];
    for list in lists {
        let mut short = stats();
        list(&mut short).pop();
        assert!(!short.is_sound(3));
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut broken = stats();
            list(&mut broken)[1] = value;
            assert!(!broken.is_sound(3));
        }
    }
    for spread in [0.0, -1.0] {
        let mut flat = stats();
        flat.std[2] = spread;
        assert!(!flat.is_sound(3));
    }
}

#[test]
fn statistics_survive_being_written_down() {
    let text = ron::to_string(&stats()).unwrap();
    assert_eq!(ron::from_str::<LatentStats>(&text).unwrap(), stats());
    let unknown = text.replacen('(', "(skew:0.0,", 1);
    assert!(ron::from_str::<LatentStats>(&unknown).is_err());
}

proptest! {
    #[test]
    fn sigmas_and_coordinates_are_inverse(
        mean in -10f32..10.0,
        std in 0.01f32..10.0,
        z in -100f32..100.0,
    ) {
        /// Three roundings of numbers as large as the coordinate and the mean.
        const TOLERANCE: f32 = 1e-6;
        let stats = LatentStats { mean: vec![mean], std: vec![std], ..stats() };
        let back = stats.from_sigmas(0, stats.to_sigmas(0, z));
        prop_assert!((back - z).abs() <= TOLERANCE * (z.abs() + mean.abs()));
    }
}
