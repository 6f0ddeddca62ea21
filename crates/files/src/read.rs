//! Reading within a budget, and only what is a file.
//!
//! What a person names may be a pipe that nobody writes to, a device without an end, or a file of many gigabytes. Each reader
//! says how much it takes, and anything else is an error at once.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Opens a regular file for reading. A link to one will do.
///
/// # Errors
/// The system's, and [`io::ErrorKind::InvalidInput`] if it is a pipe, a device or a socket, which may never answer or never end;
/// [`io::ErrorKind::IsADirectory`] if it is a folder.
pub fn open(path: &Path) -> io::Result<File> {
    // Before it is opened: opening some devices does something.
    refuse_special(&fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    // Should a pipe have taken the file's place meanwhile, opening it must not wait for a writer.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path)?;
    refuse_special(&file.metadata()?)?;
    Ok(file)
}

/// The bytes of a regular file of at most `limit` bytes.
///
/// # Errors
/// As [`open`], and [`io::ErrorKind::FileTooLarge`] if it has more.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    if length > limit {
        return Err(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(length as usize);
    // Some files say that they are empty and are not, and one may grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// The first bytes of a regular file, `limit` of them at most.
///
/// # Errors
/// As [`open`].
pub fn read_start(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a regular file of at most `limit` bytes.
///
/// # Errors
/// As [`read()`], and [`io::ErrorKind::InvalidData`] if it is no UTF-8.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let bytes = read(path, limit)?;
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is no text"))
}

/// Fills `bytes` from a place in a file. The file keeps no position, so several threads may read it at once.
///
/// # Errors
/// The system's, and [`io::ErrorKind::UnexpectedEof`] if the file ends before `bytes` are full.
pub fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset);
    #[cfg(windows)]
    {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            match std::os::windows::fs::FileExt::seek_read(file, &mut bytes[done..], at)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
        Ok(())
    }
}

fn too_large(limit: u64) -> io::Error {
    let text = format!("it has more than the {limit} bytes that such a file can have");
    io::Error::new(io::ErrorKind::FileTooLarge, text)
}

fn refuse_special(found: &Metadata) -> io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    if found.is_dir() {
        let text = "it is a folder, not a file";
        return Err(io::Error::new(io::ErrorKind::IsADirectory, text));
    }
    let text = "it is a pipe or a device, not a file";
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}
