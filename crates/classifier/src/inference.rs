//! The classifier as it runs on a CPU.

use burn::nn::BatchNorm;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor, TensorData};
use datasets::{ImageShape, pad_values};
use kernels::{Dense, Epilogue, Geometry, Layer, Maps};
use rayon::prelude::*;

use crate::ResNet18;
use crate::block::Block;
use crate::folding::{Folded, fold, values};

/// A [`ResNet18`] for inference on a CPU: every batch normalisation is folded into the convolution before it, the weights
/// are packed once, and nothing is kept for gradients. Gives the network's own results within rounding.
#[derive(Debug, Clone)]
pub struct InferenceResNet18 {
    stem: Layer,
    stages: Vec<[FoldedBlock; 2]>,
    fc: Dense,
    pixel_mean: Vec<f32>,
    pixel_std: Vec<f32>,
    shape: ImageShape,
}

#[derive(Debug, Clone)]
struct FoldedBlock {
    conv1: Layer,
    conv2: Layer,
    shortcut: Option<Layer>,
}

/// The maps of one pass through the network. Made once and used for image after image.
#[derive(Debug, Clone)]
pub struct Activations {
    input: Maps,
    stem: Maps,
    stages: Vec<StageMaps>,
}

#[derive(Debug, Clone)]
struct StageMaps {
    /// Between the two convolutions of a block.
    inner: Maps,
    /// The projected shortcut of the first block.
    shortcut: Maps,
    /// After the first block.
    first: Maps,
    /// After the second block.
    output: Maps,
}

impl Activations {
    /// The feature maps of a stage, `[features, side, side]`.
    ///
    /// # Panics
    /// If there is no such layer.
    #[must_use]
    pub fn features(&self, layer: datasets::Layer) -> Vec<f32> {
        let maps = &self.stages[layer.index()].output;
        let mut planes = vec![0.0; maps.channels() * maps.side() * maps.side()];
        maps.store(&mut planes);
        planes
    }

    /// The features that the head sees: the mean of each map of the last stage.
    #[must_use]
    pub fn pooled(&self) -> Vec<f32> {
        let last = self.stages.last();
        last.map_or_else(Vec::new, |stage| stage.output.means())
    }

    /// The feature maps of a stage as a tensor `[1, features, side, side]`.
    ///
    /// # Panics
    /// If there is no such layer.
    #[must_use]
    pub fn feature_tensor(&self, layer: datasets::Layer, device: &Device) -> Tensor<4> {
        let maps = &self.stages[layer.index()].output;
        let shape = [1, maps.channels(), maps.side(), maps.side()];
        Tensor::from_data(TensorData::new(self.features(layer), shape), device)
    }
}

impl InferenceResNet18 {
    /// Folds and packs a network's weights.
    #[must_use]
    pub fn new(network: &ResNet18) -> Self {
        let mut side = network.shape.square_side();
        let stem = folded(&network.stem, network.stem_norm.as_ref(), &mut side);
        let mut blocks = network
            .blocks
            .iter()
            .map(|block| FoldedBlock::new(block, &mut side));
        let mut stages = Vec::new();
        while let (Some(first), Some(second)) = (blocks.next(), blocks.next()) {
            stages.push([first, second]);
        }
        Self {
            stem,
            stages,
            fc: Dense::new(
                values(network.fc.weight.val()),
                network
                    .fc
                    .bias
                    .as_ref()
                    .map_or_else(|| vec![0.0; network.classes()], |bias| values(bias.val())),
            ),
            pixel_mean: network.pixel_mean.clone(),
            pixel_std: network.pixel_std.clone(),
            shape: network.shape,
        }
    }

    /// Maps for one pass, which are used again in the next.
    #[must_use]
    pub fn activations(&self) -> Activations {
        let maps = |[first, _]: &[FoldedBlock; 2]| StageMaps {
            inner: first.conv1.output(),
            shortcut: first.conv2.output(),
            first: first.conv2.output(),
            output: first.conv2.output(),
        };
        Activations {
            input: self.stem.input(),
            stem: self.stem.output(),
            stages: self.stages.iter().map(maps).collect(),
        }
    }

    /// The logits of an image, `[channels, height, width]` in `[0, 1]`; its feature maps stay in `scratch`.
    ///
    /// # Panics
    /// If the image has another size, or `scratch` was made by another network.
    #[must_use]
    pub fn run(&self, image: &[f32], scratch: &mut Activations) -> Vec<f32> {
        scratch.input.load(&self.normalised(image));
        self.stem
            .run(&scratch.input, &mut scratch.stem, Epilogue::Relu);
        let mut input = &scratch.stem;
        for ([first, second], maps) in self.stages.iter().zip(&mut scratch.stages) {
            first.run(input, &mut maps.inner, &mut maps.shortcut, &mut maps.first);
            second.run(
                &maps.first,
                &mut maps.inner,
                &mut maps.shortcut,
                &mut maps.output,
            );
            input = &maps.output;
        }
        self.fc.run(&input.means())
    }

    /// The logits of many images, `[n, channels, height, width]`, on all cores: one row an image.
    ///
    /// # Panics
    /// If the values do not make whole images.
    #[must_use]
    pub fn run_all(&self, images: &[f32]) -> Vec<Vec<f32>> {
        let values = self.shape.values();
        assert!(images.len().is_multiple_of(values), "values of the images");
        images
            .par_chunks(values)
            .map_init(
                || self.activations(),
                |scratch, image| self.run(image, scratch),
            )
            .collect()
    }

    /// The pooled features of many images, `[n, channels, height, width]`, on all cores: one row an image, see
    /// [`Activations::pooled`].
    ///
    /// # Panics
    /// If the values do not make whole images.
    #[must_use]
    pub fn pooled_all(&self, images: &[f32]) -> Vec<Vec<f32>> {
        let values = self.shape.values();
        assert!(images.len().is_multiple_of(values), "values of the images");
        images
            .par_chunks(values)
            .map_init(
                || self.activations(),
                |scratch, image| {
                    // What the head makes of them is not asked.
                    let _ = self.run(image, scratch);
                    scratch.pooled()
                },
            )
            .collect()
    }

    /// The square around an image, each channel less its mean and divided by its standard deviation:
    /// `[channels, side, side]`.
    fn normalised(&self, image: &[f32]) -> Vec<f32> {
        assert_eq!(image.len(), self.shape.values(), "values of the image");
        let mut square = pad_values(image, self.shape).into_owned();
        let side = self.shape.square_side();
        // Each of the two has one value for all channels, or one each.
        let statistics = self.pixel_mean.iter().cycle();
        let statistics = statistics.zip(self.pixel_std.iter().cycle());
        let planes = square.chunks_exact_mut(side * side);
        for (plane, (mean, std)) in planes.zip(statistics) {
            for value in plane {
                *value = (*value - mean) / std;
            }
        }
        square
    }
}

impl FoldedBlock {
    fn new(block: &Block, side: &mut usize) -> Self {
        let mut shortcut_side = *side;
        let conv1 = folded(&block.conv1, block.norm1.as_ref(), side);
        Self {
            conv1,
            conv2: folded(&block.conv2, block.norm2.as_ref(), side),
            shortcut: block.shortcut.as_ref().map(|projection| {
                folded(
                    &projection.conv,
                    projection.norm.as_ref(),
                    &mut shortcut_side,
                )
            }),
        }
    }

    fn run(&self, input: &Maps, inner: &mut Maps, shortcut: &mut Maps, output: &mut Maps) {
        self.conv1.run(input, inner, Epilogue::Relu);
        let residual = match &self.shortcut {
            Some(projection) => {
                projection.run(input, shortcut, Epilogue::Plain);
                &*shortcut
            }
            None => input,
        };
        self.conv2.run(inner, output, Epilogue::AddRelu(residual));
    }
}

/// A convolution and the normalisation after it as one layer. `side` goes from that of the input to that of the output.
fn folded(conv: &Conv2d, norm: Option<&BatchNorm>, side: &mut usize) -> Layer {
    let [_, from, kernel, _] = conv.weight.dims();
    let Folded { weights, bias } = fold(conv, norm);
    let geometry = Geometry::convolution(*side, kernel, conv.stride[0], kernel / 2);
    *side = geometry.out_side;
    Layer::new(geometry, from, &weights, &bias)
}
