//! On every instruction set that this processor has, the loops compute the same; the widest is held against Burn in
//! `tests/kernels.rs`.

use pulp::Simd;

use super::{
    Convolution, Direct, DirectGradient, OneChannel, WeightGradient, Winograd, WinogradGradient,
    one_channel_weights, vectorized,
};
use crate::maps::{Aligned, zeros};
use crate::pack::{Packed, WeightOrder};
use crate::tiles::Tiles;
use crate::{Geometry, Maps};

const CHANNELS: usize = 16;
/// An odd side, so that tiles overlap.
const GEOMETRY: Geometry = Geometry {
    transposed: false,
    kernel: 3,
    stride: 1,
    padding: 1,
    in_side: 5,
    out_side: 5,
};

/// Numbers from -1 to 1.
fn numbers(count: usize, step: f32) -> Vec<f32> {
    (0..count).map(|i| (i as f32 * step).sin()).collect()
}

fn maps(step: f32) -> Maps {
    let mut maps = Maps::zeros(CHANNELS, 5);
    maps.load(&numbers(CHANNELS * 25, step));
    maps
}

/// What a loop makes of `input`, with `residual` added and no negative values.
fn convolved(
    weights: &[f32],
    (input, residual): (&Maps, &Maps),
    mut output: Maps,
    bias: &[f32],
    run: &dyn Fn(Convolution<'_>),
) -> Vec<f32> {
    run(Convolution {
        weights,
        in_channels: CHANNELS,
        input: &input.values,
        in_pitch: CHANNELS,
        out_pitch: CHANNELS,
        output: &mut output.values,
        bias,
        residual: Some(&residual.values),
        relu: true,
    });
    let mut planes = vec![0.0; output.channels() * 25];
    output.store(&mut planes);
    planes
}

/// The output the direct way and over tiles, then the gradients of the weights the direct way and over tiles.
fn all<S: Simd>(simd: S) -> [Vec<f32>; 4] {
    let weights = numbers(CHANNELS * CHANNELS * 9, 0.37);
    let packed = WeightOrder::new(GEOMETRY, CHANNELS, CHANNELS).pack(&weights);
    let [Packed { phase, weights }] = packed.as_slice() else {
        panic!("a convolution has one phase");
    };
    let tiles = Tiles::new(GEOMETRY, CHANNELS).expect("tiles of a 3x3 convolution");
    let (input, gradient) = (maps(0.7), maps(0.9));
    let convolve = |weights: &[f32], run: &dyn Fn(Convolution<'_>)| {
        let bias = numbers(CHANNELS, 1.0);
        convolved(
            weights,
            (&input, &gradient),
            Maps::zeros(CHANNELS, 5),
            &bias,
            run,
        )
    };
    let backward = |length: usize, run: &dyn Fn(WeightGradient<'_>)| {
        let mut sums: Aligned = zeros(length);
        run(WeightGradient {
            in_channels: CHANNELS,
            input: &input.values,
            in_pitch: CHANNELS,
            output: &gradient.values,
            out_pitch: CHANNELS,
            sums: &mut sums,
        });
        sums.to_vec()
    };
    let transformed = tiles.transform(phase, weights);
    let over_tiles = backward(transformed.len(), &|of| {
        tiles.with_gradient_room(CHANNELS, CHANNELS, |room| {
            let tiles = &tiles;
            simd.vectorize(WinogradGradient { tiles, of, room });
        });
    });
    [
        convolve(weights, &|of| simd.vectorize(Direct { phase, of })),
        convolve(&transformed, &|of| {
            tiles.with_room(CHANNELS, |room| {
                let tiles = &tiles;
                simd.vectorize(Winograd { tiles, of, room });
            });
        }),
        backward(weights.len(), &|of| {
            simd.vectorize(DirectGradient { phase, of });
        }),
        tiles.transform_back(phase, &over_tiles).to_vec(),
    ]
}

/// Runs [`all`] on the set that the program would choose.
struct Chosen;

impl pulp::WithSimd for Chosen {
    type Output = [Vec<f32>; 4];

    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        all(simd)
    }
}

fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() < 1e-4, "{what}: {a} instead of {b} at {i}");
    }
}

#[test]
fn both_ways_agree_on_every_instruction_set() {
    let mut sets = vec![
        ("plain code", all(pulp::Scalar)),
        ("the widest", vectorized(Chosen)),
    ];
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        sets.push(("AVX2", all(simd)));
    }
    let [output, _, gradient, _] = sets[0].1.clone();
    assert!(output.iter().any(|v| *v > 1.0) && gradient.iter().any(|v| v.abs() > 1.0));
    for (name, [direct, over_tiles, direct_gradient, gradient_over_tiles]) in &sets {
        assert_close(direct, &output, &format!("output, direct, {name}"));
        assert_close(over_tiles, &output, &format!("output over tiles, {name}"));
        assert_close(
            direct_gradient,
            &gradient,
            &format!("gradient, direct, {name}"),
        );
        assert_close(
            gradient_over_tiles,
            &gradient,
            &format!("gradient over tiles, {name}"),
        );
    }
}

#[test]
fn the_way_to_one_channel_agrees_with_the_direct_one_on_every_instruction_set() {
    let weights = numbers(CHANNELS * 9, 0.37);
    let packed = WeightOrder::new(GEOMETRY, CHANNELS, 1).pack(&weights);
    let [Packed { phase, weights }] = packed.as_slice() else {
        panic!("a convolution has one phase");
    };
    let narrow: Vec<f32> = one_channel_weights(weights).collect();
    let (input, residual) = (maps(0.7), maps(0.9));
    let run = |weights: &[f32], run: &dyn Fn(Convolution<'_>)| {
        let output = Maps::zeros(1, 5);
        convolved(weights, (&input, &residual), output, &[0.25; CHANNELS], run)
    };
    let direct = run(weights, &|of| vectorized(Direct { phase, of }));
    assert!(direct.iter().any(|v| *v > 1.0) && direct.contains(&0.0));
    let widest = run(&narrow, &|of| vectorized(OneChannel { phase, of }));
    assert_close(&widest, &direct, "the widest");
    let plain = run(&narrow, &|of| {
        pulp::Scalar.vectorize(OneChannel { phase, of });
    });
    assert_close(&plain, &direct, "plain code");
}
