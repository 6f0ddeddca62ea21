//! Paths as desktops and terminals put them on the clipboard: plain, in quotes, or as addresses of files.

use std::path::{Path, PathBuf};

/// The paths in a text, one a line; `None` if a line is no path that holds wherever the program was started.
#[must_use]
pub fn paths(text: &str) -> Option<Vec<PathBuf>> {
    let lines = text.lines().map(str::trim);
    // File managers say first what is to be done with the files.
    let lines = lines.filter(|line| !line.is_empty() && !["copy", "cut"].contains(line));
    let paths: Option<Vec<PathBuf>> = lines
        .map(|line| Some(path(line)).filter(|path| path.is_absolute()))
        .collect();
    paths.filter(|paths| !paths.is_empty())
}

/// A path as it was typed or pasted: without quotes, from an address of a file, with `~/` for the person's own folder.
#[must_use]
pub fn path(text: &str) -> PathBuf {
    let text = text.trim();
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let text = quoted('"').or_else(|| quoted('\'')).unwrap_or(text);
    if let Some(address) = text.strip_prefix("file://") {
        // The name of a machine may stand before the path; it is this one.
        let path = address.find('/').map_or(address, |at| &address[at..]);
        return decoded(path);
    }
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => Path::new(text).to_owned(),
    }
}

/// An address with its `%20` and the like as the bytes that they stand for (RFC 3986, section 2.1).
fn decoded(address: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let byte = byte.filter(|_| *first == b'%');
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    from_bytes(bytes)
}

#[cfg(unix)]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
