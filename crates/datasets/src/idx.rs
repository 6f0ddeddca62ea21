//! The IDX format of the MNIST files: two zero bytes, an element type, the number of dimensions, each dimension as a
//! big-endian `u32`, then the elements.
//!
//! The header decides how many bytes may follow. Exactly that many must: a file cut anywhere or with anything after
//! its end is refused, and since no more than that is ever decompressed, a gzip bomb ends one byte after its due.

use std::{
    io::{self, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

use crate::DatasetError;

/// The most elements that a compressed file may hold: five times the largest file of the known data sets. One that is not
/// compressed cannot hold more than it is long.
pub const MAX_ELEMENTS: usize = 256 * 1024 * 1024;

/// The element type of unsigned bytes, the only one that images and labels use.
const UNSIGNED_BYTE: u8 = 0x08;

/// An array of bytes of any number of dimensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idx {
    dims: Vec<usize>,
    data: Vec<u8>,
}

impl Idx {
    /// The length of each dimension, outermost first; there is at least one.
    #[must_use]
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The elements, the last dimension varying fastest; as many as the product of [`Self::dims`].
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The elements by value.
    #[must_use]
    pub fn into_data(self) -> Vec<u8> {
        self.data
    }
}

/// What is wrong with the bytes of an IDX file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdxError {
    /// The bytes cannot be had, for example because the gzip stream is cut or damaged.
    #[error("the contents cannot be read to their end ({0})")]
    Read(#[from] io::Error),
    /// The file ends inside its header.
    #[error("the file ends inside its header")]
    HeaderCut,
    /// The first two bytes are not zero.
    #[error("this is no IDX file: it starts with bytes {0:02x} {1:02x} instead of 00 00")]
    Magic(u8, u8),
    /// The elements are not unsigned bytes.
    #[error("elements of type 0x{0:02x} are not supported, only unsigned bytes (0x08)")]
    ElementType(u8),
    /// The header declares no dimension.
    #[error("the header declares no dimension")]
    NoDimension,
    /// The header declares more elements than the reader takes.
    #[error("the header declares dimensions {dims:?}, more than the limit of {limit} elements")]
    TooLarge {
        /// The declared dimensions.
        dims: Vec<usize>,
        /// The most elements that are read.
        limit: usize,
    },
    /// There are fewer elements than declared.
    #[error("the file is cut: {found} of {expected} elements are there")]
    Truncated {
        /// The declared number of elements.
        expected: usize,
        /// The elements in the file.
        found: usize,
    },
    /// There is more after the last declared element.
    #[error("there are more bytes after the {expected} elements that the header declares")]
    Trailing {
        /// The declared number of elements.
        expected: usize,
    },
}

/// Reads an IDX file, plain or gzipped; its first bytes tell which of the two. It may be of any length, but may not
/// decompress to more than [`MAX_ELEMENTS`].
///
/// # Errors
///
/// [`DatasetError::Read`] if the file cannot be opened, and [`DatasetError::Idx`] if it is not a whole IDX file of
/// bytes.
pub fn read_idx(path: &Path) -> Result<Idx, DatasetError> {
    let reader = open_maybe_gzipped(path)?;
    let length = path.metadata().map_or(0, |file| file.len() as usize);
    read_from(reader, MAX_ELEMENTS.max(length)).map_err(|source| DatasetError::Idx {
        path: path.to_owned(),
        source,
    })
}

/// Reads an uncompressed IDX file that is in memory.
///
/// # Errors
///
/// If the bytes are not exactly one IDX file of unsigned bytes.
pub fn parse_idx(bytes: &[u8]) -> Result<Idx, IdxError> {
    read_from(bytes, MAX_ELEMENTS)
}

/// Reads a gzipped IDX file that is in memory, of at most `limit` elements.
pub(crate) fn parse_idx_gz(bytes: &[u8], limit: usize) -> Result<Idx, IdxError> {
    read_from(MultiGzDecoder::new(bytes), limit)
}

/// Opens a file and decompresses it on the way if it starts like a gzip stream.
pub(crate) fn open_maybe_gzipped(path: &Path) -> Result<Box<dyn Read>, DatasetError> {
    let failed = |source| DatasetError::Read {
        path: path.to_owned(),
        source,
    };
    let file = files::open(path).map_err(failed)?;
    maybe_gzipped(file).map_err(failed)
}

/// Decompresses a stream on the way if it starts like a gzip stream.
pub(crate) fn maybe_gzipped(mut source: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    let mut start = Vec::with_capacity(2);
    source.by_ref().take(2).read_to_end(&mut start)?;
    let gzipped = start == [0x1f, 0x8b];
    let whole = io::BufReader::with_capacity(64 * 1024, io::Cursor::new(start).chain(source));
    Ok(if gzipped {
        Box::new(MultiGzDecoder::new(whole))
    } else {
        Box::new(whole)
    })
}

/// Reads an IDX file from a stream of decompressed bytes to the stream's end.
fn read_from(mut reader: impl Read, limit: usize) -> Result<Idx, IdxError> {
    let [zero, also_zero, element_type, rank] = read_header_field(&mut reader)?;
    if [zero, also_zero] != [0, 0] {
        return Err(IdxError::Magic(zero, also_zero));
    }
    if element_type != UNSIGNED_BYTE {
        return Err(IdxError::ElementType(element_type));
    }
    if rank == 0 {
        return Err(IdxError::NoDimension);
    }
    let dims = (0..rank)
        .map(|_| Ok(u32::from_be_bytes(read_header_field(&mut reader)?) as usize))
        .collect::<Result<Vec<usize>, IdxError>>()?;
    let product = dims
        .iter()
        .try_fold(1_usize, |product, &dim| product.checked_mul(dim));
    let Some(expected) = product.filter(|&count| count <= limit) else {
        return Err(IdxError::TooLarge { dims, limit });
    };
    let data = read_exactly(reader, expected)?;
    Ok(Idx { dims, data })
}

/// Reads `expected` bytes, after which the stream must end.
fn read_exactly(mut reader: impl Read, expected: usize) -> Result<Vec<u8>, IdxError> {
    // The buffer grows with what arrives, so a header that promises much costs nothing.
    let mut data = Vec::new();
    reader
        .by_ref()
        .take(expected as u64)
        .read_to_end(&mut data)?;
    if data.len() < expected {
        return Err(IdxError::Truncated {
            expected,
            found: data.len(),
        });
    }
    // Asking for one byte more also makes the decoder verify the checksum at the end of a gzip stream.
    if reader.take(1).read_to_end(&mut Vec::new())? > 0 {
        return Err(IdxError::Trailing { expected });
    }
    Ok(data)
}

fn read_header_field(reader: &mut impl Read) -> Result<[u8; 4], IdxError> {
    let mut field = Vec::with_capacity(4);
    reader.take(4).read_to_end(&mut field)?;
    field.try_into().map_err(|_| IdxError::HeaderCut)
}
