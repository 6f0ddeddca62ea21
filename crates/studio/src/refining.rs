//! Detail for decoded images: the part of a model that a refiner plays.
//!
//! A VAE's decoder draws the mean of all images that a latent may stand for, so what they do not agree on is blurred. A refiner
//! is a flow that begins at the decoded image and some noise and ends at an image as sharp as those of the data set. The detail
//! that it adds is invented: it follows from the noise, and other noise gives other detail.

use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ImageShape, Seed};
use flow::{FlowConfig, InferenceFlow, VelocityNet};
use latent_space::sample_prior;
use serde::{Deserialize, Serialize};

use crate::TrainingRecord;

/// A trained refiner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefinerPart {
    /// Its architecture.
    pub config: FlowConfig,
    /// How it was trained.
    pub training: TrainingRecord,
    /// The steps that images are drawn with unless somebody asks for others.
    pub steps: usize,
}

/// A refiner in the form that suits its device.
#[derive(Debug)]
pub(crate) struct Refiner {
    network: VelocityNet,
    /// On the CPU: packed weights.
    cpu: Option<InferenceFlow>,
}

impl Refiner {
    pub fn new(network: VelocityNet, device: &Device) -> Self {
        let cpu = (*device == Device::flex()).then(|| InferenceFlow::new(&network));
        Self { network, cpu }
    }

    /// The images with their detail, `[n, channels, height, width]`, each from the noise of its own seed.
    pub fn refine(
        &self,
        pixels: &[f32],
        steps: usize,
        seeds: &[Seed],
        device: &Device,
    ) -> Vec<f32> {
        let shape = self.network.shape;
        if let Some(cpu) = &self.cpu {
            return cpu.refine_all(pixels, &noise(shape, seeds), steps);
        }
        let images = TensorData::new(pixels.to_vec(), shape.batch(seeds.len()));
        let refined = self.refine_tensor(Tensor::from_data(images, device), steps, seeds);
        refined.into_data().iter::<f32>().collect()
    }

    /// The same of images that stay on the device.
    pub fn refine_tensor(&self, images: Tensor<4>, steps: usize, seeds: &[Seed]) -> Tensor<4> {
        let shape = self.network.shape;
        let noise = TensorData::new(noise(shape, seeds), shape.batch(seeds.len()));
        let noise = Tensor::from_data(noise, &images.device());
        self.network.refine(images, noise, steps)
    }
}

/// Standard normal, `[seeds.len(), channels, height, width]`.
fn noise(shape: ImageShape, seeds: &[Seed]) -> Vec<f32> {
    let of_seed = |seed: &Seed| sample_prior(shape.values(), 1, *seed).concat();
    seeds.iter().flat_map(of_seed).collect()
}
