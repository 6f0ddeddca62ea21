//! Ctrl-C: the first one asks the work to stop where it can go on later, the second one quits.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;

use crate::failure::CANCELLED_CODE;

/// Calls `stop` at the first Ctrl-C (or polite `kill`) and prints `meanwhile`, which tells the user what happens until
/// the program ends, such as "writing a checkpoint". A second Ctrl-C ends the program at once.
///
/// # Errors
///
/// If the system refuses the signal handler.
pub fn on_ctrl_c(meanwhile: &'static str, stop: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    let stopping = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if stopping.swap(true, Ordering::Relaxed) {
            std::process::exit(CANCELLED_CODE.into());
        }
        stop();
        tell!("\nstopping: {meanwhile} (Ctrl-C again quits at once)");
    })
    .context("Ctrl-C cannot be watched on this system")
}
