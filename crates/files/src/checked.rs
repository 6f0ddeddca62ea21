//! Text under a line with the SHA-256 of all that follows.

use crate::sha256_hex;

/// How the first line starts. It is a comment in RON.
const CHECKSUM: &str = "// sha256 of what follows: ";

/// Why a text is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckedError {
    /// There is no such line.
    #[error("it does not start with its checksum")]
    NoChecksum,
    /// The checksum is that of another text.
    #[error("its content does not match its checksum")]
    Mismatch,
}

/// Puts the line with its checksum before a text.
#[must_use]
pub fn checked_text(body: &str) -> String {
    let body = format!("{body}\n");
    format!("{CHECKSUM}{}\n{body}", sha256_hex(body.as_bytes()))
}

/// What follows the line with the checksum, if it is what was written.
///
/// # Errors
/// [`CheckedError`] if it is not.
pub fn checked_body(text: &str) -> Result<&str, CheckedError> {
    let (checksum, body) = text
        .strip_prefix(CHECKSUM)
        .and_then(|rest| rest.split_once('\n'))
        .ok_or(CheckedError::NoChecksum)?;
    if sha256_hex(body.as_bytes()) == checksum {
        Ok(body)
    } else {
        Err(CheckedError::Mismatch)
    }
}
