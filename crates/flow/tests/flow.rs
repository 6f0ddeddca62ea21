//! One test binary for the crate, because each links the whole Burn stack.

#![allow(
    clippy::float_cmp,
    reason = "numbers by hand are exact in binary; what is not is compared with a named tolerance"
)]

#[path = "flow/coarse_noise.rs"]
mod coarse_noise;
#[path = "flow/config.rs"]
mod config;
#[path = "flow/inference.rs"]
mod inference;
#[path = "flow/network.rs"]
mod network;
#[path = "flow/train.rs"]
mod train;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ImageShape, LabelledImages, Seed};
use flow::{FlowConfig, VelocityNet};
use training::seeded;

/// Classes of the [`odd`] images.
const CLASSES: usize = 3;

/// The shape of a digit.
fn digit() -> ImageShape {
    ImageShape::new(1, 28, 28).unwrap()
}

/// A shape in colour that is not square.
fn odd() -> ImageShape {
    ImageShape::new(3, 20, 32).unwrap()
}

/// A small conditional diffusion at two sizes.
fn tiny() -> FlowConfig {
    FlowConfig {
        channels: vec![8, 16],
        embedding: 8,
        patch: 4,
        attention: true,
        conditional: true,
        from_picture: false,
        noise: 0.5,
    }
}

/// A small refiner at three sizes.
fn tiny_refiner() -> FlowConfig {
    FlowConfig {
        channels: vec![8, 16, 16],
        conditional: false,
        from_picture: true,
        ..tiny()
    }
}

/// A network whose weights are all random, also those that begin with zeros.
fn network(config: &FlowConfig, shape: ImageShape, seed: u64) -> VelocityNet {
    struct Shake(u64);
    impl ModuleMapper for Shake {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            self.0 += 1;
            let seed = self.0;
            param.map(|value| {
                let noise =
                    TensorData::new(waves(value.shape().num_elements(), seed), value.dims());
                let noise = Tensor::from_data(noise, &value.device());
                value + noise * 0.2
            })
        }
    }
    fresh(config, shape, seed).map(&mut Shake(seed))
}

/// A network that has learned nothing.
fn fresh(config: &FlowConfig, shape: ImageShape, seed: u64) -> VelocityNet {
    let device = Device::flex();
    let init = || config.init(shape, CLASSES, &device);
    seeded(&device, Seed(seed), init).unwrap()
}

/// Numbers from -1.7 to 1.7 with mean 0 and variance 1, without an order that a network could keep.
fn waves(count: usize, seed: u64) -> Vec<f32> {
    use rand::RngExt as _;
    let mut rng = Seed(seed).rng();
    let number = |_| (rng.random::<f32>() - 0.5) * 12.0_f32.sqrt();
    (0..count).map(number).collect()
}

fn images_of(values: &[f32], shape: ImageShape) -> Tensor<4> {
    let n = values.len() / shape.values();
    Tensor::from_data(
        TensorData::new(values.to_vec(), shape.batch(n)),
        &Device::flex(),
    )
}

/// `count` images of the [`odd`] shape. Each of their three classes is bright in a channel of its own, with a gradient from
/// left to right that differs from image to image.
fn odd_images(count: usize) -> LabelledImages {
    let shape = odd();
    let mut pixels = Vec::new();
    for image in 0..count {
        for channel in 0..3 {
            let bright = if image % 3 == channel { 200 } else { 20 };
            let value = |i: usize| (bright + (i % 32) * (image % 2 + 1) / 2) as u8;
            pixels.extend((0..shape.pixels()).map(value));
        }
    }
    let labels = (0..count).map(|image| (image % 3) as u16).collect();
    LabelledImages::new(shape, pixels, labels, CLASSES).unwrap()
}

/// The values of all weights.
fn weights<M: Module>(module: &M) -> Vec<f32> {
    struct Values(Vec<f32>);
    impl ModuleVisitor for Values {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(floats(param.val()));
        }
    }
    let mut all = Values(Vec::new());
    module.visit(&mut all);
    all.0
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

#[track_caller]
fn assert_close(actual: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(actual.len(), expected.len());
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        // Written so that a NaN fails.
        assert!(
            (a - e).abs() <= tolerance,
            "at {i}: {a}, expected {e} within {tolerance}"
        );
    }
}
