//! What happens to the maps of one size.

use burn::nn::conv::Conv2d;
use kernels::{Epilogue, Layer, Maps};

use super::convolution;
use crate::ResidualBlock;

/// Perhaps a convolution that leads to a size, then residual blocks, and perhaps a `ReLU`.
#[derive(Debug, Clone)]
pub struct Level {
    enter: Option<Layer>,
    blocks: Vec<[Layer; 2]>,
    /// Whether a `ReLU` ends it.
    relu: bool,
    /// Maps of its size.
    pub maps: Maps,
}

impl Level {
    pub fn new(enter: Option<Layer>, blocks: &[ResidualBlock], maps: Maps, relu: bool) -> Self {
        let layer = |conv: &Conv2d| convolution(conv, maps.side());
        let blocks = blocks.iter();
        Self {
            enter,
            blocks: blocks
                .map(|block| [&block.conv1, &block.conv2].map(layer))
                .collect(),
            relu,
            maps,
        }
    }

    /// Leaves the result in the first of the three maps.
    pub fn run(&self, input: &Maps, [x, positive, inner]: &mut [Maps; 3]) {
        match &self.enter {
            Some(layer) => layer.run(input, x, Epilogue::Plain),
            None => x.clone_from(input),
        }
        for [conv1, conv2] in &self.blocks {
            positive.load_relu(x);
            conv1.run(positive, inner, Epilogue::Relu);
            conv2.run(inner, positive, Epilogue::Add(x));
            std::mem::swap(x, positive);
        }
        if self.relu {
            positive.load_relu(x);
            std::mem::swap(x, positive);
        }
    }
}
