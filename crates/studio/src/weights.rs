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
        let names = KeyRemapper::from_patterns(old_names)?;
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
    let mut finite = Finite(None);
    module.visit(&mut finite);
    match finite.0 {
        Some(at) => Err(Fault::new(format!(
            "the tensor {at} holds a value that is not a number"
        ))),
        None => Ok(module.valid()),
    }
}

/// Remembers the first parameter with a value that is not finite, by its position.
struct Finite(Option<String>);

impl ModuleVisitor for Finite {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.val().into_data();
        if self.0.is_none() && !data.iter::<f32>().all(f32::is_finite) {
            self.0 = Some(format!("{:?}", param.val().dims()));
        }
    }
}
