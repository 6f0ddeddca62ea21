//! `latent-lens`: fetch data, train, evaluate, render and diagnose from the command line.
//!
//! Thin on purpose: arguments in, calls to the library crates, tables or JSON out. What a script reads goes to
//! standard output; progress, notes and errors go to standard error.

#[macro_use]
mod output;

mod cancel;
mod command_line;
mod commands;
mod data;
mod device;
mod failure;
mod model;
mod picture;
mod progress;
mod sampler;
mod table;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    #[cfg(feature = "dashboard")]
    if is_called(dashboard::program::NAME) {
        return dashboard::program::main();
    }
    match commands::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}

/// Whether this program was started by another name of its own, such as a link to it has.
#[cfg(feature = "dashboard")]
fn is_called(name: &str) -> bool {
    let this = std::env::args_os().next().unwrap_or_default();
    std::path::Path::new(&this).file_stem() == Some(name.as_ref())
}
