//! One test binary for the crate, because each links the whole Burn stack.

#![allow(
    clippy::float_cmp,
    reason = "numbers by hand are exact in binary; what is not is compared with a named tolerance"
)]

#[path = "classifier/calibration.rs"]
mod calibration;
#[path = "classifier/config.rs"]
mod config;
#[path = "classifier/convnet.rs"]
mod convnet;
#[path = "classifier/evidence.rs"]
mod evidence;
#[path = "classifier/format_1.rs"]
mod format_1;
#[path = "classifier/network.rs"]
mod network;
#[path = "classifier/prediction.rs"]
mod prediction;
#[path = "classifier/shapes.rs"]
mod shapes;
#[path = "classifier/train.rs"]
mod train;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor, TensorData};
use classifier::{ClassifierConfig, ResNet18};
use datasets::{ImageShape, Seed};
use training::seeded;

/// The smallest network that still has more than one channel everywhere.
fn tiny() -> ClassifierConfig {
    ClassifierConfig {
        width: 2,
        classes: 3,
        ..ClassifierConfig::default()
    }
}

/// The odd fixture: in colour and wider than high, so that no test passes by an old size.
fn odd() -> ClassifierConfig {
    ClassifierConfig {
        shape: shape(3, 20, 32),
        ..tiny()
    }
}

fn shape(channels: usize, height: usize, width: usize) -> ImageShape {
    ImageShape::new(channels, height, width).unwrap()
}

fn network(seed: u64) -> ResNet18 {
    built(&tiny(), seed)
}

fn built(config: &ClassifierConfig, seed: u64) -> ResNet18 {
    let device = Device::flex();
    seeded(&device, Seed(seed), || config.init(&device)).unwrap()
}

/// Images of multiples of 1/64, each with another phase.
fn images(shape: ImageShape, count: usize, device: &Device) -> Tensor<4> {
    let values = (0..count * shape.values())
        .map(|i| ((i * 37) % 65) as f32 / 64.0)
        .collect();
    Tensor::from_data(TensorData::new(values, shape.batch(count)), device)
}

/// Normalisations that are not the identity: statistics, scales and shifts as after some training.
fn lived_in(network: ResNet18) -> ResNet18 {
    struct Shift(f32);
    impl ModuleMapper for Shift {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            if D != 1 {
                return param;
            }
            self.0 += 0.01;
            param.map(|old| old * 0.9 + 0.05 + self.0 % 0.1)
        }
    }
    network.map(&mut Shift(0.0))
}

/// The values of all weights and running statistics.
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
