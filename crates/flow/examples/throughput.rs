//! What a step of the usual flows takes: of one image on a CPU, and of a training.
//!
//! `cargo build --release --workspace --example throughput && target/release/examples/throughput`

use std::time::Instant;

use burn::tensor::{Device, TensorData};
use datasets::{ClassId, ImageShape, LabelledImages, Seed};
use flow::{FlowConfig, InferenceFlow, Pictures, TrainConfig, train};
use training::{CancelToken, Event, Fit};

/// Images a step of training, and how many steps are measured.
const BATCH: usize = 128;
const STEPS: usize = 6;

const CLASSES: usize = 10;

fn main() {
    println!("The least of several times each.");
    for (name, channels, side) in [("grey", 1, 28), ("colour", 3, 64)] {
        let shape = ImageShape::new(channels, side, side).expect("a shape within bounds");
        let refiner = FlowConfig::refiner(shape);
        let diffusion = FlowConfig {
            conditional: true,
            ..FlowConfig::diffusion(shape)
        };
        for (kind, config) in [("refiner", refiner), ("diffusion", diffusion)] {
            let numbers = config.parameters(shape, CLASSES).expect("a usual network");
            let (one, all) = inference(&config, shape);
            println!(
                "{kind} of {shape} ({name}), {numbers} parameters: a step {one:.2} ms, of many images {all:.2} ms each"
            );
            if side == 28 {
                let [clock, core] = training(&config, shape);
                println!("  training: {clock:.0} images/s, {core:.0} a core second");
                let without = FlowConfig {
                    attention: false,
                    ..config
                };
                let [clock, core] = training(&without, shape);
                println!("  without attention: {clock:.0} images/s, {core:.0} a core second");
            }
        }
    }
}

/// Milliseconds of a step of one image, and of each of many.
fn inference(config: &FlowConfig, shape: ImageShape) -> (f64, f64) {
    let device = Device::flex();
    let net = config
        .init(shape, CLASSES, &device)
        .expect("a usual network");
    let flow = InferenceFlow::new(&net);
    let mut scratch = flow.scratch();
    let (many, class) = (32, Some(ClassId(1)));
    let pictures = waves(many * shape.values());
    let picture = &pictures[..shape.values()];
    if config.from_picture {
        let one = least(60, || drop(flow.refine(picture, picture, 1, &mut scratch)));
        let all = least(5, || drop(flow.refine_all(&pictures, &pictures, 1)));
        return (one, all / many as f64);
    }
    let one = least(60, || {
        drop(flow.advance(picture, class, [0, 2], 1.0, &mut scratch));
    });
    let all = least(5, || {
        drop(flow.advance_all(&pictures, &[class; 32], [0, 2], 1.0));
    });
    (one, all / many as f64)
}

/// Images a second of the fastest step: by the clock, and by the processor's time.
fn training(config: &FlowConfig, shape: ImageShape) -> [f64; 2] {
    let count = BATCH * STEPS;
    let pixels = waves(count * shape.values()).into_iter();
    let pixels = pixels.map(|x| (x * 100.0 + 120.0) as u8);
    let labels = (0..count).map(|i| (i % CLASSES) as u16).collect();
    let images = LabelledImages::new(shape, pixels.collect(), labels, CLASSES);
    let images = images.expect("images of a shape");
    let held_out = images.subset(&[0]);
    let settings = TrainConfig {
        epochs: 1,
        batch_size: BATCH,
        ..TrainConfig::default()
    };
    let pictures: &Pictures<'_> = &|images: &LabelledImages, indices: &[usize], _: Seed| {
        Ok(TensorData::new(
            vec![0.5_f32; indices.len() * images.shape().values()],
            images.shape().batch(indices.len()),
        ))
    };
    let pictures = config.from_picture.then_some(pictures);
    let cancel = CancelToken::new();
    let start = Instant::now();
    let now = || [start.elapsed().as_secs_f64(), processor_seconds()];
    let mut last = now();
    let mut fastest = [f64::INFINITY; 2];
    let run = Fit {
        checkpoints: None,
        resume: false,
        cancel: &cancel,
        steering: None,
        look: None,
        watch: &mut |event| {
            if matches!(event, Event::Step(_)) {
                let now = now();
                for (i, fastest) in fastest.iter_mut().enumerate() {
                    *fastest = fastest.min(now[i] - last[i]);
                }
                last = now;
            }
        },
    };
    let device = Device::flex();
    let done = train(
        config.into(),
        &settings,
        &images,
        &held_out,
        CLASSES,
        pictures,
        &device,
        run,
    );
    done.expect("a training");
    fastest.map(|seconds| BATCH as f64 / seconds)
}

/// What this process has used of all cores, where the system tells (Linux, in hundredths of a second).
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = text.split(' ').skip(13).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Milliseconds of the fastest of some rounds.
fn least(rounds: usize, mut work: impl FnMut()) -> f64 {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e3
    });
    times.fold(f64::INFINITY, f64::min)
}

fn waves(count: usize) -> Vec<f32> {
    (0..count).map(|i| (0.7 * i as f32).sin()).collect()
}
