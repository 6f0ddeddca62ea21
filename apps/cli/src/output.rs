//! Standard output: what a person or a script asked for. Standard error: what is told on the way.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write as _};

/// Tells something on standard error, in one line, as [`eprintln!`] does but for the panic: nobody may be listening.
macro_rules! tell {
    ($($text:tt)*) => {
        $crate::output::tell_line(format_args!($($text)*))
    };
}

/// The function behind `tell!`. Work goes on when nobody listens any more or the log is full: what it is worth does not depend on
/// what is told of it.
pub fn tell_line(text: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(&text.to_string()));
}

/// The text without characters that control a terminal. Names in files come from anywhere.
fn harmless(text: &str) -> Cow<'_, str> {
    let controls = |c: char| c.is_control() && !"\n\t".contains(c);
    if text.contains(controls) {
        text.replace(controls, "\u{fffd}").into()
    } else {
        text.into()
    }
}

/// Prints `text` and a line break.
///
/// Unlike `println!` this does not panic when the reader has gone: [`crate::failure`] treats that as the end.
///
/// # Errors
///
/// If standard output cannot be written to.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", harmless(text))?;
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

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_controls_a_terminal_is_not_printed() {
        assert_eq!(
            harmless("a\u{1b}[31mb\u{9b}c\r\n\td"),
            "a\u{fffd}[31mb\u{fffd}c\u{fffd}\n\td"
        );
        assert_eq!(harmless("caf\u{e9}"), "caf\u{e9}");
    }
}
