//! Networks to `SafeTensors` bytes and back.

use burn::module::{Module, ModuleVisitor, Param};
use burn::store::{
    FloatCastAdapter, HalfPrecisionAdapter, KeyRemapper, ModuleSnapshot, SafetensorsStore,
};
use burn::tensor::{DType, Tensor};

use crate::cause::Fault;

/// The fewest bytes that a number of a network takes in a file: in half precision.
pub(crate) const FEWEST_BYTES: usize = 2;

/// The weights as a `SafeTensors` file, in half precision but for the running statistics of batch normalisation, which
/// would underflow.
pub(crate) fn to_bytes<M: Module>(module: &M) -> Result<Vec<u8>, Fault> {
    // Burn's own metadata comes in an order that changes from run to run; without it equal weights are equal files.
    let mut store = SafetensorsStore::from_bytes(None)
        .clear_metadata()
        .with_to_adapter(HalfPrecisionAdapter::new());
    module.save_into(&mut store)?;
    Ok(store.get_bytes()?)
}

/// Puts the weights of a `SafeTensors` file into a fresh network. All tensors must be there, no others, each of its shape
/// and with finite numbers. `old_names` are patterns of names that earlier versions wrote, and what stands there now.
pub(crate) fn from_bytes<M: Module>(
    mut module: M,
    bytes: Vec<u8>,
    old_names: Vec<(&'static str, &'static str)>,
) -> Result<M, Fault> {
    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_from_adapter(FloatCastAdapter::to(DType::F32));
    if !old_names.is_empty() {
        // Its error is one of the standard library's only if something else in the program asks for that.
        let names = KeyRemapper::from_patterns(old_names);
        let names = names.map_err(|error| Fault::new(error.to_string()))?;
        store = store.remap(names);
    }
    let result = module.load_from(&mut store)?;
    if let Some(error) = result.errors.into_iter().next() {
        return Err(error.into());
    }
    if let Some(name) = result.unused.first() {
        let reason = format!("the tensor '{name}' belongs to no part of this network");
        return Err(Fault::new(reason));
    }
    let mut sound = Sound::default();
    module.visit(&mut sound);
    match sound.fault {
        Some(fault) => Err(Fault::new(fault)),
        None => Ok(module.valid()),
    }
}

/// What holds the running variance of a batch normalisation is called so.
const VARIANCE: &str = "running_var";

/// Remembers what is wrong with the first parameter that no training gives: a value that is not finite, or a variance below 0, of which
/// a device may make a number all the same.
#[derive(Default)]
struct Sound {
    /// The names of the modules that lead to the parameter.
    path: Vec<String>,
    fault: Option<String>,
}

impl ModuleVisitor for Sound {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.fault.is_some() {
            return;
        }
        let data = param.val().into_data();
        let is_variance = self.path.last().is_some_and(|name| name == VARIANCE);
        let fault = if !data.iter::<f32>().all(f32::is_finite) {
            "a value that is not a number"
        } else if is_variance && data.iter::<f32>().any(|value| value < 0.0) {
            "a variance below 0"
        } else {
            return;
        };
        let (name, dims) = (self.path.join("."), param.val().dims());
        self.fault = Some(format!("the tensor {name} {dims:?} holds {fault}"));
    }
}
