//! What a step of training changes, and what it gives.

use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Tensor;

/// A module under training with its optimiser.
///
/// Networks that train against each other are parts of one module: each loss then moves one part. The optimiser keeps a state
/// for every parameter, so the parts share it without mixing; where they need other settings,
/// [`ModuleOptimizer::with_group`] gives a part an optimiser of its own.
pub struct Learner<M> {
    pub(crate) model: M,
    pub(crate) optimizer: ModuleOptimizer,
    /// The learning rate of the step under way.
    pub(crate) rate: f64,
}

/// The losses of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Losses {
    /// The loss that is shown while a run goes on; its mean over an epoch is recorded as `train_loss`.
    pub loss: f64,
    /// Other figures of the step by name. The mean over an epoch of `name` is recorded as `train_name`.
    pub others: Vec<(&'static str, f64)>,
}

impl From<f64> for Losses {
    fn from(loss: f64) -> Self {
        let others = Vec::new();
        Self { loss, others }
    }
}

impl Losses {
    /// The first of them that is not a finite number, if there is one. Such a step should move nothing: the run stops.
    #[must_use]
    pub fn not_finite(&self) -> Option<f64> {
        let others = self.others.iter().map(|(_, value)| *value);
        std::iter::once(self.loss)
            .chain(others)
            .find(|value| !value.is_finite())
    }
}

impl<M: Module> Learner<M> {
    /// The module as it is now, on the autodiff device.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// Moves the whole module down the gradient of a scalar `loss`, and gives the loss. The weights stay as they were if it
    /// is not finite.
    pub fn descend(&mut self, loss: &Tensor<1>) -> f64 {
        let value = f64::from(loss.clone().into_scalar::<f32>());
        if value.is_finite() {
            let gradients = GradientsParams::from_grads(loss.backward(), &self.model);
            self.apply(gradients);
        }
        value
    }

    /// Takes an optimiser step with gradients of some parameters; the others stay as they are.
    pub fn apply(&mut self, gradients: GradientsParams) {
        self.model = self
            .optimizer
            .step(self.rate, self.model.clone(), gradients);
    }
}
