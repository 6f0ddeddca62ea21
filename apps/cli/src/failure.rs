//! How a run that did not succeed ends: what is printed, and the exit code.

use std::{fmt, io, process::ExitCode};

use studio::error_texts;

/// The exit code that shells use for a program stopped by Ctrl-C: 128 + SIGINT.
pub const CANCELLED_CODE: u8 = 130;

/// The run was stopped by the user. Not an error, but not a success either: a script must not go on.
#[derive(Debug)]
pub struct Cancelled {
    /// What was left behind and how to go on, in one or two sentences.
    pub advice: String,
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.advice)
    }
}

impl std::error::Error for Cancelled {}

/// Prints the error with its causes to standard error and gives the exit code.
pub fn report(error: &anyhow::Error) -> ExitCode {
    if is_broken_pipe(error) {
        // The reader (`head`, a pager) has seen enough and left.
        return ExitCode::SUCCESS;
    }
    if let Some(cancelled) = error.downcast_ref::<Cancelled>() {
        tell!("stopped: {cancelled}");
        return ExitCode::from(CANCELLED_CODE);
    }
    tell!("error: {}", message(error));
    ExitCode::FAILURE
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The error and its causes, one a line. A cause that a line above already spells out is left out.
fn message(error: &anyhow::Error) -> String {
    error_texts(&**error).join("\n  because: ")
}

/// The same in one line.
pub fn in_one_line(error: &anyhow::Error) -> String {
    error_texts(&**error).join(": ")
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::message;

    #[test]
    fn causes_follow_once_each() {
        let error = anyhow!("disk is full").context("x.png cannot be written");
        assert_eq!(
            message(&error),
            "x.png cannot be written\n  because: disk is full"
        );
        let error = anyhow!("disk is full").context("x.png cannot be written: disk is full");
        assert_eq!(message(&error), "x.png cannot be written: disk is full");
    }
}
