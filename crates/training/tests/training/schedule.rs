//! The learning rate over a run, against numbers by hand.

use training::one_cycle;

const TOLERANCE: f64 = 1e-12;

/// A tenth of the peak at step 0, the peak where the rise ends (15 of 100), a thousandth of it at the end and after.
/// Half-way up (7.5 of 100) it is 0.55 of the peak. Half-way down (57.5 of 100) the cosine is at a half:
/// 0.001 + 0.999 / 2 = 0.5005 of the peak.
#[test]
fn the_rate_rises_to_the_peak_and_falls_to_its_end() {
    for (step, steps, expected) in [
        (0, 100, 0.2),
        (75, 1000, 1.1),
        (15, 100, 2.0),
        (575, 1000, 1.001),
        (100, 100, 0.002),
        (500, 100, 0.002),
    ] {
        let rate = one_cycle(step, steps, 2.0);
        assert!(
            (rate - expected).abs() < TOLERANCE,
            "{step} of {steps}: {rate}"
        );
    }
}

#[test]
fn a_run_without_steps_has_a_rate() {
    assert!((one_cycle(0, 0, 2.0) - 0.2).abs() < TOLERANCE);
}
