//! The reconstruction terms against numbers by hand, and their gradients.

use burn::tensor::{Device, Tensor, TensorData};
use vae_core::elbo::{bernoulli, gaussian, gaussian_optimal_sigma, squared_error};

use crate::{assert_close, floats};

/// Single-precision rounding of numbers about 1.
const TOLERANCE: f32 = 1e-6;

/// Images of one row of pixels each.
fn rows<const N: usize>(values: &[[f32; N]], device: &Device) -> Tensor<4> {
    let shape = [values.len(), 1, 1, N];
    Tensor::from_data(TensorData::new(values.concat(), shape), device)
}

/// At logit 0 every pixel is 0 or 1 with probability one half, so it costs ln 2 whatever its value:
/// 784 * 0.693147181 = 543.427390.
#[test]
fn undecided_pixels_cost_ln_2_each() {
    /// The rounding of a sum of 784 numbers.
    const TOLERANCE: f32 = 1e-2;
    let device = Device::flex();
    let logits = Tensor::zeros([2, 1, 28, 28], &device);
    let images = Tensor::ones([2, 1, 28, 28], &device) * 0.3;
    let nats = floats(bernoulli(logits, images));
    assert_close(&nats, &[543.427_4, 543.427_4], TOLERANCE);
}

/// softplus(2) - 1 * 2 = ln(1 + e^-2) = 0.126928, and softplus(-1) - 0.25 * (-1) = 0.313262 + 0.25 = 0.563262.
#[test]
fn bernoulli_is_the_binary_cross_entropy() {
    let device = Device::flex();
    let nats = bernoulli(rows(&[[2.0, -1.0]], &device), rows(&[[1.0, 0.25]], &device));
    assert_close(&floats(nats), &[0.126_928 + 0.563_262], TOLERANCE);
}

/// The derivative by a logit is the probability less the pixel. At 0, where both `max(l, 0)` and `|l|` have a corner, that
/// is 0.5 - 0.25; at ln 3 it is 0.75 - 1.
#[test]
fn the_gradient_of_bernoulli_is_right_at_zero_too() {
    let device = Device::flex().autodiff();
    let logits = rows(&[[0.0, 3f32.ln()]], &device).require_grad();
    let nats = bernoulli(logits.clone(), rows(&[[0.25, 1.0]], &device));
    let gradients = nats.sum().backward();
    let gradient = floats(logits.grad(&gradients).unwrap());
    assert_close(&gradient, &[0.25, -0.25], TOLERANCE);
}

/// e^200 overflows single precision. A sure and wrong pixel costs its logit, a sure and right one nothing.
#[test]
fn extreme_logits_do_not_overflow() {
    let device = Device::flex();
    let logits = rows(&[[-200.0], [200.0], [-200.0], [200.0]], &device);
    let images = rows(&[[1.0], [0.0], [0.0], [1.0]], &device);
    assert_eq!(floats(bernoulli(logits, images)), [200.0, 200.0, 0.0, 0.0]);
}

/// 0.5^2 + (-2)^2 = 4.25 and 0^2 + 0.5^2 = 0.25.
#[test]
fn squared_errors_are_summed_over_an_image() {
    let device = Device::flex();
    let decoded = rows(&[[0.5, -1.0], [1.0, 1.0]], &device);
    let images = rows(&[[0.0, 1.0], [1.0, 0.5]], &device);
    assert_eq!(floats(squared_error(decoded, images)), [4.25, 0.25]);
}

/// ln(2 sqrt(2 pi)) = 0.693147 + 0.918939 = 1.612086 for each of 3 pixels, and 8 / (2 * 4) = 1: 5.836257.
#[test]
fn gaussian_is_the_normal_density() {
    assert!((gaussian(8.0, 2.0, 3) - 5.836_257).abs() < 1e-6);
}

/// 392 * (ln(2 pi * 0.25) + 1) = 392 * 1.451582705 = 569.020420.
#[test]
fn the_optimal_sigma_has_a_closed_form() {
    /// The variance that keeps the logarithm finite adds 392 * 1e-6 / 0.25 = 0.0016.
    const TOLERANCE: f32 = 2e-3;
    let mse = Tensor::<1>::from_floats([0.25], &Device::flex());
    let nats = floats(gaussian_optimal_sigma(mse, 784));
    assert_close(&nats, &[569.020_4], TOLERANCE);
}

#[test]
fn no_sigma_is_better_than_the_optimal_one() {
    /// See above: 392 * 1e-6 / mse, at most 0.04 here, and rounding.
    const TOLERANCE: f64 = 0.05;
    for mse in [0.01, 0.04, 0.25, 1.0] {
        let tensor = Tensor::<1>::from_floats([mse as f32], &Device::flex());
        let optimal = f64::from(floats(gaussian_optimal_sigma(tensor, 784))[0]);
        let at = |sigma: f64| gaussian(784.0 * mse, sigma, 784);
        let sigma = mse.sqrt();
        assert!((at(sigma) - optimal).abs() < TOLERANCE, "mse {mse}");
        // A tenth off costs about 784 * 0.1^2 = 8 nats.
        assert!(at(1.1 * sigma) > at(sigma) + 5.0);
        assert!(at(0.9 * sigma) > at(sigma) + 5.0);
    }
}

#[test]
fn a_perfect_reproduction_costs_a_finite_amount() {
    let nats = gaussian_optimal_sigma(Tensor::zeros([1], &Device::flex()), 784);
    assert!(floats(nats)[0].is_finite());
}

/// The gradient of `term` by its first argument: by automatic differentiation, and by central differences.
fn gradient(
    values: &[[f32; 4]],
    term: impl Fn(Tensor<4>, &Device) -> Tensor<1>,
) -> (Vec<f32>, Vec<f32>) {
    /// A larger step bends away from the tangent, a smaller one drowns in rounding.
    const STEP: f32 = 1e-2;
    let device = Device::flex().autodiff();
    let input = rows(values, &device).require_grad();
    let gradients = term(input.clone(), &device).sum().backward();
    let by_autodiff = floats(input.grad(&gradients).unwrap());

    let device = Device::flex();
    let at = |i: usize, change: f32| {
        let mut moved = values.to_vec();
        moved[i / 4][i % 4] += change;
        floats(term(rows(&moved, &device), &device).sum())[0]
    };
    let count = 4 * values.len();
    let slope = |i| (at(i, STEP) - at(i, -STEP)) / (2.0 * STEP);
    (by_autodiff, (0..count).map(slope).collect())
}

/// Rounding of a value about 5 over a step of 0.02, and the third derivative times the step squared.
const SLOPE_TOLERANCE: f32 = 3e-4;

/// The derivative by the logit is `sigmoid(l) - x`: 0.880797 - 1, 0.268941 - 0.25, 0.622459 - 0, 0.047426 - 0.75.
#[test]
fn the_bernoulli_gradient_is_probability_minus_pixel() {
    let images = [[1.0, 0.25, 0.0, 0.75]];
    let (by_autodiff, slopes) = gradient(&[[2.0, -1.0, 0.5, -3.0]], |logits, device| {
        bernoulli(logits, rows(&images, device))
    });
    let expected = [-0.119_203, 0.018_941, 0.622_459, -0.702_574];
    assert_close(&by_autodiff, &expected, TOLERANCE);
    assert_close(&slopes, &expected, SLOPE_TOLERANCE);
}

/// With errors 1, -0.5, 0.25 and 0.5 the mean squared error is (1 + 0.25 + 0.0625 + 0.25) / 4 = 0.390625. The term is
/// 2 (ln mse + ..) for 4 pixels, so its derivative by a pixel is 2 / mse * 2 error / 4 = error / 0.390625 = 2.56 error.
#[test]
fn the_gradient_at_the_optimal_sigma_is_weighted_by_the_precision() {
    /// The variance that keeps the logarithm finite changes 2.56 by 2.56 * 1e-6 / 0.39.
    const TOLERANCE: f32 = 1e-5;
    let images = [[0.0, 1.0, 0.5, 0.25]];
    let (by_autodiff, slopes) = gradient(&[[1.0, 0.5, 0.75, 0.75]], |decoded, device| {
        let mse = squared_error(decoded, rows(&images, device)).mean() / 4.0;
        gaussian_optimal_sigma(mse, 4)
    });
    let expected = [2.56, -1.28, 0.64, 1.28];
    assert_close(&by_autodiff, &expected, TOLERANCE);
    assert_close(&slopes, &expected, 10.0 * SLOPE_TOLERANCE);
}

#[test]
#[should_panic(expected = "shape")]
fn logits_of_another_shape_panic() {
    let device = Device::flex();
    let _ = bernoulli(rows(&[[0.0, 0.0]], &device), rows(&[[0.0]], &device));
}
