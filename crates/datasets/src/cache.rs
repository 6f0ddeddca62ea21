//! Prepared pictures on the disk: what took minutes to decode and to scale is there at once the next time, and need not fit into memory.
//!
//! A file is named by all that its images follow from: the content of every picture, the preparation, the shape, and [`PREPARATION_VERSION`].
//! Who changes a picture or a setting therefore gets another file, and who moves or copies the folder, or labels it anew, gets the same.
//! Files are written whole or not at all and carry a checksum, which is held against all of a file before an image of it is used: a
//! damaged one is made anew. What was not used for [`KEPT_DAYS`] goes when something is added.

mod image_file;
mod key;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

pub(crate) use image_file::{Contents, ImageFile};
pub(crate) use key::{Key, content};

/// Changes when pictures are prepared in another way, so that what was prepared before is not used. A test holds it against the images of some
/// pictures.
pub(crate) const PREPARATION_VERSION: u32 = 1;

/// What nobody used for so many days is removed.
const KEPT_DAYS: u64 = 30;

/// How the names of files end.
const IMAGES: &str = "images";
const SURVEY: &str = "survey";

/// The largest survey that is read, in bytes.
const MAX_SURVEY: u64 = 1 << 12;

/// A folder of prepared pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
}

/// What a cache holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CacheUsage {
    /// How many files.
    pub files: usize,
    /// Their length, in bytes.
    pub bytes: u64,
}

impl Cache {
    /// The cache in a folder, which is made when something is added.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it holds.
    ///
    /// # Errors
    ///
    /// If the folder is there and cannot be listed.
    pub fn usage(&self) -> io::Result<CacheUsage> {
        let mut usage = CacheUsage::default();
        for (_, metadata) in self.files()? {
            usage.files += 1;
            usage.bytes += metadata.len();
        }
        Ok(usage)
    }

    /// Removes all that it holds, and says what that was. Trainings that are under way keep what they have opened.
    ///
    /// # Errors
    ///
    /// If the folder cannot be listed, or a file cannot be removed.
    pub fn clear(&self) -> io::Result<CacheUsage> {
        let usage = self.usage()?;
        for (path, _) in self.files()? {
            files::remove(&path)?;
        }
        if self.folder.is_dir() {
            files::remove_leftovers(&self.folder)?;
        }
        Ok(usage)
    }

    /// The prepared images of a key, if they are there and sound.
    pub(crate) fn images(&self, key: &Key, expected: Contents) -> Option<ImageFile> {
        let path = self.path(key, IMAGES);
        let found = ImageFile::open(&path, expected).ok()?;
        // Only how long it is kept depends on it.
        let _ = files::touch(&path);
        Some(found)
    }

    /// Adds prepared images, which `write` writes one after the other.
    ///
    /// # Errors
    ///
    /// If they cannot be written or read again.
    pub(crate) fn add_images(
        &self,
        key: &Key,
        expected: Contents,
        write: impl FnOnce(&mut image_file::Writer<'_>) -> io::Result<()>,
    ) -> io::Result<ImageFile> {
        self.make_room()?;
        let path = self.path(key, IMAGES);
        files::write_with(&path, |out| image_file::write(out, expected, write))?;
        ImageFile::open(&path, expected)
    }

    /// What is known about the pictures of a key, if that is there.
    pub(crate) fn survey(&self, key: &Key) -> Option<String> {
        let text = files::read_text(&self.path(key, SURVEY), MAX_SURVEY).ok()?;
        Some(files::checked_body(&text).ok()?.trim().to_owned())
    }

    /// Notes what is known about the pictures of a key.
    pub(crate) fn add_survey(&self, key: &Key, survey: &str) -> io::Result<()> {
        self.make_room()?;
        let text = files::checked_text(survey);
        files::write(&self.path(key, SURVEY), text.as_bytes())
    }

    fn path(&self, key: &Key, ending: &str) -> PathBuf {
        self.folder.join(format!("{key}.{ending}"))
    }

    /// Makes the folder, or removes what nobody used for long, and what killed processes left.
    fn make_room(&self) -> io::Result<()> {
        files::create_folder(&self.folder)?;
        for (path, metadata) in self.files()? {
            let age = metadata
                .modified()
                .ok()
                .and_then(|time| time.elapsed().ok());
            if age.is_some_and(|age| age > Duration::from_hours(24 * KEPT_DAYS)) {
                files::remove(&path)?;
            }
        }
        files::remove_old_leftovers(&self.folder.join(IMAGES))
    }

    /// Its files; nothing else that lies in the folder.
    fn files(&self) -> io::Result<Vec<(PathBuf, fs::Metadata)>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            let ours = path
                .extension()
                .is_some_and(|end| end == IMAGES || end == SURVEY);
            let metadata = entry.metadata()?;
            if ours && metadata.is_file() {
                files.push((path, metadata));
            }
        }
        Ok(files)
    }
}
