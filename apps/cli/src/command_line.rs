//! The command line as text: as it can be given again, and what several commands take.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

pub use runs::quoted;

/// The command as it was given, so that it can be given again.
pub fn as_given() -> String {
    text(given())
}

/// The command that goes on where this one was stopped.
pub fn to_go_on() -> String {
    let mut arguments = given_without(&["--force", "--resume"], &[]);
    arguments.push("--resume".into());
    text(arguments)
}

/// Whether an option was given, whatever its value.
pub fn has_option(option: &str) -> bool {
    given().any(|given| is_option(&given, option))
}

/// The arguments, which need not be Unicode: paths are not.
fn given() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1)
}

/// The command as it was given, but for one switch.
pub fn without(switch: &str) -> String {
    text(given_without(&[switch], &[]))
}

/// The arguments as they were given, but for these switches, and these options with their values.
pub fn given_without(switches: &[&str], options: &[&str]) -> Vec<OsString> {
    let mut left = Vec::new();
    let mut arguments = given();
    while let Some(argument) = arguments.next() {
        if switches.iter().any(|&switch| argument == switch) {
            continue;
        }
        if !options.iter().any(|option| is_option(&argument, option)) {
            left.push(argument);
        } else if options.iter().any(|&option| argument == option) {
            // Its value is an argument of its own.
            arguments.next();
        }
    }
    left
}

/// Whether an argument is this option, with or without its value.
fn is_option(argument: &OsStr, option: &str) -> bool {
    let bytes = argument.as_encoded_bytes();
    let value = bytes.strip_prefix(option.as_bytes());
    value.is_some_and(|value| value.is_empty() || value.starts_with(b"="))
}

/// Arguments as a shell takes them, behind the name of the program.
pub fn text(arguments: impl IntoIterator<Item = OsString>) -> String {
    let arguments = arguments.into_iter().map(quoted);
    std::iter::once("latent-lens".to_owned())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A folder as `--model` takes it: one without a separator could be the name of a shipped model.
pub fn as_folder(path: &Path) -> PathBuf {
    if path.components().count() == 1 && path.is_relative() {
        return Path::new(".").join(path);
    }
    path.to_owned()
}

/// A noise scale: a number from 0 to 10.
///
/// # Errors
///
/// If `text` is none.
pub fn noise(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=10.0).contains(&value) => Ok(value),
        _ => Err("it must be a number from 0 to 10".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{as_folder, is_option, noise};

    #[test]
    fn a_folder_is_not_taken_for_a_shipped_model() {
        for (given, folder) in [
            ("mnist", "./mnist"),
            ("models/mnist", "models/mnist"),
            ("/mnist", "/mnist"),
        ] {
            assert_eq!(as_folder(Path::new(given)), Path::new(folder));
        }
    }

    #[test]
    fn an_option_is_known_with_its_value_and_not_by_its_beginning() {
        let is_out = |argument: &str| is_option(argument.as_ref(), "--out");
        assert!(is_out("--out") && is_out("--out=x"));
        assert!(!is_out("--output") && !is_out("out"));
    }

    #[test]
    fn noise_is_a_number_from_0_to_10() {
        assert_eq!([noise("0"), noise("10")], [Ok(0.0), Ok(10.0)]);
        for text in ["-0.1", "10.1", "nan", "inf", "much"] {
            noise(text).expect_err(text);
        }
    }
}
