//! `AdamW` whose state can be read on any machine.

use burn::grad_clipping::GradientClippingConfig;
use burn::optim::{
    AdamWConfig, LearningRate, ModuleOptimizer, Optimizer, RecordState, StateSink, StateSource,
};
use burn::tensor::{Device, Tensor};

/// `AdamW` for [`fit`](crate::fit()): what `config.init()` gives, but its checkpoints can be read on any machine.
///
/// Burn reads the state of an optimiser on its default device, which is the GPU even for a run on the CPU, and panics on
/// a machine without one. Here the state is read on the CPU and follows its weights to their device at the next step.
/// Clipping that `config` may hold is not applied: give it as `clipping`.
#[must_use]
pub fn adam_w(config: &AdamWConfig, clipping: Option<GradientClippingConfig>) -> ModuleOptimizer {
    let optimizer = ModuleOptimizer::from(ReadOnCpu(config.build()));
    match clipping {
        Some(clipping) => optimizer.with_grad_clipping(clipping.init()),
        None => optimizer,
    }
}

#[derive(Clone)]
struct ReadOnCpu<O>(O);

#[derive(Clone)]
struct CpuState<S>(S);

impl<O: Optimizer> Optimizer for ReadOnCpu<O> {
    type State<const D: usize> = CpuState<O::State<D>>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        weights: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let state = state.map(|state| state.0);
        let (weights, state) = self.0.step(rate, weights, gradient, state);
        (weights, state.map(CpuState))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        CpuState(O::to_device(state.0, device))
    }
}

impl<S: RecordState> RecordState for CpuState<S> {
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        self.0.state_flatten(prefix, out);
    }

    fn state_unflatten(prefix: &str, source: &mut StateSource, _: &Device) -> Option<Self> {
        S::state_unflatten(prefix, source, &Device::flex()).map(Self)
    }
}
