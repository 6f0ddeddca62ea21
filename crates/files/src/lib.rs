//! Files of the project: written whole or not at all, read within a budget, and never by two at once.
//!
//! A file is written beside its place, brought to the disk, and then renamed: no reader ever sees half a file, and an older
//! one survives a full disk, a killed process and a power cut. [`stage`] does all but the last step, for a file that has to
//! wait for something else. [`read()`] takes regular files alone, and no more of them than it is told: a pipe, a device or a file
//! that grows cannot stop a program. [`Lock`] keeps two programs from changing one folder at once. Errors are the system's; who
//! writes knows what to advise.

mod checked;
#[doc(hidden)]
pub mod faults;
mod lock;
pub mod path_text;
mod read;
mod write;

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

pub use checked::{CheckedError, checked_body, checked_text};
pub use lock::Lock;
pub use read::{open, read, read_start, read_text};
pub use write::{
    Staged, copy, create_folder, remove, remove_folder, remove_leftovers, remove_old_leftovers,
    rename, stage, write, write_many, write_with,
};

/// SHA-256 as lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 over some pieces, one after the other, as lower-case hexadecimal digits.
#[must_use]
pub fn sha256_hex_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    for piece in pieces {
        digest.update(piece);
    }
    hex(&digest.finalize())
}

fn hex(digest: &[u8]) -> String {
    let mut hex = String::new();
    for byte in digest {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
