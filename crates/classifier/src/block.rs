//! A residual block, and the two operations that it and the stem are made of: on the CPU by our own kernels.

use burn::module::{Initializer, Module, Param};
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// A basic residual block: two 3x3 convolutions with batch normalisation around a shortcut (He et al. 2015, figure 2).
#[derive(Module, Debug)]
pub struct Block {
    /// `[from, h, w] -> [to, h / stride, w / stride]`
    pub conv1: Conv2d,
    /// After `conv1`; `None` in a [folded](crate::ResNet18::folded) network.
    pub norm1: Option<BatchNorm>,
    /// `[to, ..] -> [to, ..]`
    pub conv2: Conv2d,
    /// After `conv2`; `None` in a [folded](crate::ResNet18::folded) network.
    pub norm2: Option<BatchNorm>,
    /// 1x1 projection of the shortcut, where the shape changes.
    pub shortcut: Option<Projection>,
}

/// A 1x1 convolution with batch normalisation that brings a shortcut to its block's output shape.
#[derive(Module, Debug)]
pub struct Projection {
    /// 1x1, with the stride of the block.
    pub conv: Conv2d,
    /// After `conv`; `None` in a [folded](crate::ResNet18::folded) network.
    pub norm: Option<BatchNorm>,
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
        let norm = || Some(BatchNormConfig::new(to).init(device));
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
        let y = normalise(self.norm1.as_ref(), convolve(&self.conv1, x.clone()), true);
        let y = normalise(self.norm2.as_ref(), convolve(&self.conv2, y), false);
        let shortcut = match &self.shortcut {
            Some(projection) => normalise(
                projection.norm.as_ref(),
                convolve(&projection.conv, x),
                false,
            ),
            None => x,
        };
        relu(y + shortcut)
    }
}

/// `conv.forward(x)`, on the CPU by our own kernels.
pub fn convolve(conv: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let PaddingConfig2d::Explicit(padding, ..) = conv.padding else {
        return conv.forward(x);
    };
    let bias = conv.bias.as_ref().map(Param::val);
    kernels::conv2d(x, conv.weight.val(), bias, conv.stride[0], padding)
}

/// `norm.forward(x)`, and negative results as 0 if `with_relu`; in training by our own kernels. Without a normalisation
/// `x` itself.
pub fn normalise(norm: Option<&BatchNorm>, x: Tensor<4>, with_relu: bool) -> Tensor<4> {
    let Some(norm) = norm else {
        return if with_relu { relu(x) } else { x };
    };
    if !x.device().is_autodiff() || !norm.training.is_enabled() {
        let y = norm.forward(x);
        return if with_relu { relu(y) } else { y };
    }
    let (y, mean, variance) = kernels::batch_norm_relu(
        x,
        norm.gamma.val(),
        norm.beta.val(),
        norm.epsilon,
        with_relu,
    );
    // A moving average of the statistics, as `BatchNorm::forward` keeps it.
    for (kept, new) in [(&norm.running_mean, mean), (&norm.running_var, variance)] {
        let old = kept.value_sync() * (1.0 - norm.momentum);
        kept.update((old + new.detach() * norm.momentum).detach());
    }
    y
}
