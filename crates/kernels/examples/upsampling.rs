//! What decided between the two usual ways to double the size of a feature map: a transposed 4x4 convolution of stride 2, and
//! a 3x3 convolution of the map enlarged to its nearest neighbours (Odena et al. 2016). Both see the same pixels and cover
//! each output pixel equally often, so what differs is the time.
//!
//! `cargo build --release --workspace --example upsampling && target/release/examples/upsampling`

use std::time::Instant;

use kernels::{Epilogue, Geometry, Layer, Maps};

const ROUNDS: usize = 400;

fn main() {
    for (from, to, side) in [(64, 32, 7), (32, 16, 14)] {
        let transposed = layer(Geometry::transposed(side, 4, 2, 1), from, to, 16);
        let convolution = layer(Geometry::convolution(2 * side, 3, 1, 1), from, to, 9);
        let (small, large) = (maps(from, side), maps(from, 2 * side));
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            times[0].push(microseconds(&transposed, &small));
            times[1].push(microseconds(&convolution, &large));
        }
        let [transposed, convolution] = times.map(median);
        println!(
            "{from} to {to} channels, {side} to {} pixels: transposed {transposed:.1} us, enlarged and convolved \
             {convolution:.1} us (without the enlarging), {:.2} times as long",
            2 * side,
            convolution / transposed
        );
    }
}

fn layer(geometry: Geometry, from: usize, to: usize, taps: usize) -> Layer {
    Layer::new(geometry, from, &waves(from * to * taps), &waves(to))
}

fn maps(channels: usize, side: usize) -> Maps {
    let mut maps = Maps::zeros(channels, side);
    maps.load(&waves(channels * side * side));
    maps
}

fn waves(count: usize) -> Vec<f32> {
    (0..count).map(|i| (0.7 * i as f32).sin()).collect()
}

fn microseconds(layer: &Layer, input: &Maps) -> f64 {
    let mut output = layer.output();
    let start = Instant::now();
    layer.run(input, &mut output, Epilogue::Plain);
    start.elapsed().as_secs_f64() * 1e6
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
