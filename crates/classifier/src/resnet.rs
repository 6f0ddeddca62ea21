use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, assert_shape};

use crate::block::{conv, convolve, normalise};
use crate::{Block, ResNetConfig, Stage};

/// ResNet-18 for 28x28 images: a 3x3 stem, four stages of two blocks (28, 14, 7, 4 pixels), global average pooling and
/// one linear layer. Made by [`ResNetConfig::init`].
///
/// `forward = head(features)`, and each stage can be entered and left, so that explanations can be computed for any.
#[derive(Module, Debug)]
pub struct ResNet18 {
    /// `[1, 28, 28] -> [width, 28, 28]`
    pub stem: Conv2d,
    /// After `stem`.
    pub stem_norm: BatchNorm,
    /// Two blocks a stage, eight in all.
    pub blocks: Vec<Block>,
    /// `[8 * width] -> [classes]`
    pub fc: Linear,
    /// Subtracted from the pixels.
    pub pixel_mean: f32,
    /// Divides the pixels.
    pub pixel_std: f32,
}

impl ResNet18 {
    pub(crate) fn new(config: &ResNetConfig, device: &Device) -> Self {
        let width = config.width;
        let mut from = width;
        let mut blocks = Vec::new();
        for (times, stride) in [(1, 1), (2, 2), (4, 2), (8, 2)] {
            blocks.push(Block::new(from, width * times, stride, device));
            blocks.push(Block::new(width * times, width * times, 1, device));
            from = width * times;
        }
        Self {
            stem: conv(1, width, 3, 1, device),
            stem_norm: BatchNormConfig::new(width).init(device),
            blocks,
            fc: LinearConfig::new(8 * width, config.classes).init(device),
            pixel_mean: config.pixel_mean,
            pixel_std: config.pixel_std,
        }
    }

    /// Logits of each image.
    ///
    /// # Shapes
    /// - `images`: `[n, 1, 28, 28]` in `[0, 1]`
    /// - output: `[n, classes]`
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.head(self.features(images))
    }

    /// The last feature maps, from which [`head`](Self::head) decides.
    ///
    /// # Shapes
    /// - `images`: `[n, 1, 28, 28]` in `[0, 1]`
    /// - output: `[n, 8 * width, 4, 4]`, nothing below 0
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn features(&self, images: Tensor<4>) -> Tensor<4> {
        self.features_at(images, Stage::Stage4)
    }

    /// The feature maps of any stage.
    ///
    /// # Shapes
    /// - `images`: `[n, 1, 28, 28]` in `[0, 1]`
    /// - output: `[n, channels, side, side]` with the stage's side and `width`, 2, 4 or 8 times `width` channels
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn features_at(&self, images: Tensor<4>, stage: Stage) -> Tensor<4> {
        assert_shape!(images, [_, 1, 28, 28]);
        let x = (images - self.pixel_mean) / self.pixel_std;
        let x = normalise(&self.stem_norm, convolve(&self.stem, x), true); // [n, width, 28, 28]
        let until = 2 * (stage.index() + 1);
        self.blocks[..until]
            .iter()
            .fold(x, |x, block| block.forward(x))
    }

    /// The feature maps of the stage after `stage`, from those of `stage`.
    ///
    /// # Shapes
    /// - `features`, output: as [`features_at`](Self::features_at) gives them for the two stages
    ///
    /// # Panics
    /// If `stage` is the last.
    #[must_use]
    pub fn next_features(&self, features: Tensor<4>, stage: Stage) -> Tensor<4> {
        let from = 2 * (stage.index() + 1);
        self.blocks[from..from + 2]
            .iter()
            .fold(features, |x, block| block.forward(x))
    }

    /// The logits that follow from a stage's feature maps: the rest of the network.
    ///
    /// # Shapes
    /// - `features`: as [`features_at`](Self::features_at) gives them for the same stage
    /// - output: `[n, classes]`
    #[must_use]
    pub fn head_at(&self, features: Tensor<4>, stage: Stage) -> Tensor<2> {
        let from = 2 * (stage.index() + 1);
        let x = self.blocks[from..]
            .iter()
            .fold(features, |x, block| block.forward(x));
        self.head(x)
    }

    /// Global average pooling and the linear layer.
    ///
    /// # Shapes
    /// - `features`: `[n, 8 * width, 4, 4]`
    /// - output: `[n, classes]`
    #[must_use]
    pub fn head(&self, features: Tensor<4>) -> Tensor<2> {
        self.fc.forward(Self::pool(features))
    }

    /// The mean of each feature map, `[n, channels, h, w] -> [n, channels]`: the penultimate features.
    #[must_use]
    pub fn pool(features: Tensor<4>) -> Tensor<2> {
        let flat: Tensor<3> = features.flatten(2, 3); // [n, channels, h * w]
        flat.mean_dim(2).squeeze_dim::<2>(2)
    }

    /// Classes told apart.
    #[must_use]
    pub fn classes(&self) -> usize {
        let [_, classes] = self.fc.weight.dims();
        classes
    }
}
