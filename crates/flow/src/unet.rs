//! The sizes of the maps, one inside the other (Ronneberger et al. 2015, "U-Net: Convolutional Networks for Biomedical Image
//! Segmentation").

use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use crate::layers::{conv3, convolve, convolve_enlarged, halve};
use crate::{Attention, Block};

/// What happens at one size of the maps, but for the smallest: two blocks on the way down, two on the way back, and between
/// them everything at the smaller sizes.
#[derive(Module, Debug)]
pub struct Level {
    /// The first block on the way down.
    pub down1: Block,
    /// The second; the way back sees its output, too.
    pub down2: Block,
    /// 3x3 with stride 2, to the next smaller size.
    pub halve: Conv2d,
    /// 3x3, of the smaller maps enlarged to twice their side, each pixel repeated.
    pub double: Conv2d,
    /// The first block on the way back: reads the enlarged maps and `down2`'s.
    pub up1: Block,
    /// The second.
    pub up2: Block,
}

/// What happens at the smallest size of the maps.
#[derive(Module, Debug)]
pub struct Middle {
    /// In front of the attention.
    pub block1: Block,
    /// If the network has one.
    pub attention: Option<Attention>,
    /// Behind the attention.
    pub block2: Block,
}

impl Level {
    pub(crate) fn new([here, below]: [usize; 2], embedding: usize, device: &Device) -> Self {
        let block = |from| Block::new([from, here], embedding, device);
        Self {
            down1: block(here),
            down2: block(here),
            halve: halve([here, below], device),
            double: conv3([below, here], device),
            up1: block(2 * here),
            up2: block(here),
        }
    }
}

impl Middle {
    pub(crate) fn new(channels: usize, attention: bool, embedding: usize, device: &Device) -> Self {
        let block = || Block::new([channels, channels], embedding, device);
        Self {
            block1: block(),
            attention: attention.then(|| Attention::new(channels, device)),
            block2: block(),
        }
    }

    fn forward(&self, x: Tensor<4>, embedding: &Tensor<2>) -> Tensor<4> {
        let x = self.block1.forward(x, embedding);
        let x = match &self.attention {
            Some(attention) => attention.forward(x),
            None => x,
        };
        self.block2.forward(x, embedding)
    }
}

/// Through some levels and the middle and back, `[batch, channels, side, side]` in and out.
pub fn forward(
    levels: &[Level],
    middle: &Middle,
    x: Tensor<4>,
    embedding: &Tensor<2>,
) -> Tensor<4> {
    let Some((level, smaller)) = levels.split_first() else {
        return middle.forward(x, embedding);
    };
    let here = level.down1.forward(x, embedding);
    let here = level.down2.forward(here, embedding);
    let below = convolve(&level.halve, here.clone());
    let below = forward(smaller, middle, below, embedding);
    let back = convolve_enlarged(&level.double, below);
    let back = level
        .up1
        .forward(Tensor::cat(vec![back, here], 1), embedding);
    level.up2.forward(back, embedding)
}
