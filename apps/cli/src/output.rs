//! Standard output: what a person or a script asked for.

use std::io::{self, Write as _};

/// Prints `text` and a line break.
///
/// Unlike `println!` this does not panic when the reader has gone: [`crate::failure`] treats that as the end.
///
/// # Errors
///
/// If standard output cannot be written to.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// Prints `value` as indented JSON.
///
/// # Errors
///
/// If standard output cannot be written to.
pub fn print_json(value: &serde_json::Value) -> anyhow::Result<()> {
    print(&format!("{value:#}"))
}
