//! The average of the weights over the steps of a run: what is measured and kept in the end.

use std::any::Any;
use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::Tensor;

/// Moves the averaged weights a step towards the current ones: `average = decay * average + (1 - decay) * model`.
///
/// `average` must descend from `model` (`model.valid()`), since parameters are matched by id. Running statistics of batch
/// normalisation are averaged as well, so that they fit the averaged weights. The result lives on the plain device,
/// without gradients.
#[must_use]
pub fn average_weights<M: Module>(average: M, model: &M, decay: f64) -> M {
    let mut current = Collected(HashMap::new());
    model.visit(&mut current);
    average.map(&mut Blend {
        current: current.0,
        decay,
    })
}

/// Parameters of every rank by id, on the plain device.
struct Collected(HashMap<ParamId, Box<dyn Any>>);

impl ModuleVisitor for Collected {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0
            .insert(param.id, Box::new(param.val().without_autodiff()));
    }
}

struct Blend {
    current: HashMap<ParamId, Box<dyn Any>>,
    decay: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let current = self
            .current
            .remove(&param.id)
            .and_then(|value| value.downcast::<Tensor<D>>().ok());
        let Some(current) = current else { return param };
        param.map(|value| kernels::blend(value, *current, self.decay))
    }
}
