//! The second judge's network: plain convolutions one after the other, without shortcuts.
//!
//! An agreement with one classifier may be an agreement with its quirks. So a network of another architecture, trained from
//! another seed, is asked as well, and figures are given by both.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, assert_shape};
use datasets::{ImageShape, pad_to_square};

use crate::block::{conv, convolve, normalise};
use crate::resnet::{normalised, pool};
use crate::stages::{GROWTH, stage_sides, stem_stride};
use crate::{Classifier, ClassifierConfig};

/// Convolutions at each size of the maps.
const CONVOLUTIONS: usize = 2;

/// A plain convolutional network (after Simonyan and Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image
/// Recognition"): four stages of two 3x3 convolutions with batch normalisation and `ReLU`, global average pooling and one
/// linear layer. The first convolution of a stage halves the maps where the stages of a [`ResNet18`](crate::ResNet18) do.
#[derive(Module, Debug)]
pub struct ConvNet {
    /// Two a stage, eight in all.
    pub layers: Vec<ConvLayer>,
    /// `[8 * width] -> [classes]`
    pub fc: Linear,
    /// Subtracted from the pixels: one value a channel, or one for all.
    #[module(skip)]
    pub pixel_mean: Vec<f32>,
    /// Divides the pixels: as many values as `pixel_mean`.
    #[module(skip)]
    pub pixel_std: Vec<f32>,
    /// The images that it judges.
    #[module(skip)]
    pub shape: ImageShape,
}

/// A convolution, batch normalisation and a `ReLU`.
#[derive(Module, Debug)]
pub struct ConvLayer {
    /// 3x3: `[from, side, side] -> [to, side / stride, side / stride]`, rounded up
    pub conv: Conv2d,
    /// After `conv`.
    pub norm: BatchNorm,
}

impl ConvNet {
    /// The last feature maps.
    ///
    /// # Shapes
    /// - `images`: `[n, channels, height, width]` in `[0, 1]`
    /// - output: `[n, 8 * width, side, side]` with the last stage's side, nothing below 0
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn features(&self, images: Tensor<4>) -> Tensor<4> {
        let [_, channels, height, width] = self.shape.batch(1);
        assert_shape!(images, [_, channels, height, width]);
        let x = normalised(pad_to_square(images), &self.pixel_mean, &self.pixel_std);
        self.layers.iter().fold(x, |x, layer| {
            normalise(Some(&layer.norm), convolve(&layer.conv, x), true)
        })
    }
}

impl Classifier for ConvNet {
    fn new(config: &ClassifierConfig, device: &Device) -> Self {
        let sides = stage_sides(config.shape);
        let (mut from, mut side) = (config.shape.channels(), sides[0]);
        let mut layers = Vec::new();
        for (stage, (times, out_side)) in GROWTH.into_iter().zip(sides).enumerate() {
            let to = config.width * times;
            for at in 0..CONVOLUTIONS {
                let stride = match (stage, at) {
                    (0, 0) => stem_stride(config.shape),
                    (_, 0) if out_side < side => 2,
                    _ => 1,
                };
                layers.push(ConvLayer {
                    conv: conv(from, to, 3, stride, device),
                    norm: BatchNormConfig::new(to).init(device),
                });
                from = to;
            }
            side = out_side;
        }
        Self {
            layers,
            fc: LinearConfig::new(from, config.classes).init(device),
            pixel_mean: config.pixel_mean.clone(),
            pixel_std: config.pixel_std.clone(),
            shape: config.shape,
        }
    }

    fn parameters(config: &ClassifierConfig) -> usize {
        let mut from = config.shape.channels();
        let mut count = 0;
        for times in GROWTH {
            let to = config.width * times;
            // Convolutions without bias, and four numbers a channel of the normalisation behind each.
            count += (from + to) * to * 9 + CONVOLUTIONS * 4 * to;
            from = to;
        }
        count + (from + 1) * config.classes
    }

    fn judge(&self, images: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let pooled = pool(self.features(images));
        (pooled.clone(), self.fc.forward(pooled))
    }

    fn shape(&self) -> ImageShape {
        self.shape
    }

    fn classes(&self) -> usize {
        let [_, classes] = self.fc.weight.dims();
        classes
    }

    fn device(&self) -> Device {
        self.fc.weight.device()
    }
}
