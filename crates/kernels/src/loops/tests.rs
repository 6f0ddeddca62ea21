//! On every instruction set that this processor has, the loops compute the same; the widest is held against Burn in
//! `tests/kernels.rs`.

use pulp::Simd;

use super::{
    Convolution, Direct, DirectGradient, FewOutputs, WeightGradient, Winograd, WinogradGradient,
    vectorized,
};
use crate::geometry::Phase;
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
        out_pitch: output.pitch(),
        output: &mut output.values,
        bias,
        residual: Some(&residual.values),
        relu: true,
    });
    let mut planes = vec![0.0; output.channels() * 25];
    output.store(&mut planes);
    planes
}

/// The output of the direct loop and of that over tiles, then the gradients of the weights of both.
fn all<S: Simd>(simd: S) -> [Vec<f32>; 4] {
    let weights = numbers(CHANNELS * CHANNELS * 9, 0.37);
    let packed = WeightOrder::new(GEOMETRY, CHANNELS, CHANNELS).pack(&weights, 1);
    let [Packed { phase, weights }] = packed.as_slice() else {
        panic!("a convolution has one phase");
    };
    let tiles = Tiles::new(GEOMETRY, CHANNELS, 1);
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
        tiles.with_gradient_scratch(CHANNELS, CHANNELS, |scratch| {
            let tiles = &tiles;
            simd.vectorize(WinogradGradient { tiles, of, scratch });
        });
    });
    [
        convolve(weights, &|of| simd.vectorize(Direct { phase, of })),
        convolve(&transformed, &|of| {
            tiles.with_scratch(CHANNELS, |scratch| {
                let tiles = &tiles;
                simd.vectorize(Winograd { tiles, of, scratch });
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
fn the_direct_loop_and_that_over_tiles_agree_on_every_instruction_set() {
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
fn the_loop_for_few_outputs_agrees_with_the_direct_one_on_every_instruction_set() {
    for channels in 1..=4 {
        let weights = numbers(channels * CHANNELS * 9, 0.37);
        let order = WeightOrder::new(GEOMETRY, CHANNELS, channels);
        let (wide, narrow) = (
            order.pack(&weights, 1),
            order.pack_for_few_outputs(&weights, 1),
        );
        let ([wide], [narrow]) = (wide.as_slice(), narrow.as_slice()) else {
            panic!("a convolution has one phase");
        };
        let input = maps(0.7);
        let mut residual = Maps::zeros(channels, 5);
        residual.load(&numbers(channels * 25, 0.9));
        let run = |packed: &Packed, run: &dyn Fn(&Phase, Convolution<'_>)| {
            let output = Maps::zeros(channels, 5);
            let run = |of: Convolution<'_>| run(&packed.phase, of);
            let bias = [0.25; CHANNELS];
            convolved(&packed.weights, (&input, &residual), output, &bias, &run)
        };
        let direct = run(wide, &|phase, of| vectorized(Direct { phase, of }));
        assert!(direct.iter().any(|v| *v > 1.0) && direct.contains(&0.0));
        let widest = run(narrow, &|phase, of| vectorized(FewOutputs { phase, of }));
        assert_close(
            &widest,
            &direct,
            &format!("{channels} channels, the widest"),
        );
        let plain = run(narrow, &|phase, of| {
            pulp::Scalar.vectorize(FewOutputs { phase, of });
        });
        assert_close(&plain, &direct, &format!("{channels} channels, plain code"));
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            let avx2 = run(narrow, &|phase, of| {
                Simd::vectorize(simd, FewOutputs { phase, of });
            });
            assert_close(&avx2, &direct, &format!("{channels} channels, AVX2"));
        }
    }
}
