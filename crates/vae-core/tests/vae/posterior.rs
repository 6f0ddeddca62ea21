//! The posterior: its divergence from the prior and samples from it.

use burn::tensor::{Device, Tensor, TensorData};
use datasets::Seed;
use vae_core::{Posterior, sample_prior};

use crate::{assert_close, floats};

/// Single-precision rounding of numbers about 1.
const TOLERANCE: f32 = 1e-6;

fn posterior(mean: [f32; 4], log_var: [f32; 4], device: &Device) -> Posterior {
    Posterior {
        mean: Tensor::from_floats([mean], device),
        log_var: Tensor::from_floats([log_var], device),
    }
}

/// (e^0 + 1 - 1 - 0) / 2 = 0.5; (4 + 0 - 1 - ln 4) / 2 = 0.806853; nothing for the prior itself;
/// (0.25 + 4 - 1 + ln 4) / 2 = 2.318147.
#[test]
fn the_divergence_from_the_prior_by_hand() {
    let ln_4 = 4f32.ln();
    let posterior = posterior(
        [1.0, 0.0, 0.0, -2.0],
        [0.0, ln_4, 0.0, -ln_4],
        &Device::flex(),
    );
    let kl = floats(posterior.kl_per_dimension());
    assert_close(&kl, &[0.5, 0.806_853, 0.0, 2.318_147], TOLERANCE);
}

/// The derivative of the divergence is `mean` by the mean and `(e^log_var - 1) / 2` by the log-variance: with ln 4 that
/// is 1.5, with -ln 4 it is -0.375, with 0 it is 0, with ln 2 it is 0.5.
#[test]
fn the_gradient_of_the_divergence_by_hand_and_by_differences() {
    const STEP: f32 = 1e-2;
    /// Rounding of a value about 7 over a step of 0.02, and the third derivative times the step squared.
    const SLOPE_TOLERANCE: f32 = 5e-4;
    let means = [1.0, 0.0, -2.0, 0.5];
    let log_vars = [4f32.ln(), -(4f32.ln()), 0.0, 2f32.ln()];
    let by_log_var = [1.5, -0.375, 0.0, 0.5];

    let tracked = posterior(means, log_vars, &Device::flex().autodiff());
    let tracked = Posterior {
        mean: tracked.mean.require_grad(),
        log_var: tracked.log_var.require_grad(),
    };
    let gradients = tracked.kl_per_dimension().sum().backward();
    assert_close(
        &floats(tracked.mean.grad(&gradients).unwrap()),
        &means,
        TOLERANCE,
    );
    let actual = floats(tracked.log_var.grad(&gradients).unwrap());
    assert_close(&actual, &by_log_var, TOLERANCE);

    let total = |means, log_vars| {
        let kl = posterior(means, log_vars, &Device::flex()).kl_per_dimension();
        floats(kl.sum())[0]
    };
    let moved = |mut values: [f32; 4], i: usize, change: f32| {
        values[i] += change;
        values
    };
    for i in 0..4 {
        let slope = |f: &dyn Fn(f32) -> f32| (f(STEP) - f(-STEP)) / (2.0 * STEP);
        let by_mean = slope(&|change| total(moved(means, i, change), log_vars));
        assert_close(&[by_mean], &[means[i]], SLOPE_TOLERANCE);
        let by_spread = slope(&|change| total(means, moved(log_vars, i, change)));
        assert_close(&[by_spread], &[by_log_var[i]], SLOPE_TOLERANCE);
    }
}

/// `mean + exp(log_var / 2) noise`: 1 + 2 * 0.5 = 2, 0 + 0.5 * (-2) = -1, 3 + 1 * 0 = 3, -1 + 1 * 1 = 0. By the
/// log-variance the derivative is half of what the noise added: 0.5, -0.5, 0, 0.5.
#[test]
fn a_sample_is_reparameterised() {
    let device = Device::flex().autodiff();
    let ln_4 = 4f32.ln();
    let posterior = posterior([1.0, 0.0, 3.0, -1.0], [ln_4, -ln_4, 0.0, 0.0], &device);
    let posterior = Posterior {
        mean: posterior.mean.require_grad(),
        log_var: posterior.log_var.require_grad(),
    };
    let noise = Tensor::from_floats([[0.5, -2.0, 0.0, 1.0]], &device);
    let sample = posterior.sample(noise);
    assert_close(&floats(sample.clone()), &[2.0, -1.0, 3.0, 0.0], TOLERANCE);
    let gradients = sample.sum().backward();
    let by_mean = floats(posterior.mean.grad(&gradients).unwrap());
    assert_close(&by_mean, &[1.0; 4], TOLERANCE);
    let by_log_var = floats(posterior.log_var.grad(&gradients).unwrap());
    assert_close(&by_log_var, &[0.5, -0.5, 0.0, 0.5], TOLERANCE);
}

/// Of `n` draws, the mean has a standard error of `sigma / sqrt(n)` and the variance one of `sigma^2 sqrt(2 / n)`.
#[test]
fn many_samples_have_the_mean_and_variance_of_the_posterior() {
    const DRAWS: usize = 40_000;
    /// The seed is fixed; of all seeds, one in 2,000 would be further out in one of the eight figures.
    const STANDARD_ERRORS: f64 = 4.0;
    let device = Device::flex();
    let (means, sigmas) = ([1.5, 0.0, -3.0, 0.25], [0.5, 1.0, 2.0, 0.1]);
    let repeated = |row: [f32; 4]| {
        Tensor::<2>::from_data(TensorData::new(row.repeat(DRAWS), [DRAWS, 4]), &device)
    };
    let posterior = Posterior {
        mean: repeated(means),
        log_var: repeated(sigmas.map(|sigma: f32| 2.0 * sigma.ln())),
    };
    let noise = sample_prior(4, DRAWS, Seed(11)).concat();
    let noise = Tensor::<2>::from_data(TensorData::new(noise, [DRAWS, 4]), &device);
    let samples = floats(posterior.sample(noise));
    for dim in 0..4 {
        let column: Vec<f64> = samples
            .iter()
            .skip(dim)
            .step_by(4)
            .map(|&v| v.into())
            .collect();
        let n = DRAWS as f64;
        let mean = column.iter().sum::<f64>() / n;
        let variance = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        let sigma = f64::from(sigmas[dim]);
        let off = (mean - f64::from(means[dim])) / (sigma / n.sqrt());
        assert!(
            off.abs() < STANDARD_ERRORS,
            "mean of {dim}: {off} standard errors off"
        );
        let off = (variance / (sigma * sigma) - 1.0) / (2.0 / n).sqrt();
        assert!(
            off.abs() < STANDARD_ERRORS,
            "variance of {dim}: {off} standard errors off"
        );
    }
}
