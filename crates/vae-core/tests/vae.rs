//! One test binary for the crate, because each links the whole Burn stack.

#![allow(
    clippy::float_cmp,
    reason = "numbers by hand are exact in binary; what is not is compared with a named tolerance"
)]

#[path = "vae/conditional.rs"]
mod conditional;
#[path = "vae/config.rs"]
mod config;
#[path = "vae/elbo.rs"]
mod elbo;
#[path = "vae/joint.rs"]
mod joint;
#[path = "vae/latent_fit.rs"]
mod latent_fit;
#[path = "vae/network.rs"]
mod network;
#[path = "vae/old_files.rs"]
mod old_files;
#[path = "vae/posterior.rs"]
mod posterior;
#[path = "vae/shapes.rs"]
mod shapes;
#[path = "vae/train.rs"]
mod train;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use datasets::{ImageShape, LabelledImages, Seed};
use training::seeded;
use vae_core::{Likelihood, Prior, RegionConfig, Vae, VaeConfig};

/// Classes that the networks here have centres for.
const CLASSES: usize = 2;

/// Regions of up to so many Gaussians.
fn gaussians(components: usize) -> RegionConfig {
    RegionConfig {
        components,
        ..RegionConfig::default()
    }
}

/// The shape of a digit.
fn digit() -> ImageShape {
    ImageShape::new(1, 28, 28).unwrap()
}

/// A shape in colour that is not square.
fn odd() -> ImageShape {
    ImageShape::new(3, 20, 32).unwrap()
}

/// The smallest network for three halvings that still has more than one channel everywhere.
fn tiny() -> VaeConfig {
    VaeConfig {
        latent_dim: 3,
        channels: vec![2, 3, 4],
        blocks: 1,
        prior: Prior::ClassCentres,
        likelihood: Likelihood::Bernoulli,
        conditional: false,
        head: None,
    }
}

fn vae(config: &VaeConfig, seed: u64) -> Vae {
    shaped(config, digit(), seed)
}

fn shaped(config: &VaeConfig, shape: ImageShape, seed: u64) -> Vae {
    let device = Device::flex();
    let init = || config.init(shape, CLASSES, &device);
    seeded(&device, Seed(seed), init).unwrap()
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
    LabelledImages::new(shape, pixels, labels, 3).unwrap()
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
