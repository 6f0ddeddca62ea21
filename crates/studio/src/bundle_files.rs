use std::borrow::Cow;
use std::path::PathBuf;

use datasets::KnownDataset;

use crate::{ModelSource, StudioError};

/// The manifest's file name.
pub(crate) const MANIFEST: &str = "manifest.ron";
/// The VAE's weights.
pub(crate) const VAE: &str = "vae.safetensors";
/// The classifier's weights.
pub(crate) const CLASSIFIER: &str = "classifier.safetensors";

/// Largest file of a bundle that is read. A full-width ResNet-18 in single precision has 45 MB.
const LARGEST_BYTES: u64 = 512 << 20;

/// The files of a bundle, in the program or on disk.
pub(crate) struct Files {
    model: String,
    place: Place,
}

enum Place {
    Shipped(KnownDataset),
    Folder(PathBuf),
}

macro_rules! asset {
    ($path:literal) => {
        include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../assets/models/",
            $path
        ))
    };
}

impl Files {
    pub fn of(source: &ModelSource) -> Self {
        Self {
            model: source.to_string(),
            place: match source {
                ModelSource::Shipped(dataset) => Place::Shipped(*dataset),
                ModelSource::Folder(path) => Place::Folder(path.clone()),
            },
        }
    }

    /// The bytes of one file.
    pub fn read(&self, name: &str) -> Result<Cow<'static, [u8]>, StudioError> {
        match &self.place {
            Place::Shipped(dataset) => {
                shipped(*dataset, name).map(Cow::Borrowed).ok_or_else(|| {
                    self.damaged(name, "it is not part of this program".to_owned(), RESTORE)
                })
            }
            Place::Folder(dir) => {
                let path = dir.join(name);
                let fail = |e: std::io::Error| self.damaged(name, reason(&e), RESTORE);
                let length = std::fs::metadata(&path).map_err(fail)?.len();
                if length > LARGEST_BYTES {
                    let reason = format!("it has {length} bytes, more than any network here");
                    return Err(self.damaged(name, reason, RESTORE));
                }
                std::fs::read(&path).map(Cow::Owned).map_err(fail)
            }
        }
    }

    /// The error for a file that cannot be used.
    pub fn damaged(&self, file: &str, reason: String, remedy: &'static str) -> StudioError {
        StudioError::Bundle {
            model: self.model.clone(),
            file: file.to_owned(),
            reason,
            remedy,
        }
    }
}

pub(crate) const RESTORE: &str =
    "Restore the bundle from where it came, or train it again with `latent-lens train`";

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "the file is missing".to_owned(),
        _ => format!("it cannot be read: {error}"),
    }
}

fn shipped(dataset: KnownDataset, name: &str) -> Option<&'static [u8]> {
    let bytes: &[u8] = match (dataset, name) {
        (KnownDataset::Mnist, MANIFEST) => asset!("mnist/manifest.ron"),
        (KnownDataset::Mnist, VAE) => asset!("mnist/vae.safetensors"),
        (KnownDataset::Mnist, CLASSIFIER) => asset!("mnist/classifier.safetensors"),
        (KnownDataset::FashionMnist, MANIFEST) => asset!("fashion-mnist/manifest.ron"),
        (KnownDataset::FashionMnist, VAE) => asset!("fashion-mnist/vae.safetensors"),
        (KnownDataset::FashionMnist, CLASSIFIER) => asset!("fashion-mnist/classifier.safetensors"),
        _ => return None,
    };
    Some(bytes)
}
