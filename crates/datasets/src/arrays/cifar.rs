//! CIFAR's binary files: records of one label (CIFAR-10) or two (CIFAR-100: coarse, then fine) and 32x32 pixels in three planes.

use std::{io::Read as _, path::Path};

use super::array::{Array, Values};
use crate::{
    DatasetError,
    idx::{MAX_ELEMENTS, open_maybe_gzipped},
};

const SIDE: usize = 32;
const PIXELS: usize = 3 * SIDE * SIDE;

/// Whether a file is as long as whole records are: others that are called `.bin` are none of CIFAR's. A gzipped one may be.
pub(super) fn has_length_of_records(path: &Path) -> bool {
    let is_gzipped = path.extension().is_some_and(|end| end == "gz");
    let length = path.metadata().map_or(0, |file| file.len() as usize);
    let fits = |labels: usize| length > 0 && length.is_multiple_of(PIXELS + labels);
    is_gzipped || fits(1) || fits(2)
}

/// Reads a file as its images and their labels; `None` if its length is not that of such records.
pub(super) fn read(path: &Path) -> Result<Option<[Array; 2]>, DatasetError> {
    let mut bytes = Vec::new();
    let mut bounded = open_maybe_gzipped(path)?.take(MAX_ELEMENTS as u64 + 1);
    bounded
        .read_to_end(&mut bytes)
        .map_err(|source| DatasetError::Read {
            path: path.to_owned(),
            source,
        })?;
    if bytes.len() > MAX_ELEMENTS {
        return Err(DatasetError::TooLarge {
            path: path.to_owned(),
            limit: MAX_ELEMENTS,
        });
    }
    let fits = |labels: &[u8]| {
        let record = PIXELS + labels.len();
        let all_below = |record: &[u8]| record.iter().zip(labels).all(|(label, most)| label < most);
        bytes.len().is_multiple_of(record) && bytes.chunks_exact(record).all(all_below)
    };
    let labels = match bytes.len() {
        0 => return Ok(None),
        _ if fits(&[10]) => 1,
        _ if fits(&[20, 100]) => 2,
        _ => return Ok(None),
    };
    let records = bytes.chunks_exact(PIXELS + labels);
    let classes: Vec<u8> = records.clone().map(|record| record[labels - 1]).collect();
    let pixels: Vec<u8> = records
        .flat_map(|record| &record[labels..])
        .copied()
        .collect();
    let images = classes.len();
    let array = |own: &str, dims: Vec<usize>, values: Vec<u8>| Array {
        path: path.to_owned(),
        name: Array::name_of(path, own),
        dims,
        values: Values::Bytes(values),
    };
    Ok(Some([
        array("images", vec![images, 3, SIDE, SIDE], pixels),
        array("labels", vec![images], classes),
    ]))
}
