//! What the convolutions of whole networks take: those for grey images of 28x28, and those for images of 64x64 in colour.
//! Each layer with the path that serves it, and the speed in multiply-adds as the definition of a convolution counts them,
//! so that networks of different sizes can be compared.
//!
//! `cargo build --release --workspace --example networks && target/release/examples/networks`

use std::time::Instant;

use kernels::{Epilogue, Geometry, Layer, convolve, gradients};

/// Images in a batch.
const BATCH: usize = 64;

/// A convolution: its geometry, its channels, and how often the network has it.
type Convolution = (Geometry, [usize; 2], usize);

fn main() {
    println!(
        "Seconds are the least of several runs: inference of one image on one core, batches of {BATCH} on all."
    );
    report("VAE, 28x28 grey", &vae(&[28, 14, 7, 4], &[1, 32, 64, 96]));
    report(
        "VAE, 64x64 colour",
        &vae(&[64, 32, 16, 8, 4], &[3, 32, 64, 128, 192]),
    );
    report("ResNet-18, 28x28 grey", &resnet(28, 1));
    report("ResNet-18, 64x64 colour", &resnet(64, 3));
}

/// An encoder and a decoder with one residual block at each size, as in `vae-core`.
fn vae(sides: &[usize], channels: &[usize]) -> Vec<Convolution> {
    let mut layers = Vec::new();
    let block = |side, channels| (Geometry::convolution(side, 3, 1, 1), [channels; 2], 2);
    for (sides, channels) in sides.windows(2).zip(channels.windows(2)) {
        let kernel = if sides[0] % 2 == 0 { 4 } else { 3 };
        let down = Geometry::convolution(sides[0], kernel, 2, 1);
        layers.push((down, [channels[0], channels[1]], 1));
        layers.push(block(sides[1], channels[1]));
    }
    for (sides, channels) in sides.windows(2).zip(channels.windows(2)).rev() {
        let kernel = if sides[0] % 2 == 0 { 4 } else { 3 };
        let up = Geometry::transposed(sides[1], kernel, 2, 1);
        // The last size has half the channels of the one before.
        let to = if channels[0] < 16 { 16 } else { channels[0] };
        layers.push(block(sides[1], channels[1]));
        layers.push((up, [channels[1], to], 1));
    }
    layers.push(block(sides[0], 16));
    layers.push((
        Geometry::convolution(sides[0], 3, 1, 1),
        [16, channels[0]],
        1,
    ));
    layers
}

/// Four stages of two blocks, from 16 channels on, as in `classifier`.
fn resnet(side: usize, channels: usize) -> Vec<Convolution> {
    let stem = Geometry::convolution(side, 3, 1, 1);
    let mut layers = vec![(stem, [channels, 16], 1), (stem, [16; 2], 4)];
    let (mut side, mut width) = (side, 16);
    for _ in 0..3 {
        let down = Geometry::convolution(side, 3, 2, 1);
        let projection = Geometry::convolution(side, 1, 2, 0);
        layers.push((down, [width, 2 * width], 1));
        layers.push((projection, [width, 2 * width], 1));
        (side, width) = (down.out_side, 2 * width);
        layers.push((Geometry::convolution(side, 3, 1, 1), [width; 2], 3));
    }
    layers
}

fn report(name: &str, layers: &[Convolution]) {
    println!("\n{name}");
    let (mut all, mut inference, mut training) = (0.0, 0.0, 0.0);
    for &(geometry, [from, to], count) in layers {
        let weights = waves(from * to * geometry.kernel * geometry.kernel);
        let bias = waves(to);
        let layer = Layer::new(geometry, from, &weights, &bias);
        let (mut input, mut output) = (layer.input(), layer.output());
        input.load(&waves(from * geometry.in_side * geometry.in_side));
        let one = least(|| layer.run(&input, &mut output, Epilogue::Relu));

        let x = waves(BATCH * from * geometry.in_side * geometry.in_side);
        let gradient = waves(BATCH * to * geometry.out_side * geometry.out_side);
        let forward = least(|| drop(convolve(geometry, from, &x, &weights, &bias)));
        // An image itself wants no gradient.
        let wants_input = from > 4;
        let backward = least(|| {
            let channels = [from, to];
            drop(gradients(
                geometry,
                channels,
                &x,
                &weights,
                &gradient,
                wants_input,
            ));
        });
        let [forward, backward] = [forward, backward].map(|time| time / BATCH as f64);

        let count = count as f64;
        let counted = count * multiply_adds(geometry, from, to);
        println!(
            "  {} x {from:3} -> {to:3}, {:3} -> {:3} pixels, {:10}: {:6.2} million, {:6.1} us ({:5.1} G/s), in a batch {:6.1} us \
             ({:5.1} G/s), gradients {:6.1} us ({:5.1} G/s)",
            count,
            geometry.in_side,
            geometry.out_side,
            format!("{:?}", layer.path()),
            counted / 1e6,
            count * one * 1e6,
            counted / count / one / 1e9,
            count * forward * 1e6,
            counted / count / forward / 1e9,
            count * backward * 1e6,
            counted / count * if wants_input { 2.0 } else { 1.0 } / backward / 1e9,
        );
        all += counted;
        inference += count * one;
        training += count * (forward + backward);
    }
    println!(
        "  {:.1} million multiply-adds: {:.0} images/s ({:.1} G/s); forward and gradients {:.0} images/s ({:.1} G/s)",
        all / 1e6,
        1.0 / inference,
        all / inference / 1e9,
        1.0 / training,
        3.0 * all / training / 1e9
    );
}

fn multiply_adds(geometry: Geometry, from: usize, to: usize) -> f64 {
    let side = if geometry.transposed {
        geometry.in_side
    } else {
        geometry.out_side
    };
    (side * side * geometry.kernel * geometry.kernel * from * to) as f64
}

/// The least of the times that something takes.
fn least(mut work: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut least = f64::INFINITY;
    let mut rounds = 0;
    while rounds < 5 || begin.elapsed().as_millis() < 60 {
        let start = Instant::now();
        work();
        least = least.min(start.elapsed().as_secs_f64());
        rounds += 1;
    }
    least
}

fn waves(count: usize) -> Vec<f32> {
    (0..count).map(|i| (0.7 * i as f32).sin()).collect()
}
