//! What training computes on a graphics card: in CI that is Mesa's software renderer.

use burn::tensor::{Device, Tensor, TensorData};

/// Output and gradients of a convolution, with numbers that follow from their places alone.
fn convolution_on(device: &Device, transposed: bool) -> Vec<Vec<f32>> {
    let device = device.clone().autodiff();
    let numbers = |shape: [usize; 4]| {
        let values =
            (0..shape.iter().product()).map(|i: usize| ((i * 37 % 101) as f32 - 50.0) / 50.0);
        Tensor::<4>::from_data(TensorData::new(values.collect::<Vec<_>>(), shape), &device)
    };
    let x = numbers([5, 6, 10, 10]).require_grad();
    let weight = numbers([6, 6, 4, 4]).require_grad();
    let output = if transposed {
        kernels::conv_transpose2d(x.clone(), weight.clone(), None, 2, 1)
    } else {
        kernels::conv2d(x.clone(), weight.clone(), None, 2, 1)
    };
    let gradients = (output.clone() * output.clone()).sum().backward();
    let found = [
        Some(output.inner()),
        x.grad(&gradients),
        weight.grad(&gradients),
    ];
    found
        .map(|tensor| {
            tensor
                .expect("a gradient")
                .into_data()
                .iter::<f32>()
                .collect()
        })
        .into()
}

/// Numbers that follow from `seed`, about `level`, the same on every device.
fn numbers<const D: usize>(shape: [usize; D], seed: u32, level: f32, device: &Device) -> Tensor<D> {
    let count: usize = shape.iter().product();
    let mut state = seed.wrapping_mul(0x9E37_79B9) | 1;
    let values: Vec<f32> = (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            level + state as f32 / u32::MAX as f32 * 2.0 - 1.0
        })
        .collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// Output, statistics and gradients of a batch normalisation whose channels several cubes share: each has 7,840 values.
fn batch_norm_on(device: &Device, relu: bool) -> Vec<Vec<f32>> {
    let device = device.clone().autodiff();
    let x = numbers([40, 3, 14, 14], 1, 50.0, &device).require_grad();
    let gamma = numbers([3], 2, 1.0, &device).require_grad();
    let beta = numbers([3], 3, 0.0, &device).require_grad();
    let (output, mean, variance) =
        kernels::batch_norm_relu(x.clone(), gamma.clone(), beta.clone(), 1e-5, relu);
    let factor = numbers([40, 3, 14, 14], 4, 0.0, &device);
    let gradients = (output.clone() * factor).sum().backward();
    vec![
        values(output.inner()),
        values(mean.inner()),
        values(variance.inner()),
        values(x.grad(&gradients).expect("a gradient")),
        values(gamma.grad(&gradients).expect("a gradient")),
        values(beta.grad(&gradients).expect("a gradient")),
    ]
}

/// Output and gradients of a group normalisation.
fn group_norm_on(device: &Device, silu: bool) -> Vec<Vec<f32>> {
    let device = device.clone().autodiff();
    let x = numbers([5, 12, 7, 7], 1, 10.0, &device).require_grad();
    let scales = numbers([5, 12], 2, 1.0, &device).require_grad();
    let shifts = numbers([5, 12], 3, 0.0, &device).require_grad();
    let norm = kernels::GroupNorm {
        groups: 4,
        epsilon: 1e-5,
        silu,
    };
    let output = kernels::group_norm(x.clone(), scales.clone(), shifts.clone(), norm);
    let factor = numbers([5, 12, 7, 7], 4, 0.0, &device);
    let gradients = (output.clone() * factor).sum().backward();
    vec![
        values(output.inner()),
        values(x.grad(&gradients).expect("a gradient")),
        values(scales.grad(&gradients).expect("a gradient")),
        values(shifts.grad(&gradients).expect("a gradient")),
    ]
}

/// Weights and moments after three steps of `AdamW`, and an average of the weights.
fn optimizer_on(device: &Device, largest_norm: Option<f32>) -> Vec<Vec<f32>> {
    let first: Tensor<2> = numbers([30, 35], 1, 0.0, device);
    let (mut weights, mut moments) = (first.clone(), [first.zeros_like(), first.zeros_like()]);
    for time in 1..=3 {
        let step = kernels::AdamWStep {
            rate: 0.01,
            weight_decay: 0.1,
            beta1: 0.9,
            beta2: 0.99,
            epsilon: 1e-8,
            time,
            largest_norm,
        };
        // Turned, as the gradients of matrix products are: its numbers do not lie in order.
        let gradient = numbers([35, 30], 10 + time as u32, 0.0, device).transpose();
        (weights, moments) = kernels::adam_w(weights, gradient, moments, step);
    }
    let average = kernels::blend(first, weights.clone(), 0.75);
    let [moment1, moment2] = moments;
    [weights, moment1, moment2, average].map(values).into()
}

/// Asserts that a device finds what the processor finds. It adds in another order: a share of the largest number.
fn assert_as_on_processor(adapter: &Device, compute: impl Fn(&Device) -> Vec<Vec<f32>>) {
    const TOLERANCE: f32 = 1e-4;
    let expected = compute(&Device::flex());
    let found = compute(adapter);
    assert_eq!(found.len(), expected.len());
    for (number, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let largest = expected.iter().fold(0.0, |a: f32, b| a.max(b.abs()));
        assert!(largest > 0.0, "result {number} is all zeros");
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() <= TOLERANCE * largest,
                "result {number}: {found} and {expected}"
            );
        }
    }
}

/// Training on a graphics card rests on these.
#[test]
fn what_training_computes_on_a_graphics_adapter_is_what_the_processor_computes() {
    let Ok(adapter) = Device::wgpu_options().init() else {
        eprintln!("skipped: there is no graphics adapter here, not even a software one");
        return;
    };
    for flag in [false, true] {
        assert_as_on_processor(&adapter, |device| convolution_on(device, flag));
        assert_as_on_processor(&adapter, |device| batch_norm_on(device, flag));
        assert_as_on_processor(&adapter, |device| group_norm_on(device, flag));
        let largest_norm = flag.then_some(2.0);
        assert_as_on_processor(&adapter, |device| optimizer_on(device, largest_norm));
    }
}
