//! The objective against numbers by hand.

use burn::tensor::{Device, Tensor};
use gan::loss;

use crate::{assert_close, floats};

const TOLERANCE: f32 = 1e-5;

fn scores(values: [f32; 2]) -> Tensor<1> {
    Tensor::from_floats(values, &Device::flex())
}

/// Equal scores cost both ln 2 = 0.693147. Margins of 1 and -2 cost the discriminator ln(1 + e^-1) = 0.313262 and
/// ln(1 + e^2) = 2.126928, a mean of 1.220095, and the generator ln(1 + e) = 1.313262 and ln(1 + e^-2) = 0.126928, 0.720095.
#[test]
fn pairs_are_compared() {
    let (equal, real, drawn) = (scores([5.0, -1.0]), scores([3.0, 1.0]), scores([2.0, 3.0]));
    let both = |real: &Tensor<1>, drawn: &Tensor<1>| {
        let of_discriminator = loss::discriminator(real.clone(), drawn.clone());
        let of_generator = loss::generator(real.clone(), drawn.clone());
        [floats(of_discriminator)[0], floats(of_generator)[0]]
    };
    assert_close(
        &both(&equal, &equal),
        &[std::f32::consts::LN_2; 2],
        TOLERANCE,
    );
    assert_close(&both(&real, &drawn), &[1.220_095, 0.720_095], TOLERANCE);
}

#[test]
fn margins_of_any_size_have_a_finite_loss() {
    let (high, low) = (scores([1e6, 1e6]), scores([-1e6, -1e6]));
    let large = loss::discriminator(low.clone(), high.clone());
    assert_close(&floats(large), &[2e6], 1.0);
    assert_close(&floats(loss::discriminator(high, low)), &[0.0], TOLERANCE);
}

/// Differences of 0.5 and -1 over a distance of 0.5 are slopes of 1 and -2: (1 + 4) / 2.
#[test]
fn the_slope_is_a_difference_over_a_distance() {
    let slope = loss::squared_slope(scores([1.0, 2.0]), scores([1.5, 1.0]), 0.5);
    assert_eq!(floats(slope), [2.5]);
}
