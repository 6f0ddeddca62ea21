//! The network: a stem, four stages of two blocks and a pooled linear head, which can be entered and left at any stage.

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, assert_shape};
use datasets::{ImageShape, Layer, pad_to_square};

use crate::block::{conv, convolve, normalise};
use crate::stages::{self, GROWTH, LAST_LAYER, stage_sides, stem_stride};
use crate::{Block, Classifier, ClassifierConfig};

/// Residual blocks of a stage.
const STAGE_BLOCKS: usize = 2;

/// ResNet-18 for small images: a 3x3 stem, four stages of two blocks, global average pooling and one linear layer. Made by
/// [`ClassifierConfig::init`].
///
/// It works on squares: an image that is not square is padded with zeros. A stage halves the maps of the one before it,
/// rounded up, while at least 4 pixels a side are left ([`ClassifierConfig::stage_sides`]).
///
/// `forward = head(features)`, and each stage can be entered and left, so that explanations can be computed for any.
#[derive(Module, Debug)]
pub struct ResNet18 {
    /// `[channels, side, side] -> [width, side, side]`, of half the side where `side` is above 64
    pub stem: Conv2d,
    /// After `stem`; `None` in a [folded](Self::folded) network.
    pub stem_norm: Option<BatchNorm>,
    /// Two blocks a stage, eight in all.
    pub blocks: Vec<Block>,
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

impl ResNet18 {
    fn fresh(config: &ClassifierConfig, device: &Device) -> Self {
        let (shape, width) = (config.shape, config.width);
        let sides = stage_sides(shape);
        let (mut from, mut side) = (width, sides[0]);
        let mut blocks = Vec::new();
        for (times, out_side) in GROWTH.into_iter().zip(sides) {
            let stride = if out_side == side { 1 } else { 2 };
            blocks.push(Block::new(from, width * times, stride, device));
            blocks.push(Block::new(width * times, width * times, 1, device));
            (from, side) = (width * times, out_side);
        }
        Self {
            stem: conv(shape.channels(), width, 3, stem_stride(shape), device),
            stem_norm: Some(BatchNormConfig::new(width).init(device)),
            blocks,
            fc: LinearConfig::new(8 * width, config.classes).init(device),
            pixel_mean: config.pixel_mean.clone(),
            pixel_std: config.pixel_std.clone(),
            shape,
        }
    }

    /// Logits of each image.
    ///
    /// # Shapes
    /// - `images`: `[n, channels, height, width]` in `[0, 1]`
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
    /// - `images`: `[n, channels, height, width]` in `[0, 1]`
    /// - output: `[n, 8 * width, side, side]` with the last stage's side, nothing below 0
    ///
    /// # Panics
    /// If `images` has another shape.
    #[must_use]
    pub fn features(&self, images: Tensor<4>) -> Tensor<4> {
        self.features_at(images, LAST_LAYER)
    }

    /// The feature maps of any stage.
    ///
    /// # Shapes
    /// - `images`: `[n, channels, height, width]` in `[0, 1]`
    /// - output: `[n, features, side, side]` with the stage's side and `width`, 2, 4 or 8 times `width` features
    ///
    /// # Panics
    /// If `images` has another shape, or there is no such layer.
    #[must_use]
    pub fn features_at(&self, images: Tensor<4>, layer: Layer) -> Tensor<4> {
        let [_, channels, height, width] = self.shape.batch(1);
        assert_shape!(images, [_, channels, height, width]);
        let x = normalised(pad_to_square(images), &self.pixel_mean, &self.pixel_std); // [n, channels, side, side]
        let x = normalise(self.stem_norm.as_ref(), convolve(&self.stem, x), true); // [n, width, side, side]
        self.blocks[..after(layer)]
            .iter()
            .fold(x, |x, block| block.forward(x))
    }

    /// The feature maps of the stage after `layer`, from those of `layer`.
    ///
    /// # Shapes
    /// - `features`, output: as [`features_at`](Self::features_at) gives them for the two stages
    ///
    /// # Panics
    /// If `layer` is the last.
    #[must_use]
    pub fn next_features(&self, features: Tensor<4>, layer: Layer) -> Tensor<4> {
        self.blocks[after(layer)..][..STAGE_BLOCKS]
            .iter()
            .fold(features, |x, block| block.forward(x))
    }

    /// The logits that follow from a stage's feature maps: the rest of the network.
    ///
    /// # Shapes
    /// - `features`: as [`features_at`](Self::features_at) gives them for the same stage
    /// - output: `[n, classes]`
    ///
    /// # Panics
    /// If there is no such layer.
    #[must_use]
    pub fn head_at(&self, features: Tensor<4>, layer: Layer) -> Tensor<2> {
        let x = self.blocks[after(layer)..]
            .iter()
            .fold(features, |x, block| block.forward(x));
        self.head(x)
    }

    /// Global average pooling and the linear layer.
    ///
    /// # Shapes
    /// - `features`: `[n, 8 * width, side, side]`
    /// - output: `[n, classes]`
    #[must_use]
    pub fn head(&self, features: Tensor<4>) -> Tensor<2> {
        self.fc.forward(Self::pool(features))
    }

    /// The mean of each feature map, `[n, features, h, w] -> [n, features]`: the penultimate features.
    #[must_use]
    pub fn pool(features: Tensor<4>) -> Tensor<2> {
        pool(features)
    }

    /// Classes told apart.
    #[must_use]
    pub fn classes(&self) -> usize {
        let [_, classes] = self.fc.weight.dims();
        classes
    }

    /// The layers that can be explained, first to last.
    #[must_use]
    pub fn layers(&self) -> Vec<Layer> {
        stages::layers()
    }

    /// Height and width of each layer's feature maps, as [`ClassifierConfig::stage_sides`] gives them.
    #[must_use]
    pub fn stage_sides(&self) -> Vec<usize> {
        stage_sides(self.shape)
    }

    /// A layer's name with the size of its feature maps, such as "stage 3 (7x7)".
    #[must_use]
    pub fn layer_name(&self, layer: Layer) -> String {
        stages::layer_name(self.shape, layer)
    }
}

impl Classifier for ResNet18 {
    fn new(config: &ClassifierConfig, device: &Device) -> Self {
        Self::fresh(config, device)
    }

    fn parameters(config: &ClassifierConfig) -> usize {
        // A convolution without bias, and four numbers a channel of the normalisation behind it.
        let layer = |from: usize, to: usize, kernel: usize| from * to * kernel * kernel + 4 * to;
        let sides = stage_sides(config.shape);
        let mut count = layer(config.shape.channels(), config.width, 3);
        let (mut from, mut side) = (config.width, sides[0]);
        for (times, out_side) in GROWTH.into_iter().zip(sides) {
            let to = config.width * times;
            count += layer(from, to, 3) + 3 * layer(to, to, 3);
            if out_side != side || from != to {
                count += layer(from, to, 1);
            }
            (from, side) = (to, out_side);
        }
        count + (from + 1) * config.classes
    }

    fn judge(&self, images: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let features = self.features(images);
        (Self::pool(features.clone()), self.head(features))
    }

    fn shape(&self) -> ImageShape {
        self.shape
    }

    fn classes(&self) -> usize {
        self.classes()
    }

    fn device(&self) -> Device {
        self.fc.weight.device()
    }
}

/// The mean of each feature map, `[n, features, h, w] -> [n, features]`.
pub(crate) fn pool(features: Tensor<4>) -> Tensor<2> {
    let flat: Tensor<3> = features.flatten(2, 3); // [n, features, h * w]
    flat.mean_dim(2).squeeze_dim::<2>(2)
}

/// Each channel of images `[n, channels, side, side]` less its mean, divided by its standard deviation. There is one value a
/// channel, or one for all.
pub(crate) fn normalised(images: Tensor<4>, mean: &[f32], std: &[f32]) -> Tensor<4> {
    if let ([mean], [std]) = (mean, std) {
        return (images - *mean) / *std;
    }
    let device = images.device();
    // [1, channels, 1, 1], or one value for all channels
    let row =
        |values: &[f32]| Tensor::<1>::from_floats(values, &device).reshape([1, values.len(), 1, 1]);
    (images - row(mean)) / row(std)
}

/// Blocks up to the end of a stage.
fn after(layer: Layer) -> usize {
    STAGE_BLOCKS * (layer.0 + 1)
}
