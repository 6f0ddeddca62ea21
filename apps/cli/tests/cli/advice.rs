//! Every advice that an error gives is taken: the error is provoked, what it says is done to the letter, and it has to help.
//!
//! Commands are read out of the message and run by a shell. An option that the message names is added to the command that failed, and one that it
//! says to leave out is taken away. What a person has to do by hand is done here, and the command is given again.

#[path = "advice/pictures.rs"]
mod pictures;
#[path = "advice/tables.rs"]
mod tables;
#[path = "advice/training.rs"]
mod training;
#[path = "advice/using.rs"]
mod using;

use std::process::Command;

use crate::{latent_lens, stderr, support::cache_home};

/// A command of this program, which a test changes as a message says.
#[derive(Clone)]
struct Given(Vec<String>);

impl Given {
    fn new(args: &[&str]) -> Self {
        Self(args.iter().map(|&arg| arg.to_owned()).collect())
    }

    fn args(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// Runs it; it must fail, and say each of these.
    fn fails(&self, expected: &[&str]) -> Advice {
        Advice {
            message: crate::fail(&self.args(), expected),
            given: self.clone(),
        }
    }

    /// The same with more arguments, or with another value of an option that it has.
    fn with(&self, more: &[&str]) -> Self {
        let mut changed = self.clone();
        let at = |args: &[String]| args.iter().position(|arg| arg == more[0]);
        match (at(&changed.0), more) {
            (Some(at), [_, value]) => (*value).clone_into(&mut changed.0[at + 1]),
            _ => changed.0.extend(more.iter().map(|&arg| arg.to_owned())),
        }
        changed
    }

    /// The same without an option and its value.
    fn without(&self, option: &str) -> Self {
        let mut changed = self.clone();
        let at = changed.0.iter().position(|arg| arg == option);
        let at = at.expect("the option was given");
        changed.0.drain(at..at + 2);
        changed
    }

    /// The same without a switch.
    fn without_switch(&self, switch: &str) -> Self {
        let mut changed = self.clone();
        changed.0.retain(|arg| arg != switch);
        changed
    }

    fn succeeds(&self) -> String {
        let output = latent_lens(&self.args());
        let told = stderr(&output);
        assert!(output.status.success(), "{:?}: {told}", self.0);
        told
    }
}

/// What a command that failed said.
struct Advice {
    message: String,
    given: Given,
}

impl Advice {
    /// Takes the option that the message names.
    fn take(&self, option: &[&str]) {
        self.says(option[0]);
        self.given.with(option).succeeds();
    }

    /// Leaves out the option that the message says to leave out.
    fn leave_out(&self, option: &str) {
        self.says(&format!("leave {option} out"));
        self.given.without(option).succeeds();
    }

    /// Gives the command again, after what the message says was done by hand.
    fn again(&self) {
        self.given.succeeds();
    }

    /// Runs the command that the message prints.
    fn run(&self) {
        let (code, told) = run_printed(&self.message);
        assert_eq!(code, Some(0), "{}\n{told}", self.message);
    }

    fn says(&self, words: &str) {
        assert!(self.message.contains(words), "`{words}`: {}", self.message);
    }
}

/// The command that a text prints on a line of its own, or behind "next: ".
fn printed_command(text: &str) -> &str {
    let line = text.lines().map(str::trim_start).find_map(|line| {
        let line = line.strip_prefix("next: ").unwrap_or(line);
        line.strip_prefix("latent-lens ")
    });
    line.unwrap_or_else(|| panic!("no command is printed: {text}"))
}

/// Runs the command that a text prints, as a person who pastes it into a shell; its exit code, and what it told.
fn run_printed(text: &str) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_latent-lens");
    let output = Command::new("sh")
        .args(["-c", &format!("'{program}' {}", printed_command(text))])
        .env("XDG_CACHE_HOME", cache_home())
        .output()
        .expect("a shell");
    (output.status.code(), stderr(&output))
}
