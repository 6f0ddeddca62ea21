//! The kernels as Burn operations with gradients.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients as Grads;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{Autodiff, NodeId};
use burn::backend::flex::FlexTensor;
use burn::backend::ops::{ConvOptions, ConvTransposeOptions};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Cube, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{DType, Tensor, TensorData};

use crate::norm::{self, Batch, Norm};
use crate::{Geometry, convolve, gradients};

/// The numbers of a convolution with square kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    stride: usize,
    padding: usize,
    transposed: bool,
}

/// A convolution.
///
/// # Shapes
/// - `x`: `[n, in_channels, side, side]`
/// - `weight`: `[out_channels, in_channels, kernel, kernel]`
/// - `bias`: `[out_channels]`
/// - output: `[n, out_channels, out_side, out_side]`
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn conv2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    padding: usize,
) -> Tensor<4> {
    let [channels, ..] = weight.dims();
    let steps = Steps {
        stride,
        padding,
        transposed: false,
    };
    run(x, weight, bias, channels, steps)
}

/// A transposed convolution.
///
/// # Shapes
/// - `x`: `[n, in_channels, side, side]`
/// - `weight`: `[in_channels, out_channels, kernel, kernel]`
/// - `bias`: `[out_channels]`
/// - output: `[n, out_channels, out_side, out_side]`
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn conv_transpose2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    padding: usize,
) -> Tensor<4> {
    let [_, channels, ..] = weight.dims();
    let steps = Steps {
        stride,
        padding,
        transposed: true,
    };
    run(x, weight, bias, channels, steps)
}

fn run(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    channels: usize,
    steps: Steps,
) -> Tensor<4> {
    let bias = bias.unwrap_or_else(|| Tensor::zeros([channels], &x.device()));
    Tensor::from_dispatch(Dispatch::convolve2d(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        steps,
    ))
}

/// Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015), and negative results as 0 if `relu`.
/// Gives the output, and the mean and the biased variance of each channel.
///
/// # Shapes
/// - `x`: `[n, channels, side, side]`; `gamma` and `beta`: `[channels]`
/// - output: as `x`; mean and variance: `[channels]`, without gradients
///
/// # Panics
/// If the shapes do not fit together.
#[must_use]
pub fn batch_norm_relu(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    relu: bool,
) -> (Tensor<4>, Tensor<1>, Tensor<1>) {
    let (output, mean, variance) = Dispatch::norm_relu(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        epsilon,
        relu,
    );
    (
        Tensor::from_dispatch(output),
        Tensor::from_dispatch(mean),
        Tensor::from_dispatch(variance),
    )
}

/// The operations, as a backend has to offer them. What stands here is made of Burn's own.
#[backend_extension(Flex, Cube, Autodiff)]
pub trait Kernels: Backend {
    /// A convolution or transposed convolution.
    fn convolve2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        steps: Steps,
    ) -> FloatTensor<Self> {
        plain::convolve2d::<Self>(x, weight, bias, steps)
    }

    /// The gradients with respect to input (only if `wants_x`, else anything) and weights.
    fn convolve2d_backward(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        steps: Steps,
        wants_x: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        plain::convolve2d_backward::<Self>(x, weight, gradient, steps, wants_x)
    }

    /// Output, mean and variance of a normalisation.
    fn norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        plain::norm_relu::<Self>(x, gamma, beta, epsilon, relu)
    }

    /// The gradients with respect to input, `gamma` and `beta`, from the gradient of the output.
    #[allow(clippy::too_many_arguments)]
    fn norm_relu_backward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        epsilon: f64,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        plain::norm_relu_backward::<Self>(x, gamma, beta, mean, variance, gradient, epsilon, relu)
    }
}

impl Kernels for Cube {}

impl Kernels for Flex {
    fn convolve2d(x: FlexTensor, weight: FlexTensor, bias: FlexTensor, steps: Steps) -> FlexTensor {
        let Some((geometry, [n, from, to])) = supported(&x, &weight, steps) else {
            return plain::convolve2d::<Self>(x, weight, bias, steps);
        };
        let (x, weight, bias) = (
            x.to_contiguous(),
            weight.to_contiguous(),
            bias.to_contiguous(),
        );
        let output = convolve(geometry, from, values(&x), values(&weight), values(&bias));
        tensor(output, &[n, to, geometry.out_side, geometry.out_side])
    }

    fn convolve2d_backward(
        x: FlexTensor,
        weight: FlexTensor,
        gradient: FlexTensor,
        steps: Steps,
        wants_x: bool,
    ) -> (FlexTensor, FlexTensor) {
        let Some((geometry, [_, from, to])) = supported(&x, &weight, steps) else {
            return plain::convolve2d_backward::<Self>(x, weight, gradient, steps, wants_x);
        };
        let (x, weight, gradient) = (
            x.to_contiguous(),
            weight.to_contiguous(),
            gradient.to_contiguous(),
        );
        let found = gradients(
            geometry,
            [from, to],
            values(&x),
            values(&weight),
            values(&gradient),
            wants_x,
        );
        let weight_gradient = tensor(found.weights, &weight.shape());
        let shape = x.shape();
        let x_gradient = found.input.map_or(x, |values| tensor(values, &shape));
        (x_gradient, weight_gradient)
    }

    fn norm_relu(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        epsilon: f64,
        relu: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        if x.dtype() != DType::F32 {
            return plain::norm_relu::<Self>(x, gamma, beta, epsilon, relu);
        }
        let (x, gamma, beta) = (
            x.to_contiguous(),
            gamma.to_contiguous(),
            beta.to_contiguous(),
        );
        let batch = batch_of(&x);
        let (mean, variance) = norm::statistics(batch, values(&x));
        let norm = Norm {
            gamma: values(&gamma),
            beta: values(&beta),
            epsilon: epsilon as f32,
            relu,
        };
        let output = norm::forward(batch, &norm, &mean, &variance, values(&x));
        let channels = [batch.channels];
        (
            tensor(output, &x.shape()),
            tensor(mean, &channels),
            tensor(variance, &channels),
        )
    }

    fn norm_relu_backward(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        mean: FlexTensor,
        variance: FlexTensor,
        gradient: FlexTensor,
        epsilon: f64,
        relu: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        if x.dtype() != DType::F32 {
            return plain::norm_relu_backward::<Self>(
                x, gamma, beta, mean, variance, gradient, epsilon, relu,
            );
        }
        let (x, gradient) = (x.to_contiguous(), gradient.to_contiguous());
        let batch = batch_of(&x);
        let norm = Norm {
            gamma: values(&gamma),
            beta: values(&beta),
            epsilon: epsilon as f32,
            relu,
        };
        let (d_x, d_gamma, d_beta) = norm::backward(
            batch,
            &norm,
            values(&mean),
            values(&variance),
            values(&x),
            values(&gradient),
        );
        let channels = [batch.channels];
        (
            tensor(d_x, &x.shape()),
            tensor(d_gamma, &channels),
            tensor(d_beta, &channels),
        )
    }
}

/// Geometry, and images, input and output channels, if the kernels can do it.
fn supported(x: &FlexTensor, weight: &FlexTensor, steps: Steps) -> Option<(Geometry, [usize; 3])> {
    let (x_shape, w_shape) = (x.shape(), weight.shape());
    let (kernel, side) = (w_shape[2], x_shape[2]);
    let square = w_shape[3] == kernel && x_shape[3] == side;
    if !square || x.dtype() != DType::F32 || weight.dtype() != DType::F32 {
        return None;
    }
    let make = if steps.transposed {
        Geometry::transposed
    } else {
        Geometry::convolution
    };
    let geometry = make(side, kernel, steps.stride, steps.padding);
    let to = if steps.transposed {
        w_shape[1]
    } else {
        w_shape[0]
    };
    geometry
        .is_supported()
        .then_some((geometry, [x_shape[0], x_shape[1], to]))
}

fn batch_of(x: &FlexTensor) -> Batch {
    let shape = x.shape();
    Batch {
        channels: shape[1],
        pixels: shape[2] * shape[3],
    }
}

fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.storage::<f32>()
}

fn tensor(values: Vec<f32>, shape: &[usize]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape.to_vec()))
}

impl<B: Kernels, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn convolve2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        steps: Steps,
    ) -> FloatTensor<Self> {
        #[derive(Debug)]
        struct Convolution;

        impl<B: Kernels> Backward<B, 3> for Convolution {
            type State = (NodeId, NodeId, Steps);

            fn backward(
                self,
                ops: Ops<Self::State, 3>,
                grads: &mut Grads,
                checkpointer: &mut Checkpointer,
            ) {
                let [node_x, node_weight, node_bias] = ops.parents;
                let gradient = grads.consume::<B>(&ops.node);
                let (x, weight, steps) = ops.state;
                let x = checkpointer.retrieve_node_output(x);
                let weight = checkpointer.retrieve_node_output(weight);
                if let Some(node) = node_bias {
                    let sums = plain::sum_of_channels::<B>(gradient.clone());
                    grads.register::<B>(node.id, sums);
                }
                let (d_x, d_weight) =
                    B::convolve2d_backward(x, weight, gradient, steps, node_x.is_some());
                if let Some(node) = node_x {
                    grads.register::<B>(node.id, d_x);
                }
                if let Some(node) = node_weight {
                    grads.register::<B>(node.id, d_weight);
                }
            }
        }

        let nodes = [x.node(), weight.node(), bias.node()];
        match Convolution.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&x), prep.checkpoint(&weight), steps);
                let output = B::convolve2d(
                    x.into_primitive(),
                    weight.into_primitive(),
                    bias.into_primitive(),
                    steps,
                );
                prep.finish(state, output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::convolve2d(
                x.into_primitive(),
                weight.into_primitive(),
                bias.into_primitive(),
                steps,
            )),
        }
    }

    fn norm_relu(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f64,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        #[derive(Debug)]
        struct Normalisation;

        impl<B: Kernels> Backward<B, 3> for Normalisation {
            type State = ([NodeId; 3], FloatTensor<B>, FloatTensor<B>, f64, bool);

            fn backward(
                self,
                ops: Ops<Self::State, 3>,
                grads: &mut Grads,
                checkpointer: &mut Checkpointer,
            ) {
                let [node_x, node_gamma, node_beta] = ops.parents;
                let gradient = grads.consume::<B>(&ops.node);
                let (inputs, mean, variance, epsilon, relu) = ops.state;
                let [x, gamma, beta] = inputs.map(|id| checkpointer.retrieve_node_output(id));
                let (d_x, d_gamma, d_beta) =
                    B::norm_relu_backward(x, gamma, beta, mean, variance, gradient, epsilon, relu);
                let found = [(node_x, d_x), (node_gamma, d_gamma), (node_beta, d_beta)];
                for (node, gradient) in found {
                    if let Some(node) = node {
                        grads.register::<B>(node.id, gradient);
                    }
                }
            }
        }

        let nodes = [x.node(), gamma.node(), beta.node()];
        let (output, mean, variance) =
            match Normalisation.prepare::<C>(nodes).compute_bound().stateful() {
                OpsKind::Tracked(mut prep) => {
                    let inputs = [
                        prep.checkpoint(&x),
                        prep.checkpoint(&gamma),
                        prep.checkpoint(&beta),
                    ];
                    let (output, mean, variance) = B::norm_relu(
                        x.into_primitive(),
                        gamma.into_primitive(),
                        beta.into_primitive(),
                        epsilon,
                        relu,
                    );
                    let state = (inputs, mean.clone(), variance.clone(), epsilon, relu);
                    (prep.finish(state, output), mean, variance)
                }
                OpsKind::UnTracked(prep) => {
                    let (output, mean, variance) = B::norm_relu(
                        x.into_primitive(),
                        gamma.into_primitive(),
                        beta.into_primitive(),
                        epsilon,
                        relu,
                    );
                    (prep.finish(output), mean, variance)
                }
            };
        (
            output,
            FloatTensor::<Self>::new(mean),
            FloatTensor::<Self>::new(variance),
        )
    }
}

/// The same, made of Burn's own operations: for other backends, and for what the kernels do not support.
mod plain {
    use super::*;

    fn convolution(steps: Steps) -> ConvOptions<2> {
        ConvOptions::new([steps.stride; 2], [steps.padding; 2], [1; 2], 1)
    }

    fn transposed(steps: Steps) -> ConvTransposeOptions<2> {
        ConvTransposeOptions::new([steps.stride; 2], [steps.padding; 2], [0; 2], [1; 2], 1)
    }

    pub fn convolve2d<B: Backend>(
        x: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        steps: Steps,
    ) -> FloatTensor<B> {
        if steps.transposed {
            B::conv_transpose2d(x, weight, Some(bias), transposed(steps))
        } else {
            B::conv2d(x, weight, Some(bias), convolution(steps))
        }
    }

    pub fn convolve2d_backward<B: Backend>(
        x: FloatTensor<B>,
        weight: FloatTensor<B>,
        gradient: FloatTensor<B>,
        steps: Steps,
        wants_x: bool,
    ) -> (FloatTensor<B>, FloatTensor<B>) {
        let d_x = if !wants_x {
            x.clone()
        } else if steps.transposed {
            B::conv_transpose2d_x_backward(weight.clone(), gradient.clone(), transposed(steps))
        } else {
            B::conv2d_x_backward(
                x.clone(),
                weight.clone(),
                gradient.clone(),
                convolution(steps),
            )
        };
        let d_weight = if steps.transposed {
            B::conv_transpose2d_weight_backward(x, weight, gradient, transposed(steps))
        } else {
            B::conv2d_weight_backward(x, weight, gradient, convolution(steps))
        };
        (d_x, d_weight)
    }

    /// `[n, channels, h, w] -> [channels]`
    pub fn sum_of_channels<B: Backend>(gradient: FloatTensor<B>) -> FloatTensor<B> {
        let shape = gradient.shape();
        let (n, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3]);
        let flat = B::float_reshape(gradient, [n * channels, pixels].into());
        let by_image = B::float_reshape(B::float_sum_dim(flat, 1), [n, channels].into());
        B::float_reshape(B::float_sum_dim(by_image, 0), [channels].into())
    }

    pub fn norm_relu<B: Backend>(
        x: FloatTensor<B>,
        gamma: FloatTensor<B>,
        beta: FloatTensor<B>,
        epsilon: f64,
        relu: bool,
    ) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
        let found = B::batch_norm_train(x, gamma, beta, epsilon);
        let output = if relu {
            B::relu(found.output)
        } else {
            found.output
        };
        (output, found.mean, found.variance)
    }

    #[allow(clippy::too_many_arguments)]
    pub fn norm_relu_backward<B: Backend>(
        x: FloatTensor<B>,
        gamma: FloatTensor<B>,
        beta: FloatTensor<B>,
        mean: FloatTensor<B>,
        variance: FloatTensor<B>,
        gradient: FloatTensor<B>,
        epsilon: f64,
        relu: bool,
    ) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
        let gradient = if relu {
            let output = B::batch_norm(
                x.clone(),
                gamma.clone(),
                beta,
                mean.clone(),
                variance.clone(),
                epsilon,
            );
            B::relu_backward(B::relu(output), gradient)
        } else {
            gradient
        };
        let found = B::batch_norm_train_backward(x, gamma, mean, variance, epsilon, gradient);
        (found.x_grad, found.gamma_grad, found.beta_grad)
    }
}
