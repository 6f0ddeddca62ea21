//! The command line: one file a command.

mod bench;
mod doctor;
mod evaluate;
mod fetch;
mod models;
mod render;
mod train;

use clap::{Parser, Subcommand};

/// Explore what a variational autoencoder has learned, without a window.
#[derive(Debug, Parser)]
#[command(name = "latent-lens", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Download a data set, or take its files from a folder, and verify them
    Fetch(fetch::Args),
    /// List the models that can be opened
    Models(models::Args),
    /// Train the VAE or the classifier of a model
    #[command(subcommand)]
    Train(train::Part),
    /// Measure a model on its test data
    Evaluate(evaluate::Args),
    /// Write what a model draws as a PNG file
    #[command(subcommand)]
    Render(render::Kind),
    /// Check this machine, its devices and the shipped models
    Doctor(doctor::Args),
    /// Measure how fast this program is on this machine
    ///
    /// The value of times is their median, that of a rate its throughput. Of 100 measurements, 95 are at least as good as
    /// p95, and 99 as p99.
    Bench(bench::Args),
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever went wrong, with the remedy; [`crate::failure::Cancelled`] if the user stopped it.
    pub fn run(&self) -> anyhow::Result<()> {
        match &self.command {
            Command::Fetch(args) => fetch::run(args),
            Command::Models(args) => models::run(args),
            Command::Train(part) => train::run(part),
            Command::Evaluate(args) => evaluate::run(args),
            Command::Render(kind) => render::run(kind),
            Command::Doctor(args) => doctor::run(args),
            Command::Bench(args) => bench::run(args),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
