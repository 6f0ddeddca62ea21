//! The gradients.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{Autodiff, NodeId};
use burn::backend::tensor::FloatTensor;

use super::{Kernels, Steps};
use crate::GroupNorm;

/// Hands over the gradients of those inputs that want one.
fn register<B: Kernels>(
    grads: &mut Gradients,
    found: impl IntoIterator<Item = (Option<NodeId>, FloatTensor<B>)>,
) {
    for (node, gradient) in found {
        if let Some(node) = node {
            grads.register::<B>(node, gradient);
        }
    }
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
                grads: &mut Gradients,
                checkpointer: &mut Checkpointer,
            ) {
                let wanted = ops.parents.map(|node| node.map(|node| node.id));
                let gradient = grads.consume::<B>(&ops.node);
                let (x, weight, steps) = ops.state;
                let x = checkpointer.retrieve_node_output(x);
                let weight = checkpointer.retrieve_node_output(weight);
                let (d_x, d_weight, d_bias) =
                    B::convolve2d_backward(x, weight, gradient, steps, wanted[0].is_some());
                register::<B>(
                    grads,
                    [(wanted[0], d_x), (wanted[1], d_weight), (wanted[2], d_bias)],
                );
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

    fn residual(
        x: FloatTensor<Self>,
        weight1: FloatTensor<Self>,
        bias1: FloatTensor<Self>,
        weight2: FloatTensor<Self>,
        bias2: FloatTensor<Self>,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        #[derive(Debug)]
        struct Residual;

        impl<B: Kernels> Backward<B, 5> for Residual {
            type State = ([NodeId; 3], FloatTensor<B>, FloatTensor<B>, bool);

            fn backward(
                self,
                ops: Ops<Self::State, 5>,
                grads: &mut Gradients,
                checkpointer: &mut Checkpointer,
            ) {
                let gradient = grads.consume::<B>(&ops.node);
                let (inputs, hidden, output, relu) = ops.state;
                let [x, weight1, weight2] = inputs.map(|id| checkpointer.retrieve_node_output(id));
                let (d_x, d_weight1, d_bias1, d_weight2, d_bias2) =
                    B::residual_backward(x, weight1, weight2, hidden, output, gradient, relu);
                let wanted = ops.parents.map(|node| node.map(|node| node.id));
                let found = [d_x, d_weight1, d_bias1, d_weight2, d_bias2];
                register::<B>(grads, wanted.into_iter().zip(found));
            }
        }

        let nodes = [
            x.node(),
            weight1.node(),
            bias1.node(),
            weight2.node(),
            bias2.node(),
        ];
        let (output, hidden) = B::residual(
            x.clone().into_primitive(),
            weight1.clone().into_primitive(),
            bias1.into_primitive(),
            weight2.clone().into_primitive(),
            bias2.into_primitive(),
            relu,
        );
        let kept = FloatTensor::<Self>::new(hidden.clone());
        match Residual.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let inputs = [&x, &weight1, &weight2].map(|tensor| prep.checkpoint(tensor));
                let state = (inputs, hidden, output.clone(), relu);
                (prep.finish(state, output), kept)
            }
            OpsKind::UnTracked(prep) => (prep.finish(output), kept),
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
                let wanted = ops.parents.map(|node| node.map(|node| node.id));
                let gradient = grads.consume::<B>(&ops.node);
                let (inputs, mean, variance, epsilon, relu) = ops.state;
                let [x, gamma, beta] = inputs.map(|id| checkpointer.retrieve_node_output(id));
                let (d_x, d_gamma, d_beta) =
                    B::norm_relu_backward(x, gamma, beta, mean, variance, gradient, epsilon, relu);
                register::<B>(
                    grads,
                    [(wanted[0], d_x), (wanted[1], d_gamma), (wanted[2], d_beta)],
                );
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

    fn group_normalise(
        x: FloatTensor<Self>,
        scales: FloatTensor<Self>,
        shifts: FloatTensor<Self>,
        norm: GroupNorm,
    ) -> FloatTensor<Self> {
        #[derive(Debug)]
        struct Normalisation;

        impl<B: Kernels> Backward<B, 3> for Normalisation {
            type State = ([NodeId; 3], GroupNorm);

            fn backward(
                self,
                ops: Ops<Self::State, 3>,
                grads: &mut Gradients,
                checkpointer: &mut Checkpointer,
            ) {
                let wanted = ops.parents.map(|node| node.map(|node| node.id));
                let gradient = grads.consume::<B>(&ops.node);
                let (inputs, norm) = ops.state;
                let [x, scales, shifts] = inputs.map(|id| checkpointer.retrieve_node_output(id));
                let (d_x, d_scales, d_shifts) =
                    B::group_normalise_backward(x, scales, shifts, gradient, norm);
                register::<B>(grads, wanted.into_iter().zip([d_x, d_scales, d_shifts]));
            }
        }

        let nodes = [x.node(), scales.node(), shifts.node()];
        let output = B::group_normalise(
            x.clone().into_primitive(),
            scales.clone().into_primitive(),
            shifts.clone().into_primitive(),
            norm,
        );
        match Normalisation.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let inputs = [&x, &scales, &shifts].map(|tensor| prep.checkpoint(tensor));
                prep.finish((inputs, norm), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }

    fn normed_block(
        x: FloatTensor<Self>,
        scales1: FloatTensor<Self>,
        shifts1: FloatTensor<Self>,
        weight1: FloatTensor<Self>,
        bias1: FloatTensor<Self>,
        scales2: FloatTensor<Self>,
        shifts2: FloatTensor<Self>,
        weight2: FloatTensor<Self>,
        bias2: FloatTensor<Self>,
        norm: GroupNorm,
        residual: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        #[derive(Debug)]
        struct NormedBlock;

        impl<B: Kernels> Backward<B, 9> for NormedBlock {
            type State = ([NodeId; 7], FloatTensor<B>, GroupNorm, bool);

            fn backward(
                self,
                ops: Ops<Self::State, 9>,
                grads: &mut Gradients,
                checkpointer: &mut Checkpointer,
            ) {
                let wanted = ops.parents.map(|node| node.map(|node| node.id));
                let gradient = grads.consume::<B>(&ops.node);
                let (inputs, hidden, norm, residual) = ops.state;
                let [x, s1, h1, w1, s2, h2, w2] =
                    inputs.map(|id| checkpointer.retrieve_node_output(id));
                let found = B::normed_block_backward(
                    x, s1, h1, w1, s2, h2, w2, hidden, gradient, norm, residual,
                );
                register::<B>(grads, wanted.into_iter().zip(<[_; 9]>::from(found)));
            }
        }

        let inputs = [
            &x, &scales1, &shifts1, &weight1, &bias1, &scales2, &shifts2, &weight2, &bias2,
        ];
        let nodes = inputs.map(FloatTensor::<Self>::node);
        let [of_x, s1, h1, w1, b1, s2, h2, w2, b2] =
            inputs.map(|tensor| tensor.clone().into_primitive());
        let (output, hidden) =
            B::normed_block(of_x, s1, h1, w1, b1, s2, h2, w2, b2, norm, residual);
        let kept = FloatTensor::<Self>::new(hidden.clone());
        match NormedBlock.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let inputs = [
                    &x, &scales1, &shifts1, &weight1, &scales2, &shifts2, &weight2,
                ];
                let inputs = inputs.map(|tensor| prep.checkpoint(tensor));
                (prep.finish((inputs, hidden, norm, residual), output), kept)
            }
            OpsKind::UnTracked(prep) => (prep.finish(output), kept),
        }
    }
}
