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
    /// The weights of the model that makes the images, of whatever family.
    pub(crate) const GENERATORS: [Self; 3] = [Self::Vae, Self::Gan, Self::Diffusion];

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
                let path = dir.join(name);
                let fail = |e: std::io::Error| self.damaged(name, unreadable(e), RESTORE);
                let length = std::fs::metadata(&path).map_err(fail)?.len();
                if length > LARGEST_BYTES {
                    let reason = format!("it has {length} bytes, more than any network here");
                    return Err(self.damaged(name, Fault::new(reason), RESTORE));
                }
                std::fs::read(&path).map(Cow::Owned).map_err(fail)
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

pub(crate) const RESTORE: &str = "Restore the bundle from where it came, or train it again";

fn unreadable(error: std::io::Error) -> Fault {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "the file is missing".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    Fault::because(reason, error)
}
