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
    match commands::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
