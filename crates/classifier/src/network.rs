//! What training and measuring ask of a network, whatever its architecture.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use datasets::ImageShape;

use crate::ClassifierConfig;

/// A network that tells the classes of images apart: [`ResNet18`](crate::ResNet18), whose opinions are explained, or
/// [`ConvNet`](crate::ConvNet), which gives a second one.
pub trait Classifier: Module {
    /// The network with fresh weights, of a configuration that was [validated](ClassifierConfig::validate).
    fn new(config: &ClassifierConfig, device: &Device) -> Self;

    /// How many numbers that network has, the running statistics of its normalisations included; counted without building it.
    fn parameters(config: &ClassifierConfig) -> usize;

    /// The pooled features of images and the logits that follow from them.
    ///
    /// # Shapes
    /// - `images`: `[n, channels, height, width]` in `[0, 1]`
    /// - output: `[n, 8 * width]` and `[n, classes]`
    ///
    /// # Panics
    /// If `images` has another shape than the network's.
    fn judge(&self, images: Tensor<4>) -> (Tensor<2>, Tensor<2>);

    /// Shape of the images.
    fn shape(&self) -> ImageShape;

    /// Classes told apart.
    fn classes(&self) -> usize;

    /// Where its weights are.
    fn device(&self) -> Device;
}
