//! `AdamW` whose step is one operation, and whose state can be read on any machine.

use burn::optim::{
    AdamWState, AdaptiveMomentumState, LearningRate, ModuleOptimizer, Optimizer, RecordState,
    StateSink, StateSource,
};
use burn::tensor::{Device, Tensor};
use kernels::AdamWStep;

/// `AdamW` (Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization") for [`fit`](crate::fit()).
///
/// Its numbers and its checkpoints are those of Burn's optimiser. A step is one operation of `kernels`, not fourteen. And its
/// state is read on the CPU and follows its weights to their device at the next step: Burn reads the state of an optimiser on its
/// default device, which is the GPU even for a run on the CPU, and panics on a machine without one.
#[derive(Debug, Clone)]
pub struct AdamW {
    /// How much of the first moment, the mean of the gradients, a step keeps.
    pub beta1: f32,
    /// How much of the second moment, the mean of their squares, a step keeps.
    pub beta2: f32,
    /// Added to the square root of the second moment.
    pub epsilon: f32,
    /// The share of the weights that a learning rate of 1 takes away in a step.
    pub weight_decay: f32,
    /// The Euclidean norm that a steeper gradient of a weight tensor is scaled down to.
    pub largest_norm: Option<f32>,
}

impl Default for AdamW {
    fn default() -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
            largest_norm: None,
        }
    }
}

impl From<AdamW> for ModuleOptimizer {
    fn from(optimizer: AdamW) -> Self {
        Self::from(Steps(optimizer))
    }
}

#[derive(Clone)]
struct Steps(AdamW);

/// Burn's state of one weight tensor, as it is written to checkpoints.
#[derive(Clone)]
struct State<const D: usize>(AdamWState<D>);

impl Optimizer for Steps {
    type State<const D: usize> = State<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        weights: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let (time, moments) = match state {
            Some(State(AdamWState { momentum })) => {
                (momentum.time, [momentum.moment_1, momentum.moment_2])
            }
            None => (0, [weights.zeros_like(), weights.zeros_like()]),
        };
        let step = AdamWStep {
            rate,
            weight_decay: self.0.weight_decay,
            beta1: self.0.beta1,
            beta2: self.0.beta2,
            epsilon: self.0.epsilon,
            time: time as i32 + 1,
            largest_norm: self.0.largest_norm,
        };
        let (weights, [moment1, moment2]) = kernels::adam_w(weights, gradient, moments, step);
        let momentum = AdaptiveMomentumState::new(time + 1, moment1, moment2);
        (weights, Some(State(AdamWState::new(momentum))))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        let State(AdamWState { momentum }) = state;
        State(AdamWState::new(momentum.to_device(device)))
    }
}

impl<const D: usize> RecordState for State<D> {
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        self.0.state_flatten(prefix, out);
    }

    fn state_unflatten(prefix: &str, source: &mut StateSource, _: &Device) -> Option<Self> {
        AdamWState::state_unflatten(prefix, source, &Device::flex()).map(Self)
    }
}
