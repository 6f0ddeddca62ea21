//! What tests of several crates share: changed files of every kind that the programs read, none of which may end in a panic.
//!
//! A target takes sound files, changes them at random, and has them read. In a test run a fixed number of changes is tried; with
//! `FUZZ_MINUTES` each target goes on for so many minutes of processor time (`scripts/fuzz`), from another seed each time. `FUZZ_TARGETS`
//! names the only ones that are wanted. What panics is kept in `target/fuzz`, and belongs into the tests of the crate that read it.

mod tally;

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tally::Tally;

/// Changes that a target tries in a test run, unless a change takes long.
pub const CHANGES: usize = 300;

/// Numbers that readers get wrong.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "NaN",
    "inf",
    "-0.0",
    "1e39",
    "255",
    "256",
    "65536",
    "4294967296",
    "18446744073709551615",
    "99999999999999999999",
];

/// Random numbers by xorshift (Marsaglia 2003, "Xorshift RNGs").
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A changed file: one to four changes.
    fn changed(&mut self, seeds: &[Vec<u8>], text: bool) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            self.change(&mut bytes, seeds, text);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>], text: bool) {
        let at = self.below(bytes.len());
        match self.below(if text { 8 } else { 6 }) {
            0 => bytes.truncate(at),
            1 => bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 1 << (at % 8)),
            2 => bytes
                .iter_mut()
                .skip(at)
                .take(4)
                .for_each(|byte| *byte = 0xff),
            3 => {
                let end = (at + 1 + self.below(64)).min(bytes.len());
                drop(bytes.drain(at.min(end)..end));
            }
            4 => {
                let other = &seeds[self.below(seeds.len())];
                let from = self.below(other.len());
                let piece = &other[from..(from + 64).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            5 => {
                let random = (self.next() & 0xff) as u8;
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte = random);
            }
            _ => self.change_number(bytes, at),
        }
    }

    /// Puts another number in the place of the first one from `at` on.
    fn change_number(&mut self, bytes: &mut Vec<u8>, at: usize) {
        let digit = |byte: &u8| byte.is_ascii_digit();
        let Some(start) = bytes[at..].iter().position(digit).map(|start| at + start) else {
            return;
        };
        let length = bytes[start..].iter().take_while(|byte| digit(byte)).count();
        let number = NUMBERS[self.below(NUMBERS.len())];
        bytes.splice(start..start + length, number.bytes());
    }
}

/// Sound files that a target changes.
#[derive(Debug)]
pub struct Seeds<'a> {
    /// What the target is called.
    pub target: &'a str,
    /// The files, of which none is empty.
    pub files: &'a [Vec<u8>],
    /// Whether they are text, in which numbers stand for others.
    pub text: bool,
    /// Changes in a test run.
    pub changes: usize,
}

impl<'a> Seeds<'a> {
    /// Files that are no text.
    #[must_use]
    pub fn bytes(target: &'a str, files: &'a [Vec<u8>]) -> Self {
        Self {
            target,
            files,
            text: false,
            changes: CHANGES,
        }
    }

    /// Files of text.
    #[must_use]
    pub fn text(target: &'a str, files: &'a [Vec<u8>]) -> Self {
        Self {
            text: true,
            ..Self::bytes(target, files)
        }
    }
}

/// Tries changed files on `read` until the processor time or the count is up, unless other targets are wanted.
///
/// # Panics
/// If `read` did, with the paths of the files that it panicked on.
pub fn fuzz(seeds: &Seeds<'_>, mut read: impl FnMut(&[u8])) {
    let &Seeds {
        target,
        files,
        text,
        changes,
    } = seeds;
    let wanted = std::env::var("FUZZ_TARGETS").unwrap_or_default();
    if !wanted.is_empty() && wanted.split_whitespace().all(|name| name != target) {
        return;
    }
    let minutes = std::env::var("FUZZ_MINUTES").ok();
    let minutes = minutes.and_then(|minutes| minutes.parse::<f64>().ok());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_or(1, |now| now.as_nanos() as u64);
    let mut random = Random(if minutes.is_some() {
        now | 1
    } else {
        0x2545_f491_4f6c_dd1d
    });
    let mut tally = Tally::new(target);
    let mut found = Vec::new();
    let is_going_on = |tally: &mut Tally| match minutes {
        Some(minutes) => tally.minutes() < minutes,
        None => tally.tried < changes,
    };
    while is_going_on(&mut tally) {
        let bytes = random.changed(files, text);
        tally.tried += 1;
        if catch_unwind(AssertUnwindSafe(|| read(&bytes))).is_err() {
            found.push(keep(target, &bytes));
            tally.panics += 1;
        }
    }
    if minutes.is_some() {
        tally.write();
    }
    assert!(found.is_empty(), "{target} panics: {found:?}");
}

/// Keeps a file that panics.
fn keep(target: &str, bytes: &[u8]) -> PathBuf {
    let folder = root().join("target/fuzz");
    fs::create_dir_all(&folder).expect("the target folder");
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let path = folder.join(format!("{target}-{:016x}", hasher.finish()));
    fs::write(&path, bytes).expect("the target folder");
    path
}

/// The folder of the workspace.
///
/// # Panics
/// Never: this crate lies in it.
#[must_use]
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the workspace").to_owned()
}
