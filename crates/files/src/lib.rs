//! Files of the project: written whole or not at all, read within a budget, and never by two at once.
//!
//! A file is written beside its place, brought to the disk, and then renamed: no reader ever sees half a file, and an older
//! one survives a full disk, a killed process and a power cut. [`stage`] does all but the last step, for a file that has to
//! wait for something else. [`read()`] takes regular files alone, and no more of them than it is told: a pipe, a device or a file
//! that grows cannot stop a program. [`Lock`] keeps two programs from changing one folder at once. Errors are the system's; who
//! writes knows what to advise.

mod checked;
mod digest;
#[doc(hidden)]
pub mod faults;
mod lock;
pub mod path_text;
mod read;
mod write;

pub use checked::{CheckedError, checked_body, checked_text};
pub use digest::{Checksum, sha256_hex};
pub use lock::Lock;
pub use read::{open, read, read_exact_at, read_start, read_text};
pub use write::{
    Staged, copy, create_folder, remove, remove_folder, remove_leftovers, remove_old_leftovers,
    rename, stage, touch, write, write_many, write_with,
};
