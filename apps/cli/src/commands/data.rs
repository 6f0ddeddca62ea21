//! `latent-lens data`: data before anything is trained on it, and what is kept of it.

mod cache;
mod inspect;

use clap::Subcommand;

/// What to do with data.
#[derive(Debug, Subcommand)]
pub enum Kind {
    /// Say what is in a folder: format, sizes, classes, duplicates, leaks between training and testing, broken files
    Inspect(inspect::Args),
    /// Say what the prepared pictures on this machine take, or remove them
    Cache(cache::Args),
}

pub fn run(kind: &Kind) -> anyhow::Result<()> {
    match kind {
        Kind::Inspect(args) => inspect::run(args),
        Kind::Cache(args) => cache::run(args),
    }
}
