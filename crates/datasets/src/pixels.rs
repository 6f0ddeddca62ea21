//! Where the pixels of images are: in memory, or in a file from which each image is read when it is needed.
//!
//! A file keeps the memory of a training bounded, whatever the number of pictures. The standard library has no memory maps, and those of
//! other crates end the process where a disk fails; a read gives an error.

use std::{borrow::Cow, fs::File, path::PathBuf, sync::Arc};

use crate::DatasetError;

/// The pixels of some images, all with the same number of values.
#[derive(Debug, Clone)]
pub(crate) enum Pixels {
    /// One image after the other.
    Memory(Vec<u8>),
    /// In a file, each at a place of its own.
    File {
        file: Arc<PixelFile>,
        /// For each image, how many others lie before it in the file.
        places: Vec<u32>,
    },
}

/// An open file of images, one after the other.
#[derive(Debug)]
pub(crate) struct PixelFile {
    pub file: File,
    /// What messages call it.
    pub path: PathBuf,
    /// Where the first image begins, in bytes.
    pub start: u64,
}

impl Pixels {
    /// How many images of so many values there are.
    pub fn images(&self, values: usize) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len() / values,
            Self::File { places, .. } => places.len(),
        }
    }

    /// The values of an image.
    ///
    /// # Panics
    ///
    /// If there is no such image.
    pub fn read(&self, index: usize, values: usize) -> Result<Cow<'_, [u8]>, DatasetError> {
        match self {
            Self::Memory(bytes) => Ok(bytes[index * values..][..values].into()),
            Self::File { file, places } => {
                let mut bytes = vec![0; values];
                let at = file.start + u64::from(places[index]) * values as u64;
                let read = files::read_exact_at(&file.file, &mut bytes, at);
                read.map_err(|source| DatasetError::PreparedImages {
                    path: file.path.clone(),
                    source,
                })?;
                Ok(bytes.into())
            }
        }
    }

    /// The images at `indices`. Those in a file stay there.
    pub fn subset(&self, indices: &[usize], values: usize) -> Self {
        match self {
            Self::Memory(bytes) => {
                let mut chosen = Vec::with_capacity(indices.len() * values);
                for &index in indices {
                    chosen.extend_from_slice(&bytes[index * values..][..values]);
                }
                Self::Memory(chosen)
            }
            Self::File { file, places } => Self::File {
                file: file.clone(),
                places: indices.iter().map(|&index| places[index]).collect(),
            },
        }
    }

    /// All of them in memory, one after the other.
    pub fn to_memory(&self, values: usize) -> Result<Vec<u8>, DatasetError> {
        if let Self::Memory(bytes) = self {
            return Ok(bytes.clone());
        }
        let mut all = Vec::new();
        for index in 0..self.images(values) {
            all.extend_from_slice(&self.read(index, values)?);
        }
        Ok(all)
    }

    /// These followed by others. Those of one file stay there.
    pub fn concat(&self, other: &Self, values: usize) -> Result<Self, DatasetError> {
        match (self, other) {
            (
                Self::File { file, places },
                Self::File {
                    file: same,
                    places: more,
                },
            ) if Arc::ptr_eq(file, same) => Ok(Self::File {
                file: file.clone(),
                places: [places.as_slice(), more].concat(),
            }),
            _ => {
                let mut all = self.to_memory(values)?;
                all.extend(other.to_memory(values)?);
                Ok(Self::Memory(all))
            }
        }
    }
}

/// The same bytes in memory, or the same places of one open file. Images in a file do not equal a copy of them in memory: that would have to read
/// all of them.
impl PartialEq for Pixels {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Memory(bytes), Self::Memory(others)) => bytes == others,
            (
                Self::File { file, places },
                Self::File {
                    file: other,
                    places: others,
                },
            ) => Arc::ptr_eq(file, other) && places == others,
            _ => false,
        }
    }
}

impl Eq for Pixels {}
