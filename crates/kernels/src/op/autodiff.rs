//! The gradients.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{Autodiff, NodeId};
use burn::backend::tensor::FloatTensor;

use super::{Kernels, Steps, plain};

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
                grads: &mut Gradients,
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
                grads: &mut Gradients,
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
