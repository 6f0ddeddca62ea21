//! `NumPy`'s files: an array (`.npy`) and archives of arrays (`.npz`), as NEP 1 describes them.

use std::{io::Read, path::Path};

use flate2::bufread::DeflateDecoder;

use super::{array::Array, numbers::Kind};
use crate::{DatasetError, idx::MAX_ELEMENTS};

/// How every array of `NumPy` begins.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// The largest archive that is read, in bytes.
const MAX_ARCHIVE: u64 = 2 * MAX_ELEMENTS as u64;

/// The longest header that is read, in bytes.
const MAX_HEADER: usize = 64 * 1024;

/// Reads one array.
pub(super) fn read(source: impl Read, path: &Path, own: &str) -> Result<Array, DatasetError> {
    parse(source)
        .map_err(|problem| DatasetError::ArrayFile {
            path: path.to_owned(),
            problem,
        })
        .map(|(dims, values)| Array {
            path: path.to_owned(),
            name: Array::name_of(path, own),
            dims,
            values,
        })
}

/// Reads every array of an archive.
pub(super) fn read_archive(path: &Path) -> Result<Vec<Array>, DatasetError> {
    let failed = |source| DatasetError::Read {
        path: path.to_owned(),
        source,
    };
    let wrong = |error: rawzip::Error| DatasetError::ArrayFile {
        path: path.to_owned(),
        problem: error.to_string(),
    };
    let bytes = files::read(path, MAX_ARCHIVE).map_err(failed)?;
    let archive = rawzip::ZipArchive::from_slice(&bytes).map_err(wrong)?;
    let mut entries = archive.entries();
    let mut arrays = Vec::new();
    while let Some(entry) = entries.next_entry().map_err(wrong)? {
        let name = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        let Some(name) = name.strip_suffix(".npy") else {
            continue;
        };
        let stored = archive.get_entry(entry.wayfinder()).map_err(wrong)?;
        let array = match entry.compression_method() {
            rawzip::CompressionMethod::STORE => {
                read(stored.verifying_reader(stored.data()), path, name)?
            }
            rawzip::CompressionMethod::DEFLATE => {
                let inflated = DeflateDecoder::new(stored.data());
                read(stored.verifying_reader(inflated), path, name)?
            }
            _ => {
                return Err(DatasetError::ArrayFile {
                    path: path.to_owned(),
                    problem: "it is compressed in a way that NumPy does not use".to_owned(),
                });
            }
        };
        arrays.push(array);
    }
    Ok(arrays)
}

type Parsed = (Vec<usize>, super::array::Values);

fn parse(mut source: impl Read) -> Result<Parsed, String> {
    let mut start = [0; 8];
    let cut = |_| "the file ends inside its header".to_owned();
    source.read_exact(&mut start).map_err(cut)?;
    if !start.starts_with(MAGIC) {
        return Err("this is no array of NumPy".to_owned());
    }
    let mut length = [0; 4];
    let bytes = if start[6] == 1 { 2 } else { 4 };
    source.read_exact(&mut length[..bytes]).map_err(cut)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_HEADER {
        return Err(format!("its header is said to be {length} bytes long"));
    }
    let mut header = vec![0; length];
    source.read_exact(&mut header).map_err(cut)?;
    let header = String::from_utf8_lossy(&header).into_owned();
    let (kind, big_endian) = kind(&header)?;
    let dims = shape(&header)?;
    if header.contains("'fortran_order': True") && dims.len() > 1 {
        return Err(
            "its elements are in Fortran's order; save it with numpy.ascontiguousarray".to_owned(),
        );
    }
    let count = dims
        .iter()
        .try_fold(1_usize, |count, &dim| count.checked_mul(dim));
    let count = count.filter(|&count| count <= MAX_ELEMENTS);
    let count = count.ok_or_else(|| format!("{dims:?} are more than {MAX_ELEMENTS} elements"))?;
    let expected = count * kind.size();
    let mut elements = Vec::new();
    let mut bounded = source.take(expected as u64);
    bounded
        .read_to_end(&mut elements)
        .map_err(|error| error.to_string())?;
    if elements.len() < expected {
        return Err(format!(
            "it is cut: {} of {expected} bytes are there",
            elements.len()
        ));
    }
    let values = kind.read(elements, big_endian);
    let values =
        values.ok_or_else(|| format!("its elements are of {kind:?}, which is no image"))?;
    Ok((dims, values))
}

/// What stands behind a key of the header, which is a Python dictionary.
fn behind<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = header.split_once(&format!("'{key}'"))?;
    Some(rest.trim_start().strip_prefix(':')?.trim_start())
}

fn kind(header: &str) -> Result<(Kind, bool), String> {
    let wrong = || "its header names no type of number that is read".to_owned();
    let text = behind(header, "descr").and_then(|text| text.strip_prefix('\''));
    let text = text
        .and_then(|text| text.split('\'').next())
        .ok_or_else(wrong)?;
    let mut letters = text.chars();
    let big_endian = letters.next() == Some('>');
    let kind: fn(usize) -> Kind = match letters.next() {
        Some('u' | 'b') => Kind::Unsigned,
        Some('i') => Kind::Signed,
        Some('f') => Kind::Float,
        _ => {
            return Err(format!(
                "its elements are of type {text}, and numbers can be read"
            ));
        }
    };
    let size = letters.as_str().parse().map_err(|_| wrong())?;
    Ok((kind(size), big_endian))
}

fn shape(header: &str) -> Result<Vec<usize>, String> {
    let wrong = || "its header names no shape".to_owned();
    let text = behind(header, "shape").and_then(|text| text.strip_prefix('('));
    let text = text
        .and_then(|text| text.split(')').next())
        .ok_or_else(wrong)?;
    let sides = text
        .split(',')
        .map(str::trim)
        .filter(|side| !side.is_empty());
    sides
        .map(|side| side.trim_end_matches('L').parse().map_err(|_| wrong()))
        .collect()
}
