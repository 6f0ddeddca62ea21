//! Where the images go, what is there already, and that only one process writes there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use files::Lock;

use super::{folders::Folders, idx::IdxFile, manifest::Manifest, writer::Writer};

/// The manifest's name in a folder of images.
pub const MANIFEST: &str = "manifest.json";

/// Where the images go.
#[derive(Debug)]
pub enum Destination {
    /// Into a folder, as PNG files.
    Folder(PathBuf),
    /// Into an IDX file.
    Idx(PathBuf),
}

/// What is at a destination.
pub enum Existing {
    /// Nothing that could be lost.
    Nothing,
    /// What this command wrote.
    Run(Box<Manifest>),
    /// Files of somebody else.
    Foreign,
}

impl Destination {
    /// What `--out` means. What cannot be is told before any work.
    ///
    /// # Errors
    ///
    /// If a folder is called like an IDX file, or a file lies where the folder should be.
    pub fn new(out: &Path) -> anyhow::Result<Self> {
        let shown = out.display();
        let is_idx = out
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("idx"));
        if is_idx {
            ensure!(
                !out.is_dir(),
                "{shown} is a folder, and --out that ends in .idx names a file: choose another name"
            );
            return Ok(Self::Idx(out.to_owned()));
        }
        ensure!(
            !out.is_file(),
            "{shown} is a file: name a folder for PNG files, or a file that ends in .idx, with --out"
        );
        Ok(Self::Folder(out.to_owned()))
    }

    /// As it was named with `--out`.
    pub fn out(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Idx(path) => path,
        }
    }

    /// The manifest's file.
    pub fn manifest(&self) -> PathBuf {
        match self {
            Self::Folder(dir) => dir.join(MANIFEST),
            Self::Idx(file) => file.with_extension("manifest.json"),
        }
    }

    /// Makes the folder if need be, and keeps others from writing there.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or written to, or another process writes there.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let shown = self.out().display();
        let advice = || format!("{shown} cannot be written: choose another place with --out");
        let path = match self {
            Self::Folder(dir) => {
                fs::create_dir_all(dir).with_context(advice)?;
                dir.join(".latent-lens.lock")
            }
            Self::Idx(file) => {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                let dir = folder_of(file);
                fs::create_dir_all(dir).with_context(advice)?;
                dir.join(format!(".{name}.lock"))
            }
        };
        let lock = Lock::try_take(&path).with_context(advice)?;
        lock.with_context(|| {
            format!(
                "another process is writing to {shown}: wait for it, or choose another place with --out"
            )
        })
    }

    /// What is there.
    ///
    /// # Errors
    ///
    /// If the folder cannot be listed.
    pub fn existing(&self) -> anyhow::Result<Existing> {
        if let Some(manifest) = Manifest::read(&self.manifest()) {
            return Ok(Existing::Run(Box::new(manifest)));
        }
        let occupied = match self {
            Self::Folder(dir) => {
                has_visible(dir).with_context(|| format!("{} cannot be listed", dir.display()))?
            }
            Self::Idx(file) => {
                let [part, labels] = [IdxFile::part(file), IdxFile::labels(file)];
                [file, &part, &labels, &self.manifest()]
                    .iter()
                    .any(|path| path.exists())
            }
        };
        Ok(if occupied {
            Existing::Foreign
        } else {
            Existing::Nothing
        })
    }

    /// Removes the images of an earlier run and its manifest, and nothing else.
    ///
    /// # Errors
    ///
    /// If something cannot be removed, or files that the run did not write would be left among the new images.
    pub fn clear(&self, earlier: Option<&Manifest>) -> anyhow::Result<()> {
        let result = match (self, earlier) {
            (Self::Folder(dir), Some(earlier)) => {
                // Until all is gone, it is a run that misses images, and can go on.
                let unfinished = Manifest {
                    complete: false,
                    ..earlier.clone()
                };
                unfinished.write(&self.manifest())?;
                Folders::remove(dir, &unfinished)?;
                removed(&self.manifest())
            }
            (Self::Folder(_), None) => Ok(()),
            (Self::Idx(file), _) => {
                let [part, labels] = [IdxFile::part(file), IdxFile::labels(file)];
                let all = [&part, file, &labels, &self.manifest()];
                all.into_iter().try_for_each(|path| removed(path))
            }
        };
        let shown = self.out().display();
        result.with_context(|| format!("what is in {shown} cannot be removed"))
    }

    /// What writes the images of a run there.
    ///
    /// # Errors
    ///
    /// If files cannot be made there.
    pub fn writer<'a>(&self, manifest: &'a Manifest) -> anyhow::Result<Box<dyn Writer + 'a>> {
        Ok(match self {
            Self::Folder(dir) => Box::new(Folders::open(dir, manifest)?),
            Self::Idx(file) => Box::new(IdxFile::open(file, manifest)?),
        })
    }
}

/// Whether a folder holds anything whose name does not start with a dot.
fn has_visible(dir: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(dir)? {
        if !entry?.file_name().as_encoded_bytes().starts_with(b".") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Removes a file if it is there.
fn removed(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
