//! The independent judge: a ResNet-18 (He et al. 2015) for small images.
//!
//! It is trained on real images alone and never sees the VAE, so that its opinion of a generated image is evidence. Two
//! changes fit the network to images of 8 to 128 pixels a side: a 3x3 stem, with stride 1 up to 64 pixels, and no
//! max-pooling; and no stage halves maps of less than 7 pixels a side. With the usual 7x7 stem the last feature maps would
//! have a single cell, and Grad-CAM would have nothing to say.
//!
//! A second judge, a [`ConvNet`] without shortcuts that was trained from another seed, keeps the first one honest: an
//! agreement that only one of them sees says more about that network than about the images.
//!
//! Pixels are in `[0, 1]` at every entrance; the normalisation is part of the network.

mod block;
mod calibration;
mod config;
mod convnet;
mod error;
mod folding;
mod inference;
mod network;
mod prediction;
mod resnet;
mod stages;
mod train;

pub use block::Block;
pub use calibration::fit_temperature;
pub use config::ClassifierConfig;
pub use convnet::{ConvLayer, ConvNet};
pub use error::ClassifierError;
pub use inference::{Activations, InferenceResNet18};
pub use network::Classifier;
pub use prediction::Prediction;
pub use resnet::ResNet18;
pub use stages::{LAST_LAYER, STAGES};
pub use train::{TrainConfig, TrainedClassifier, classify, train};
