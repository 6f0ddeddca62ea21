//! The exponential function as plain arithmetic, which the compiler turns into vectors: one of the system's library takes
//! numbers one after the other, and with it a `SiLU` would cost as much as the convolution behind it.

/// `1.5 * 2^23`: a number of moderate size that is added to it is rounded to a whole one, which stands in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// `ln 2` in two parts, of which the first has few enough digits for its products with whole numbers to be exact.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// Bits behind the exponent of a float, and the exponent of 1.
const MANTISSA_BITS: u32 = 23;
const EXPONENT_OF_ONE: u32 = 127;

/// `exp(x)` within two units in the last place; arguments beyond -87 and 88 count as these.
///
/// `x = n ln 2 + r` with a whole `n`, so `exp(x) = 2^n exp(r)`, and the Taylor series of the last needs few terms.
#[inline(always)]
#[allow(clippy::inline_always, reason = "to become part of vector loops")]
pub(crate) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = x - n * LN_2[0] - n * LN_2[1];
    let tail = 1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0));
    let series = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * tail)));
    let exponent = rounded.to_bits() << MANTISSA_BITS;
    series * f32::from_bits(exponent.wrapping_add(EXPONENT_OF_ONE << MANTISSA_BITS))
}

/// `1 / (1 + exp(-x))`
#[inline(always)]
#[allow(clippy::inline_always, reason = "to become part of vector loops")]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_the_exponential_function() {
        for step in -8_700..=8_800 {
            let x = step as f32 / 100.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(super::exp(x)) - expected).abs() / expected;
            // Two units in the last place: 2 * 2^-23.
            assert!(error < 2.4e-7, "exp({x}) is off by {error}");
        }
        assert!(super::exp(-1000.0) > 0.0);
        assert!(super::exp(1000.0).is_finite());
        assert!(super::exp(f32::NAN).is_nan());
    }
}
