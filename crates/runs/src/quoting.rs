//! Commands as text that a shell takes.

use std::ffi::OsStr;
use std::fmt::Write as _;

/// An argument as a shell takes it.
#[must_use]
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

#[cfg(test)]
mod tests {
    use super::quoted;

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
}
