//! `latent-lens data cache`: the pictures that trainings have prepared, which are kept for the next one.

use anyhow::Context as _;
use serde_json::json;

use crate::{
    data::cache,
    output::{print, print_json},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Remove all of them; they are prepared anew when they are needed
    #[arg(long)]
    clear: bool,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Prints where prepared pictures are kept and what they take, before they are removed.
///
/// # Errors
///
/// If there is no place for them on this machine, or their folder cannot be read or changed.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let cache = cache()
        .context("this system has no folder for what programs keep: set XDG_CACHE_HOME to one")?;
    let folder = cache.folder().display().to_string();
    let usage = if args.clear {
        cache.clear()
    } else {
        cache.usage()
    };
    let usage = usage.with_context(|| format!("{folder} cannot be read or changed"))?;
    if args.json {
        return print_json(&json!({
            "folder": folder,
            "files": usage.files,
            "bytes": usage.bytes,
            "cleared": args.clear,
        }));
    }
    let megabytes = usage.bytes as f64 / 1e6;
    let taken = format!("{} files, {megabytes:.1} MB", usage.files);
    print(&if args.clear {
        format!("removed {taken} from {folder}")
    } else {
        format!("prepared pictures in {folder}: {taken}")
    })
}
