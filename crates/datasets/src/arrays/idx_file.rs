//! IDX files of any number type: KMNIST's and EMNIST's bytes, QMNIST's labels of 32 bits, and the floats that some tools write.

use std::{io::Read, path::Path};

use super::{array::Array, numbers::Kind};
use crate::{
    DatasetError, IdxError,
    idx::{MAX_ELEMENTS, open_maybe_gzipped},
};

/// The most dimensions that an array of images has.
const MOST_DIMENSIONS: u8 = 4;

/// The element type that a header names; `None` if these are not the first bytes of an IDX file.
pub(super) fn kind([zero, also_zero, kind, rank]: [u8; 4]) -> Option<Kind> {
    if [zero, also_zero] != [0, 0] || !(1..=MOST_DIMENSIONS).contains(&rank) {
        return None;
    }
    Some(match kind {
        0x08 => Kind::Unsigned(1),
        0x09 => Kind::Signed(1),
        0x0b => Kind::Signed(2),
        0x0c => Kind::Signed(4),
        0x0d => Kind::Float(4),
        0x0e => Kind::Float(8),
        _ => return None,
    })
}

/// Reads a file, plain or gzipped.
pub(super) fn read(path: &Path) -> Result<Array, DatasetError> {
    let wrong = |source: IdxError| DatasetError::Idx {
        path: path.to_owned(),
        source,
    };
    let mut source = open_maybe_gzipped(path)?;
    let mut field = || {
        let mut field = [0; 4];
        source
            .read_exact(&mut field)
            .map(|()| field)
            .map_err(|_| wrong(IdxError::HeaderCut))
    };
    let header = field()?;
    let kind = kind(header).ok_or_else(|| wrong(IdxError::Magic(header[0], header[1])))?;
    let dims: Vec<usize> = (0..header[3])
        .map(|_| field().map(|side| u32::from_be_bytes(side) as usize))
        .collect::<Result<_, _>>()?;
    let count = dims
        .iter()
        .try_fold(1_usize, |count, &dim| count.checked_mul(dim));
    let Some(count) = count.filter(|&count| count <= MAX_ELEMENTS) else {
        return Err(wrong(IdxError::TooLarge {
            dims,
            limit: MAX_ELEMENTS,
        }));
    };
    let mut elements = Vec::new();
    let expected = count * kind.size();
    let mut bounded = source.take(expected as u64 + 1);
    let read = bounded.read_to_end(&mut elements);
    read.map_err(|error| wrong(IdxError::Read(error)))?;
    if elements.len() != expected {
        let found = elements.len() / kind.size();
        return Err(wrong(if elements.len() < expected {
            IdxError::Truncated {
                expected: count,
                found,
            }
        } else {
            IdxError::Trailing { expected: count }
        }));
    }
    let values = kind.read(elements, true);
    Ok(Array {
        path: path.to_owned(),
        name: Array::name_of(path, ""),
        dims,
        values: values.ok_or_else(|| wrong(IdxError::ElementType(header[2])))?,
    })
}
