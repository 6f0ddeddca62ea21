//! Group normalisation, attention and enlarging, against Burn's own operations.

use burn::tensor::activation::{silu, softmax};
use burn::tensor::module::{conv2d, interpolate};
use burn::tensor::ops::{ConvOptions, InterpolateMode, InterpolateOptions};
use burn::tensor::{Device, Tensor, TensorData};
use kernels::{GroupNorm, Maps, NormedConvolution};

use crate::{all_of, assert_close, assert_close_sums, random};

/// As it is defined, of Burn's own operations: the variance is biased.
fn plain(x: Tensor<4>, scales: Tensor<2>, shifts: Tensor<2>, norm: GroupNorm) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let groups = x.reshape([batch as i32, norm.groups as i32, -1]);
    let (variance, mean) = groups.clone().var_mean_bias(2);
    let groups = (groups - mean) / (variance + norm.epsilon).sqrt();
    let x = groups.reshape([batch, channels, height, width]);
    let wide = |row: Tensor<2>| row.reshape([batch, channels, 1, 1]);
    let x = x * wide(scales) + wide(shifts);
    if norm.silu { silu(x) } else { x }
}

#[test]
fn a_group_normalisation_and_its_gradients_are_those_of_burn() {
    let device = Device::flex().autodiff();
    for (n, channels, groups, side) in [
        (3, 48, 8, 14),
        (17, 96, 8, 7),
        (2, 8, 8, 5),
        (5, 20, 4, 3),
        (1, 3, 1, 9),
        (2, 40, 8, 16),
        (3, 64, 8, 1),
    ] {
        for silu in [false, true] {
            let norm = GroupNorm {
                groups,
                epsilon: 1e-5,
                silu,
            };
            // Far from 0, so that a variance from sums of squares would show.
            let x = random([n, channels, side, side], &device) * 3.0 + 10.0;
            let rows = [(); 2].map(|()| random([n, channels], &device));
            let factor = random([n, channels, side, side], &device);
            let run = |ours: bool| {
                let x = x.clone().require_grad();
                let rows = rows.clone().map(Tensor::require_grad);
                let [scales, shifts] = rows.clone();
                let output = if ours {
                    kernels::group_norm(x.clone(), scales, shifts, norm)
                } else {
                    plain(x.clone(), scales, shifts, norm)
                };
                let gradients = (output.clone() * factor.clone()).sum().backward();
                let x = x.grad(&gradients).expect("a gradient");
                (
                    output.inner(),
                    x,
                    rows.map(|row| row.grad(&gradients).expect("a gradient")),
                )
            };
            let (ours, theirs) = (run(true), run(false));
            let what = format!("{n}x{channels} in {groups}, side {side}, silu {silu}");
            assert_close(ours.0, theirs.0, &format!("output {what}"));
            assert_close(ours.1, theirs.1, &format!("gradient of x {what}"));
            for (ours, theirs) in ours.2.into_iter().zip(theirs.2) {
                assert_close_sums(
                    ours,
                    theirs,
                    side * side,
                    &format!("gradient of a row {what}"),
                );
            }
        }
    }
}

/// Blocks whose channels change and blocks that add their input, more images than one task's share, and a last group that is not
/// whole.
#[test]
fn a_residual_block_with_group_normalisation_and_its_gradients_are_those_of_burn() {
    let device = Device::flex().autodiff();
    for (n, from, to, groups, side, residual) in [
        (17, 48, 48, 8, 14, true),
        (7, 96, 96, 8, 7, true),
        (3, 96, 48, 8, 14, false),
        (33, 16, 32, 8, 4, false),
        (2, 24, 24, 8, 9, true),
        (3, 8, 8, 4, 5, true),
        (1, 40, 16, 2, 1, false),
    ] {
        let norm = GroupNorm {
            groups,
            epsilon: 1e-5,
            silu: true,
        };
        let x = random([n, from, side, side], &device) * 2.0 + 1.0;
        let rows = [from, from, to, to].map(|channels| random([n, channels], &device));
        let weights = [from, to].map(|channels| random([to, channels, 3, 3], &device) * 0.1);
        let biases = [(); 2].map(|()| random([to], &device));
        let factor = random([n, to, side, side], &device);
        let run = |ours: bool| {
            let x = x.clone().require_grad();
            let rows = rows.clone().map(Tensor::require_grad);
            let weights = weights.clone().map(Tensor::require_grad);
            let biases = biases.clone().map(Tensor::require_grad);
            let part = |i: usize| NormedConvolution {
                scales: rows[2 * i].clone(),
                shifts: rows[2 * i + 1].clone(),
                weight: weights[i].clone(),
                bias: Some(biases[i].clone()),
            };
            let parts = [part(0), part(1)];
            let output = if ours {
                kernels::normed_residual(x.clone(), parts, norm, residual)
            } else {
                let mut y = x.clone();
                for part in parts {
                    let normed = plain(y, part.scales, part.shifts, norm);
                    let options = ConvOptions::new([1; 2], [1; 2], [1; 2], 1);
                    y = conv2d(normed, part.weight, part.bias, options);
                }
                if residual { x.clone() + y } else { y }
            };
            let gradients = (output.clone() * factor.clone()).sum().backward();
            let x = x.grad(&gradients).expect("a gradient");
            (
                output.inner(),
                x,
                rows.map(|row| row.grad(&gradients).expect("a gradient")),
                weights.map(|weight| weight.grad(&gradients).expect("a gradient")),
                biases.map(|bias| bias.grad(&gradients).expect("a gradient")),
            )
        };
        let (ours, theirs) = (run(true), run(false));
        let what = format!("{n}x{from}->{to} in {groups}, side {side}");
        assert_close(ours.0, theirs.0, &format!("output {what}"));
        assert_close(ours.1, theirs.1, &format!("gradient of x {what}"));
        let terms = side * side;
        for (ours, theirs) in ours.2.into_iter().zip(theirs.2) {
            assert_close_sums(ours, theirs, terms, &format!("gradient of a row {what}"));
        }
        for (ours, theirs) in ours.3.into_iter().zip(theirs.3) {
            assert_close_sums(
                ours,
                theirs,
                n * terms,
                &format!("gradient of weights {what}"),
            );
        }
        for (ours, theirs) in ours.4.into_iter().zip(theirs.4) {
            assert_close_sums(
                ours,
                theirs,
                n * terms,
                &format!("gradient of a bias {what}"),
            );
        }
    }
}

/// Two groups of one channel each, of two values: 1 and 3 have mean 2 and deviation 1, so they become -1 and 1; times 2 and plus
/// 1 that is -1 and 3. The second channel is even and becomes its shift.
#[test]
fn maps_are_normalised_by_groups() {
    let (mut from, mut to) = (Maps::zeros(2, 2), Maps::zeros(2, 2));
    from.load(&[1.0, 3.0, 3.0, 1.0, 5.0, 5.0, 5.0, 5.0]);
    let norm = GroupNorm {
        groups: 2,
        epsilon: 1e-12,
        silu: false,
    };
    let mut found = [0.0; 8];
    norm.run(&from, &[2.0, 7.0], &[1.0, 0.5], &mut to);
    to.store(&mut found);
    assert_eq!(found, [-1.0, 3.0, 3.0, -1.0, 0.5, 0.5, 0.5, 0.5]);
}

#[test]
fn maps_are_normalised_as_tensors_are() {
    let device = Device::flex();
    for (channels, groups, side) in [(48, 8, 14), (96, 8, 7), (24, 8, 5), (8, 8, 4), (3, 1, 6)] {
        for silu in [false, true] {
            let norm = GroupNorm {
                groups,
                epsilon: 1e-5,
                silu,
            };
            let x = random([1, channels, side, side], &device) * 3.0 + 10.0;
            let [scales, shifts] = [(); 2].map(|()| random([1, channels], &device));
            let (mut from, mut to) = (Maps::zeros(channels, side), Maps::zeros(channels, side));
            from.load(&floats(x.clone()));
            norm.run(
                &from,
                &floats(scales.clone()),
                &floats(shifts.clone()),
                &mut to,
            );
            let expected = plain(x, scales, shifts, norm);
            assert_close(
                tensor(&to),
                expected,
                &format!("{channels} in {groups}, side {side}"),
            );
        }
    }
}

#[test]
fn maps_are_joined_channel_behind_channel() {
    for [first, second] in [[1, 2], [3, 20], [20, 3], [16, 32], [24, 24]] {
        let values =
            |channels: usize| -> Vec<f32> { (0..channels * 9).map(|i| i as f32).collect() };
        let [mut a, mut b] = [first, second].map(|channels| Maps::zeros(channels, 3));
        a.load(&values(first));
        b.load(&values(second));
        let mut joined = Maps::zeros(first + second, 3);
        joined.load_joined([&a, &b]);
        let mut found = vec![0.0; (first + second) * 9];
        joined.store(&mut found);
        assert_eq!(found, [values(first), values(second)].concat());
    }
}

#[test]
fn attention_is_that_of_burn() {
    let device = Device::flex();
    for (channels, heads, side) in [(96, 4, 7), (8, 4, 3), (24, 2, 5), (16, 1, 1)] {
        let (pixels, width) = (side * side, channels / heads);
        // Weights that differ a lot, so that the largest one matters.
        let x = random([1, 3 * channels, side, side], &device) * 3.0;
        let mut maps = Maps::zeros(3 * channels, side);
        maps.load(&floats(x.clone()));
        let mut to = Maps::zeros(channels, side);
        kernels::attend(&maps, heads, &mut to);
        let parts: Tensor<4> = x.reshape([3, heads, width, pixels]);
        let [q, k, v] = [0, 1, 2].map(|i| parts.clone().narrow(0, i, 1).squeeze_dim::<3>(0));
        let scores = q.swap_dims(1, 2).matmul(k) / (width as f64).sqrt();
        let expected = softmax(scores, 2).matmul(v.swap_dims(1, 2)).swap_dims(1, 2);
        let expected = expected.reshape([1, channels, side, side]);
        assert_close(
            tensor(&to),
            expected,
            &format!("{channels}, {heads} heads, side {side}"),
        );
    }
}

#[test]
fn enlarging_and_convolving_is_that_of_burn() {
    let device = Device::flex().autodiff();
    for (n, from, to, side) in [(3, 96, 48, 7), (2, 5, 3, 4), (1, 16, 16, 1), (2, 32, 20, 8)] {
        let inputs = (
            random([n, from, side, side], &device),
            random([to, from, 3, 3], &device),
            random([to], &device),
            random([n, to, 2 * side, 2 * side], &device),
        );
        let ours = all_of(&inputs, |x, w, b| kernels::upsample_conv2d(x, w, Some(b)));
        let theirs = all_of(&inputs, |x, w, b| {
            let nearest = InterpolateOptions::new(InterpolateMode::Nearest);
            let nearest = nearest.with_output_size([2 * side; 2]);
            let x = interpolate(x, nearest);
            conv2d(x, w, Some(b), ConvOptions::new([1; 2], [1; 2], [1; 2], 1))
        });
        let (what, terms) = (
            format!("{n}x{from}->{to}, side {side}"),
            4 * n * side * side,
        );
        assert_close(ours.0, theirs.0, &format!("output {what}"));
        assert_close(ours.1, theirs.1, &format!("gradient of x {what}"));
        assert_close_sums(
            ours.2,
            theirs.2,
            terms,
            &format!("gradient of the weights {what}"),
        );
        assert_close_sums(
            ours.3,
            theirs.3,
            terms,
            &format!("gradient of the bias {what}"),
        );
    }
}

/// One image's maps in Burn's order.
fn tensor(maps: &Maps) -> Tensor<4> {
    let (channels, side) = (maps.channels(), maps.side());
    let mut values = vec![0.0; channels * side * side];
    maps.store(&mut values);
    let data = TensorData::new(values, [1, channels, side, side]);
    Tensor::from_data(data, &Device::flex())
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}
