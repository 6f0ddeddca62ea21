//! One test binary for the crate, because each links the whole Burn stack.

#![allow(
    clippy::float_cmp,
    reason = "numbers by hand are exact in binary; what is not is compared with a named tolerance"
)]

#[path = "classifier/augment.rs"]
mod augment;
#[path = "classifier/calibration.rs"]
mod calibration;
#[path = "classifier/config.rs"]
mod config;
#[path = "classifier/network.rs"]
mod network;
#[path = "classifier/prediction.rs"]
mod prediction;
#[path = "classifier/train.rs"]
mod train;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use classifier::{ResNet18, ResNetConfig};
use datasets::Seed;
use training::seeded;

/// The smallest network that still has more than one channel everywhere.
fn tiny() -> ResNetConfig {
    ResNetConfig {
        width: 2,
        classes: 3,
        ..ResNetConfig::default()
    }
}

fn network(seed: u64) -> ResNet18 {
    let device = Device::flex();
    seeded(&device, Seed(seed), || tiny().init(&device)).unwrap()
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
