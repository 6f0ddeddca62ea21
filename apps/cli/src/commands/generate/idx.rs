//! Images as one IDX file, and their labels as another beside it. The format is that of the MNIST files: see [`datasets::idx`].

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    ops::Range,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use datasets::Image;

use super::{manifest::Manifest, writer::Writer};

/// Classes that a label of one byte can name.
const CLASSES: u16 = 256;

/// How an IDX file of unsigned bytes begins; the number of dimensions follows.
const START: [u8; 3] = [0, 0, 8];

/// Labels written at a time.
const LABELS: usize = 1 << 16;

/// Adds images to a `.part` file, which is renamed when all are there.
pub struct IdxFile<'a> {
    path: PathBuf,
    manifest: &'a Manifest,
    /// `None` once the file has its name.
    part: Option<File>,
    /// Images in the file.
    done: u64,
}

impl<'a> IdxFile<'a> {
    /// The file that grows while images are drawn.
    pub fn part(path: &Path) -> PathBuf {
        path.with_extension("idx.part")
    }

    /// The file of labels.
    pub fn labels(path: &Path) -> PathBuf {
        path.with_extension("labels.idx")
    }

    /// Refuses what the format cannot hold.
    ///
    /// # Errors
    ///
    /// If there are more images than fit into a header, or a class has no number that fits into a byte.
    pub fn check(manifest: &Manifest) -> anyhow::Result<()> {
        ensure!(
            u32::try_from(manifest.count).is_ok(),
            "an IDX file holds {} images at most: lower --count, or write PNG files with --out DIR",
            u32::MAX
        );
        let numbers = manifest.classes.iter().filter_map(|record| record.class);
        let largest = numbers.max().unwrap_or(0);
        ensure!(
            largest < CLASSES,
            "the labels of an IDX file are single bytes, for classes 0 to {}, and this would need class {largest}: write \
             PNG files with --out DIR, which take any number of classes",
            CLASSES - 1
        );
        Ok(())
    }

    /// Opens the file where an earlier run stopped, or a new one.
    ///
    /// # Errors
    ///
    /// If the file cannot be made.
    pub fn open(path: &Path, manifest: &'a Manifest) -> anyhow::Result<Self> {
        let whole = header_length(manifest) + manifest.count * image_length(manifest);
        let is_whole = path.metadata().is_ok_and(|file| file.len() == whole);
        let (part, done) = if is_whole {
            (None, manifest.count)
        } else {
            let part = Self::part(path);
            let (file, done) = continued(&part, manifest).with_context(|| unwritable(&part))?;
            (Some(file), done)
        };
        Ok(Self {
            path: path.to_owned(),
            manifest,
            part,
            done,
        })
    }

    fn write_labels(&self) -> io::Result<()> {
        let path = Self::labels(&self.path);
        let head = header(&[self.manifest.count]);
        let whole = head.len() as u64 + self.manifest.count;
        let turns = self.manifest.classes.iter();
        let turns: Vec<u8> = turns.filter_map(|c| Some(c.class? as u8)).collect();
        if turns.is_empty() || path.metadata().is_ok_and(|file| file.len() == whole) {
            return Ok(());
        }
        files::write_with(&path, |out| {
            out.write_all(&head)?;
            let mut labels = turns.iter().copied().cycle();
            let mut left = self.manifest.count;
            while left > 0 {
                let some = left.min(LABELS as u64);
                let some: Vec<u8> = labels.by_ref().take(some as usize).collect();
                out.write_all(&some)?;
                left -= some.len() as u64;
            }
            Ok(())
        })
    }
}

impl Writer for IdxFile<'_> {
    fn missing(&self, positions: Range<u64>) -> Vec<u64> {
        (positions.start.max(self.done)..positions.end).collect()
    }

    fn write(&mut self, positions: &[u64], images: &[Image]) -> anyhow::Result<()> {
        let bytes: Vec<u8> = images.iter().flat_map(Image::to_bytes).collect();
        if let Some(part) = &mut self.part {
            part.write_all(&bytes)
                .with_context(|| unwritable(&Self::part(&self.path)))?;
        }
        self.done += positions.len() as u64;
        Ok(())
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        if let Some(part) = self.part.take() {
            let synced = part.sync_all();
            drop(part);
            synced
                .and_then(|()| files::rename(&Self::part(&self.path), &self.path))
                .with_context(|| unwritable(&self.path))?;
        }
        self.write_labels()
            .with_context(|| unwritable(&Self::labels(&self.path)))
    }
}

/// The `.part` file, cut after its last whole image, and how many images it holds.
fn continued(path: &Path, manifest: &Manifest) -> io::Result<(File, u64)> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    let head = image_header(manifest);
    let mut found = Vec::new();
    (&file).take(head.len() as u64).read_to_end(&mut found)?;
    if found != head {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(&head)?;
    }
    let images = file.metadata()?.len() - head.len() as u64;
    let done = (images / image_length(manifest)).min(manifest.count);
    let end = head.len() as u64 + done * image_length(manifest);
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    Ok((file, done))
}

/// `[images, height, width]` for grey images, `[images, channels, height, width]` for images in colour.
fn image_header(manifest: &Manifest) -> Vec<u8> {
    let [channels, height, width] = manifest.shape.map(|side| side as u64);
    if channels == 1 {
        header(&[manifest.count, height, width])
    } else {
        header(&[manifest.count, channels, height, width])
    }
}

fn header(dims: &[u64]) -> Vec<u8> {
    let mut bytes = START.to_vec();
    bytes.push(dims.len() as u8);
    for &dim in dims {
        bytes.extend((dim as u32).to_be_bytes());
    }
    bytes
}

fn header_length(manifest: &Manifest) -> u64 {
    image_header(manifest).len() as u64
}

fn image_length(manifest: &Manifest) -> u64 {
    manifest.shape.iter().map(|&side| side as u64).product()
}

fn unwritable(path: &Path) -> String {
    format!(
        "{} cannot be written: free some space, or choose another file with --out",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::{IdxFile, Manifest, header, image_header};

    /// One class, of a model with so many that it has this number.
    fn manifest(class: u16) -> Manifest {
        let text = format!(
            r#"{{"version": "", "command": "", "model": "", "model_sha256": "", "first_images_sha256": "", "device": "",
            "seed": 0, "noise": 1, "count": 258, "shape": [3, 20, 32], "complete": false,
            "classes": [{{"class": {class}, "name": "", "count": 258}}]}}"#
        );
        serde_json::from_str(&text).expect("a manifest")
    }

    #[test]
    fn a_header_says_the_type_and_the_dimensions() {
        assert_eq!(header(&[258]), [0, 0, 8, 1, 0, 0, 1, 2]);
        let expected = [0, 0, 8, 4, 0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 0, 20, 0, 0, 0, 32];
        assert_eq!(image_header(&manifest(0)), expected);
        let grey = Manifest {
            shape: [1, 20, 32],
            ..manifest(0)
        };
        let expected = [0, 0, 8, 3, 0, 0, 1, 2, 0, 0, 0, 20, 0, 0, 0, 32];
        assert_eq!(image_header(&grey), expected);
    }

    #[test]
    fn a_class_that_no_byte_can_name_is_refused() {
        IdxFile::check(&manifest(255)).expect("the last byte");
        let error = IdxFile::check(&manifest(256)).expect_err("two bytes");
        assert!(error.to_string().contains("--out DIR"), "{error}");
    }
}
