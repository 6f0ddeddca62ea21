//! What a search aims at.

use burn::tensor::{Device, Tensor, TensorData};
use datasets::Image;

/// The image that is searched for, once for each start: `[starts, channels, height, width]`.
#[derive(Debug)]
pub struct Target {
    image: Tensor<4>,
    /// What lies below the first or above the second is as good as it: black that is blacker than black, and white that is whiter
    /// than white.
    bounds: [Tensor<4>; 2],
}

impl Target {
    pub fn new(image: &Image, starts: usize, device: &Device) -> Self {
        let tensor = |of: &dyn Fn(f32) -> f32| {
            let values: Vec<f32> = image.values().iter().map(|value| of(*value)).collect();
            let shape = image.shape().batch(starts);
            Tensor::from_data(TensorData::new(values.repeat(starts), shape), device)
        };
        let lowest = |value: f32| if value <= 0.0 { 0.0 } else { f32::MIN };
        let highest = |value: f32| if value >= 1.0 { 1.0 } else { f32::MAX };
        Self {
            image: tensor(&|value| value),
            bounds: [tensor(&lowest), tensor(&highest)],
        }
    }

    /// The mean squared error of a pixel of each image, `[starts, 1]`, with images as they are before they are cut off at 0 and 1.
    pub fn error_of(&self, images: Tensor<4>) -> Tensor<2> {
        let [lowest, highest] = self.bounds.clone();
        let images = images.max_pair(lowest).min_pair(highest);
        let apart: Tensor<2> = (images - self.image.clone()).powi_scalar(2).flatten(1, 3);
        apart.mean_dim(1)
    }

    pub fn device(&self) -> Device {
        self.image.device()
    }
}
