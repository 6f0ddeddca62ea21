//! The independent judge: a ResNet-18 (He et al. 2015) for 28x28 grey images.
//!
//! It is trained on real images alone and never sees the VAE, so that its opinion of a generated image is evidence. Two
//! changes fit the network to 28 pixels: a 3x3 stem with stride 1 and no max-pooling. With the usual 7x7 stem the last
//! feature map would be 1x1, and Grad-CAM would have nothing to say.
//!
//! Pixels are in `[0, 1]` at every entrance; the normalisation is part of the network.

mod augment;
mod block;
mod calibration;
mod config;
mod error;
mod inference;
mod prediction;
mod resnet;
mod train;

pub use augment::Augmentation;
pub use block::Block;
pub use calibration::fit_temperature;
pub use config::{ResNetConfig, Stage};
pub use error::ClassifierError;
pub use inference::{Activations, InferenceResNet18};
pub use prediction::Prediction;
pub use resnet::ResNet18;
pub use train::{TrainConfig, TrainedClassifier, classify, train};
