//! Paths in files of text, for serde's `with`: those that are no Unicode, too, which serde by itself refuses to write.
//!
//! A path that is Unicode is written as it is. Of any other the bytes are written in hexadecimal behind a character that no path can
//! hold.

use std::path::{Path, PathBuf};

use serde::{Deserialize as _, Deserializer, Serializer};

/// No path of any system holds it.
const MARK: char = '\0';

/// Writes a path.
///
/// # Errors
/// What the serializer gives.
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_text(path))
}

/// Reads a path.
///
/// # Errors
/// What the deserializer gives.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(of_text(&String::deserialize(deserializer)?))
}

/// Lists of paths.
pub mod list {
    use std::path::PathBuf;

    use serde::{Deserialize as _, Deserializer, Serializer};

    /// Writes paths.
    ///
    /// # Errors
    /// What the serializer gives.
    pub fn serialize<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(paths.iter().map(|path| super::to_text(path)))
    }

    /// Reads paths.
    ///
    /// # Errors
    /// What the deserializer gives.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<PathBuf>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Ok(texts.iter().map(|text| super::of_text(text)).collect())
    }
}

fn to_text(path: &Path) -> String {
    let hexadecimal = || {
        let bytes = path.as_os_str().as_encoded_bytes();
        format!("{MARK}{}", crate::digest::hex(bytes))
    };
    path.to_str().map_or_else(hexadecimal, str::to_owned)
}

fn of_text(text: &str) -> PathBuf {
    #[cfg(unix)]
    if let Some(path) = text.strip_prefix(MARK).and_then(of_hexadecimal) {
        return path;
    }
    PathBuf::from(text)
}

#[cfg(unix)]
fn of_hexadecimal(digits: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Vec<u8> = pairs.map(byte).collect::<Option<_>>()?;
    Some(std::ffi::OsString::from_vec(bytes).into())
}
