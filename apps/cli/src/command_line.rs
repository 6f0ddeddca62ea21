//! The command line as text: as it can be given again, and what several commands take.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;

/// The command as it was given, so that it can be given again.
pub fn as_given() -> String {
    text(given())
}

/// Whether an argument was given as it stands.
pub fn has(argument: &str) -> bool {
    given().any(|given| given == argument)
}

/// The arguments, which need not be Unicode: paths are not.
fn given() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1)
}

/// The command as it was given, but for one switch.
pub fn without(switch: &str) -> String {
    text(given().filter(|given| given != switch))
}

fn text(arguments: impl Iterator<Item = OsString>) -> String {
    let arguments = arguments.map(quoted);
    std::iter::once("latent-lens".to_owned())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

/// An argument as a shell takes it.
pub fn quoted(argument: impl AsRef<OsStr>) -> String {
    let argument = argument.as_ref();
    let Some(argument) = argument.to_str() else {
        return quoted_bytes(argument.as_encoded_bytes());
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

/// What is no Unicode, in the quotes of Bash, Zsh and others that know bytes by their numbers.
fn quoted_bytes(bytes: &[u8]) -> String {
    let mut text = String::from("$'");
    for &byte in bytes {
        match byte {
            b'\\' | b'\'' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(text, "\\x{byte:02x}")),
        }
    }
    text.push('\'');
    text
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
    use super::{noise, quoted};

    #[test]
    fn arguments_survive_a_shell() {
        assert_eq!(quoted("--data=a/b.c"), "--data=a/b.c");
        assert_eq!(quoted("my data"), "'my data'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[cfg(unix)]
    #[test]
    fn arguments_that_are_no_unicode_survive_a_shell() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        let argument = OsStr::from_bytes(b"donn\xe9es d'a\\b");
        assert_eq!(quoted(argument), r"$'donn\xe9es d\'a\\b'");
    }

    #[test]
    fn noise_is_a_number_from_0_to_10() {
        assert_eq!([noise("0"), noise("10")], [Ok(0.0), Ok(10.0)]);
        for text in ["-0.1", "10.1", "nan", "inf", "much"] {
            noise(text).expect_err(text);
        }
    }
}
