use burn::module::{Initializer, Module};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// A basic residual block: two 3x3 convolutions with batch normalisation around a shortcut (He et al. 2015, figure 2).
#[derive(Module, Debug)]
pub struct Block {
    /// `[from, h, w] -> [to, h / stride, w / stride]`
    pub conv1: Conv2d,
    /// After `conv1`.
    pub norm1: BatchNorm,
    /// `[to, ..] -> [to, ..]`
    pub conv2: Conv2d,
    /// After `conv2`.
    pub norm2: BatchNorm,
    /// 1x1 projection of the shortcut, where the shape changes.
    pub shortcut: Option<Projection>,
}

/// A 1x1 convolution with batch normalisation that brings a shortcut to its block's output shape.
#[derive(Module, Debug)]
pub struct Projection {
    /// 1x1, with the stride of the block.
    pub conv: Conv2d,
    /// After `conv`.
    pub norm: BatchNorm,
}

/// A convolution without bias (the normalisation after it has one), started as He et al. 2015 ("Delving Deep into
/// Rectifiers") derive for `ReLU` networks.
pub fn conv(from: usize, to: usize, kernel: usize, stride: usize, device: &Device) -> Conv2d {
    let pad = kernel / 2;
    Conv2dConfig::new([from, to], [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
        .with_bias(false)
        .with_initializer(Initializer::KaimingNormal {
            gain: std::f64::consts::SQRT_2,
            fan_out_only: true,
        })
        .init(device)
}

impl Block {
    pub(crate) fn new(from: usize, to: usize, stride: usize, device: &Device) -> Self {
        let norm = || BatchNormConfig::new(to).init(device);
        Self {
            conv1: conv(from, to, 3, stride, device),
            norm1: norm(),
            conv2: conv(to, to, 3, 1, device),
            norm2: norm(),
            shortcut: (stride != 1 || from != to).then(|| Projection {
                conv: conv(from, to, 1, stride, device),
                norm: norm(),
            }),
        }
    }

    /// # Shapes
    /// - `x`: `[n, from, h, w]`
    /// - output: `[n, to, h / stride, w / stride]`, rounded up
    #[must_use]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = relu(self.norm1.forward(self.conv1.forward(x.clone())));
        let y = self.norm2.forward(self.conv2.forward(y));
        let shortcut = match &self.shortcut {
            Some(projection) => projection.norm.forward(projection.conv.forward(x)),
            None => x,
        };
        relu(y + shortcut)
    }
}
