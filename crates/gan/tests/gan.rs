//! One test binary for the crate, because each links the whole Burn stack.

#![allow(
    clippy::float_cmp,
    reason = "numbers by hand are exact in binary; what is not is compared with a named tolerance"
)]

#[path = "gan/axes.rs"]
mod axes;
#[path = "gan/config.rs"]
mod config;
#[path = "gan/inference.rs"]
mod inference;
#[path = "gan/loss.rs"]
mod loss;
#[path = "gan/network.rs"]
mod network;
#[path = "gan/search.rs"]
mod search;
#[path = "gan/train.rs"]
mod train;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};
use datasets::{ImageShape, LabelledImages, Seed};
use gan::{Gan, GanConfig};
use latent_space::sample_prior;
use training::seeded;

/// Classes of the images here.
const CLASSES: usize = 3;

/// The shape of a digit.
fn digit() -> ImageShape {
    ImageShape::new(1, 28, 28).unwrap()
}

/// A shape in colour that is not square. Its square of 32 pixels is halved to 16, 8 and 4.
fn odd() -> ImageShape {
    ImageShape::new(3, 20, 32).unwrap()
}

/// A small network for three halvings.
fn tiny() -> GanConfig {
    GanConfig {
        latent_dim: 4,
        channels: vec![4, 6, 8],
        blocks: 1,
    }
}

/// Fresh networks whose residual blocks, which begin as the identity, do something.
fn gan(config: &GanConfig, shape: ImageShape, classes: usize, seed: u64) -> Gan {
    let device = Device::flex();
    let init = || config.init(shape, classes, &device);
    let gan = seeded(&device, Seed(seed), init).unwrap();
    gan.map(&mut Fill(0))
}

/// Sets the weights that are 0 to small samples of a sine.
struct Fill(usize);

impl ModuleMapper for Fill {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|old| {
            let first = self.0;
            self.0 += old.shape().num_elements();
            let values = floats(old.clone()).into_iter().zip(first..);
            let values = values.map(|(value, i)| {
                if value == 0.0 {
                    0.1 * (0.7 * i as f32).sin()
                } else {
                    value
                }
            });
            Tensor::from_data(
                TensorData::new(values.collect(), old.shape()),
                &old.device(),
            )
        })
    }
}

/// `count` images of the [`odd`] shape, each bright in the channel of its class, and brighter to the right.
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

fn latents(dims: usize, count: usize, seed: u64) -> Tensor<2> {
    let values = sample_prior(dims, count, Seed(seed)).concat();
    Tensor::from_data(TensorData::new(values, [count, dims]), &Device::flex())
}

fn classes(of: &[i32]) -> Tensor<1, Int> {
    Tensor::from_ints(TensorData::new(of.to_vec(), [of.len()]), &Device::flex())
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
