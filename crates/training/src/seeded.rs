//! Fresh weights that follow from a seed, although Burn has one generator for the whole process.

use std::sync::{Mutex, PoisonError};

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};
use datasets::Seed;

/// Builds a network whose fresh weights follow from `seed` alone.
///
/// Burn draws weights from one generator for the whole process, and draws them when they are first looked at. Two networks
/// that are built at the same time would share the stream in an order that nobody chose, so here they take turns, and all
/// weights are drawn before the next turn. Code that draws from the device beside this (`Tensor::random`, dropout) would
/// still come in between; this project has none.
///
/// # Errors
/// Those of `init`.
pub fn seeded<M: Module, E>(
    device: &Device,
    seed: Seed,
    init: impl FnOnce() -> Result<M, E>,
) -> Result<M, E> {
    static TURN: Mutex<()> = Mutex::new(());
    // Nothing is guarded but the turn itself, so a panic in somebody else's leaves nothing half done.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    device.seed(seed.0);
    let network = init()?;
    network.visit(&mut Look);
    Ok(network)
}

/// Looks at every weight, which makes Burn draw it.
struct Look;

impl ModuleVisitor for Look {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let _ = param.val();
    }
}
