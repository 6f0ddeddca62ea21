//! A file of prepared images.
//!
//! A line that says what it is; the bytes of every image, zeros in the place of one whose picture is broken; the numbers of those, four bytes each; how
//! many there are, and of how many pictures the whole was taken, eight bytes each (all little-endian); and the SHA-256 of all that in 64
//! hexadecimal digits.

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Write},
    path::Path,
};

use files::Checksum;

use crate::pixels::PixelFile;

/// How a file begins.
const FIRST_LINE: &[u8] = b"latent-lens prepared pictures 1\n";

/// The bytes of a number of an image, of a count, and of the checksum.
const INDEX: usize = 4;
const COUNT: usize = 8;
const CHECKSUM: usize = 64;

/// How many bytes are read at a time when a file is checked.
const PIECE: usize = 1 << 20;

/// How many images a file holds, and how many values each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contents {
    pub images: usize,
    pub values: usize,
}

impl Contents {
    /// The bytes before the list of broken pictures.
    fn end_of_images(self) -> u64 {
        FIRST_LINE.len() as u64 + self.images as u64 * self.values as u64
    }
}

/// A file that is open and was found sound.
#[derive(Debug)]
pub(crate) struct ImageFile {
    pub pixels: PixelFile,
    /// The numbers of the images whose pictures are broken.
    pub broken: Vec<usize>,
    /// How many pictures were taken whole, since no object was found in them.
    pub whole: usize,
}

impl ImageFile {
    /// Opens a file and checks every byte of it.
    pub fn open(path: &Path, expected: Contents) -> io::Result<Self> {
        let file = files::open(path)?;
        let fixed = expected.end_of_images() + (2 * COUNT + CHECKSUM) as u64;
        let length = file.metadata()?.len();
        let list = length.checked_sub(fixed).ok_or_else(damaged)?;
        if list > (expected.images * INDEX) as u64 || list % INDEX as u64 != 0 {
            return Err(damaged());
        }
        check(&file, length - CHECKSUM as u64)?;
        let mut tail = vec![0; list as usize + 2 * COUNT];
        files::read_exact_at(&file, &mut tail, expected.end_of_images())?;
        let (list, counts) = tail.split_at(list as usize);
        let (indices, _) = list.as_chunks::<INDEX>();
        let broken: Vec<usize> = indices
            .iter()
            .map(|i| u32::from_le_bytes(*i) as usize)
            .collect();
        let (counts, _) = counts.as_chunks::<COUNT>();
        let [count, whole] = [0, 1].map(|at| u64::from_le_bytes(counts[at]) as usize);
        if count != broken.len() || broken.iter().any(|index| *index >= expected.images) {
            return Err(damaged());
        }
        Ok(Self {
            pixels: PixelFile {
                file,
                path: path.to_owned(),
                start: FIRST_LINE.len() as u64,
            },
            broken,
            whole,
        })
    }
}

/// Holds the first `length` bytes of a file against the checksum behind them.
fn check(file: &File, length: u64) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(PIECE, file);
    let mut first = [0; FIRST_LINE.len()];
    reader.read_exact(&mut first)?;
    let mut checksum = Checksum::default();
    checksum.update(&first);
    let mut left = length - first.len() as u64;
    let mut piece = vec![0; PIECE];
    while left > 0 {
        let part = &mut piece[..left.min(PIECE as u64) as usize];
        reader.read_exact(part)?;
        checksum.update(part);
        left -= part.len() as u64;
    }
    let mut kept = [0; CHECKSUM];
    reader.read_exact(&mut kept)?;
    if first == FIRST_LINE && checksum.hex().as_bytes() == kept {
        Ok(())
    } else {
        Err(damaged())
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not as it was written")
}

/// Takes images one after the other on their way to a file.
pub(crate) struct Writer<'a> {
    out: &'a mut dyn Write,
    checksum: Checksum,
    contents: Contents,
    written: usize,
    broken: Vec<u32>,
    whole: u64,
}

impl Writer<'_> {
    /// Writes an image; one that was not cut to an object is counted.
    pub fn image(&mut self, values: &[u8], is_whole: bool) -> io::Result<()> {
        self.whole += u64::from(is_whole);
        self.written += 1;
        self.put(values)
    }

    /// Notes that the picture of the next image is broken.
    pub fn broken(&mut self) -> io::Result<()> {
        self.broken.push(self.written as u32);
        self.written += 1;
        self.put(&vec![0; self.contents.values])
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.checksum.update(bytes);
        self.out.write_all(bytes)
    }
}

/// Writes a file of images, which `images` gives one by one.
pub(super) fn write(
    out: &mut dyn Write,
    contents: Contents,
    images: impl FnOnce(&mut Writer<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut writer = Writer {
        out,
        checksum: Checksum::default(),
        contents,
        written: 0,
        broken: Vec::new(),
        whole: 0,
    };
    writer.put(FIRST_LINE)?;
    images(&mut writer)?;
    let list: Vec<u8> = writer
        .broken
        .iter()
        .flat_map(|index| index.to_le_bytes())
        .collect();
    let counts = [writer.broken.len() as u64, writer.whole].map(u64::to_le_bytes);
    writer.put(&list)?;
    writer.put(&counts.concat())?;
    let Writer { out, checksum, .. } = writer;
    out.write_all(checksum.hex().as_bytes())
}
