//! The files of a bundle, in the program or on disk: read whole, and checked before a number of them is used.

use std::borrow::Cow;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::cause::Fault;
use crate::{ModelSource, ShippedModel, StudioError};

/// The name of the manifest's file, which makes a folder a model.
pub const MANIFEST: &str = "manifest.ron";

/// Largest file of a bundle that is read. A full-width ResNet-18 in single precision has 45 MB.
const LARGEST_BYTES: u64 = 512 << 20;

/// Largest manifest that is read: the first format keeps the numbers of a latent space in it, and a report of many classes is long.
const LARGEST_MANIFEST_BYTES: u64 = 64 << 20;

/// How the text begins that Git keeps in the place of a large file until Git LFS fetches it.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
const NOT_FETCHED: &str = "it is a pointer of Git LFS, and not the file itself";
const FETCH_LFS: &str = "Fetch the files of the repository that it is in with `git lfs pull`";

/// How the other files' names end. Images of a sample are packed: they shrink to a sixth, and weights hardly at all.
const EXTENSION: &str = ".safetensors";
const PACKED_EXTENSION: &str = ".safetensors.gz";

/// Characters of its SHA-256 in a file's name: enough that no two versions of it have the same.
const NAME_DIGITS: usize = 12;

/// What a file of a bundle holds, beside the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The weights of the VAE.
    Vae,
    /// The weights of the GAN's generator.
    Gan,
    /// The weights of the diffusion.
    Diffusion,
    /// The weights of the classifier.
    Classifier,
    /// The weights of the second judge.
    SecondJudge,
    /// The weights of the refiner.
    Refiner,
    /// The numbers of the latent space.
    LatentSpace,
    /// A few images of the data set, with their labels.
    Sample,
}

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Its name in the bundle's folder.
    pub name: String,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl FileRole {
    /// All that there are.
    pub(crate) const ALL: [Self; 8] = [
        Self::Vae,
        Self::Gan,
        Self::Diffusion,
        Self::Classifier,
        Self::SecondJudge,
        Self::Refiner,
        Self::LatentSpace,
        Self::Sample,
    ];

    /// The weights of the model that makes the images, of whatever family.
    pub(crate) const GENERATORS: [Self; 3] = [Self::Vae, Self::Gan, Self::Diffusion];

    /// Whether it goes with the model that makes the images.
    pub(crate) fn is_of_generator(self) -> bool {
        Self::GENERATORS.contains(&self) || matches!(self, Self::Refiner | Self::LatentSpace)
    }

    /// How names of such files begin.
    pub(crate) fn stem(self) -> &'static str {
        match self {
            Self::Vae => "vae",
            Self::Gan => "gan",
            Self::Diffusion => "diffusion",
            Self::Classifier => "classifier",
            Self::SecondJudge => "second-judge",
            Self::Refiner => "refiner",
            Self::LatentSpace => "latent-space",
            Self::Sample => "sample",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Sample => PACKED_EXTENSION,
            _ => EXTENSION,
        }
    }
}

/// Whether this is how a bundle names its files: a role, and how the content's checksum begins.
pub(crate) fn is_own_name(name: &str) -> bool {
    let rest = |role: FileRole| {
        let rest = name.strip_prefix(role.stem())?;
        rest.strip_suffix(role.extension())
    };
    let hashed = |rest: &str| {
        let digits = rest.strip_prefix('-').unwrap_or_default();
        digits.len() == NAME_DIGITS && digits.chars().all(|c| c.is_ascii_hexdigit())
    };
    FileRole::ALL.into_iter().filter_map(rest).any(hashed)
}

impl FileRecord {
    /// The record of a file with this content. Another content has another name, so that a new version lies beside the
    /// one in force until the manifest names it.
    pub(crate) fn of(role: FileRole, bytes: &[u8]) -> Self {
        let sha256 = files::sha256_hex(bytes);
        let digits = &sha256[..NAME_DIGITS];
        Self {
            name: format!("{}-{digits}{}", role.stem(), role.extension()),
            sha256,
        }
    }

    /// Whether the name is that of a file in the bundle's own folder. A manifest comes from outside.
    pub(crate) fn is_sound(&self) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let ends = [EXTENSION, PACKED_EXTENSION].map(|end| self.name.ends_with(end));
        ends.contains(&true) && !self.name.starts_with('.') && self.name.chars().all(plain)
    }

    /// What to say of a name that is not sound.
    pub(crate) fn unsound(&self) -> Fault {
        Fault::new(format!(
            "{:?} is no name of a file in its folder",
            self.name
        ))
    }
}

/// The files of a bundle, in the program or on disk.
pub(crate) struct Files {
    model: String,
    place: Place,
}

enum Place {
    Shipped(ShippedModel),
    Folder(PathBuf),
}

impl Files {
    pub fn of(source: &ModelSource) -> Self {
        Self {
            model: source.to_string(),
            place: match source {
                ModelSource::Shipped(model) => Place::Shipped(*model),
                ModelSource::Folder(path) => Place::Folder(path.clone()),
            },
        }
    }

    /// The bytes of one file.
    pub fn read(&self, name: &str) -> Result<Cow<'static, [u8]>, StudioError> {
        match &self.place {
            Place::Shipped(model) => model.file(name).map(Cow::Borrowed).ok_or_else(|| {
                let fault = Fault::new("it is not part of this program");
                self.damaged(name, fault, RESTORE)
            }),
            Place::Folder(dir) => {
                let limit = if name == MANIFEST {
                    LARGEST_MANIFEST_BYTES
                } else {
                    LARGEST_BYTES
                };
                let bytes = files::read(&dir.join(name), limit)
                    .map_err(|e| self.damaged(name, unreadable(e), RESTORE))?;
                if bytes.starts_with(LFS_POINTER) {
                    return Err(self.damaged(name, Fault::new(NOT_FETCHED), FETCH_LFS));
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// The bytes of a file that the manifest names, if they are those that were written.
    pub fn read_checked(&self, record: &FileRecord) -> Result<Cow<'static, [u8]>, StudioError> {
        if !record.is_sound() {
            return Err(self.damaged(MANIFEST, record.unsound(), RESTORE));
        }
        let bytes = self.read(&record.name)?;
        if files::sha256_hex(&bytes) == record.sha256 {
            return Ok(bytes);
        }
        let fault = Fault::new("its content does not match the SHA-256 in the manifest");
        Err(self.damaged(&record.name, fault, RESTORE))
    }

    /// The error for a file that cannot be used.
    pub fn damaged(&self, file: &str, fault: Fault, remedy: &'static str) -> StudioError {
        let Fault { reason, source } = fault;
        StudioError::Bundle {
            model: self.model.clone(),
            file: file.to_owned(),
            reason,
            remedy,
            source,
        }
    }
}

/// What to do about weights without a manifest.
pub(crate) const REPLACE: &str =
    "Restore the manifest, choose another output folder, or have the model replaced";
/// What to do about a file that is damaged.
pub(crate) const RESTORE: &str = "Restore the bundle from where it came, or train it again";

fn unreadable(error: std::io::Error) -> Fault {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "the file is missing".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    Fault::because(reason, error)
}
