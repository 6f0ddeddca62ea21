//! From logits to probabilities.

use classifier::Prediction;
use datasets::ClassId;
use proptest::prelude::*;

use crate::assert_close;

/// Single-precision rounding of numbers below 1.
const TOLERANCE: f32 = 1e-6;

/// The softmax of ln 1, ln 3 and ln 2 is 1/6, 3/6 and 2/6.
#[test]
fn probabilities_are_the_softmax() {
    let prediction = Prediction::from_logits(&[0.0, 3f32.ln(), 2f32.ln()], 1.0);
    let expected = [1.0 / 6.0, 0.5, 1.0 / 3.0];
    assert_close(&prediction.probabilities, &expected, TOLERANCE);
    assert_eq!(prediction.class, ClassId(1));
    assert_eq!(prediction.confidence, prediction.probabilities[1]);
}

/// At temperature 2 the weights are the roots: 1, sqrt 3 and sqrt 2, of 4.146264 in all. At temperature 1/2 they are the
/// squares: 1, 9 and 4 of 14.
#[test]
fn the_temperature_divides_the_logits() {
    let logits = [0.0, 3f32.ln(), 2f32.ln()];
    let warm = Prediction::from_logits(&logits, 2.0);
    assert_close(
        &warm.probabilities,
        &[0.241_181, 0.417_738, 0.341_081],
        TOLERANCE,
    );
    let cold = Prediction::from_logits(&logits, 0.5);
    assert_close(
        &cold.probabilities,
        &[1.0 / 14.0, 9.0 / 14.0, 4.0 / 14.0],
        TOLERANCE,
    );
}

#[test]
fn huge_logits_do_not_overflow() {
    let sure = Prediction::from_logits(&[f32::MAX, f32::MIN, 0.0], 1.0);
    assert_eq!(sure.probabilities, [1.0, 0.0, 0.0]);
    let equal = Prediction::from_logits(&[-1e30; 4], 1.0);
    assert_eq!(equal.probabilities, [0.25; 4]);
    let cold = Prediction::from_logits(&[1e30, 2e30], 0.05);
    assert_eq!(cold.probabilities, [0.0, 1.0]);
}

#[test]
fn the_first_of_equal_logits_wins() {
    assert_eq!(
        Prediction::from_logits(&[1.0, 2.0, 2.0], 1.0).class,
        ClassId(1)
    );
    assert_eq!(Prediction::from_logits(&[0.0; 3], 1.0).class, ClassId(0));
}

/// Divided by 20, the two logits give the same probability after rounding.
#[test]
fn the_larger_logit_wins_by_however_little() {
    for temperature in [1.0, 20.0] {
        let prediction = Prediction::from_logits(&[1.0, 1.0 + f32::EPSILON], temperature);
        assert_eq!(prediction.class, ClassId(1));
    }
}

#[test]
fn without_logits_nothing_is_predicted() {
    let prediction = Prediction::from_logits(&[], 1.0);
    assert_eq!((prediction.class, prediction.confidence), (ClassId(0), 0.0));
    assert!(prediction.probabilities.is_empty());
}

proptest! {
    #[test]
    fn a_temperature_changes_the_confidence_and_not_the_class(
        logits in prop::collection::vec(-30f32..30.0, 1..12),
        temperature in 0.05f32..20.0,
        warmer in 1f32..5.0,
    ) {
        /// Rounding of a sum of 12 numbers.
        const TOLERANCE: f32 = 1e-5;
        let plain = Prediction::from_logits(&logits, 1.0);
        let scaled = Prediction::from_logits(&logits, temperature);
        prop_assert_eq!(plain.class, scaled.class);
        prop_assert!((scaled.probabilities.iter().sum::<f32>() - 1.0).abs() < TOLERANCE);
        prop_assert!(scaled.probabilities.iter().all(|p| *p <= scaled.confidence));
        prop_assert_eq!(scaled.confidence, scaled.probabilities[scaled.class.index()]);
        let warm = Prediction::from_logits(&logits, temperature * warmer);
        prop_assert!(warm.confidence <= scaled.confidence + TOLERANCE);
    }
}
