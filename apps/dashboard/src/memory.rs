//! What the window remembers of a person from one start to the next: a small file in the platform's folder for data.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use studio::Manifest;

use crate::export::write_atomically;

/// The version of the file that this program writes. Older ones can be read, newer ones are left alone.
const VERSION: u32 = 1;

/// What is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    version: u32,
    /// Whether the person has seen the tour, or skipped it.
    #[serde(default)]
    pub tour_done: bool,
    /// What the person calls the dimensions of each model, which is known by the SHA-256 of its VAE's weights: so a name
    /// stays with the model wherever its folder goes.
    #[serde(default)]
    notes: BTreeMap<String, BTreeMap<usize, Note>>,
}

/// What a person says about a dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A short name.
    pub name: String,
    /// More about it.
    #[serde(default)]
    pub text: String,
}

impl Note {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.name.trim().is_empty() && self.text.trim().is_empty()
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            version: VERSION,
            tour_done: false,
            notes: BTreeMap::new(),
        }
    }
}

/// By which the memory knows a model: the SHA-256 of its VAE's weights, empty if it has none.
#[must_use]
pub fn weights(manifest: &Manifest) -> &str {
    manifest
        .files
        .get("vae.safetensors")
        .map_or("", String::as_str)
}

impl Memory {
    /// Where the file is on this platform; `None` if the platform says nothing.
    #[must_use]
    pub fn path() -> Option<PathBuf> {
        Some(dirs::data_dir()?.join("latent-lens").join("window.ron"))
    }

    /// Reads the file; nothing is remembered if there is none.
    ///
    /// # Errors
    /// If it cannot be read, is damaged, or was written by a newer version. It should not be written then.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error).with_context(|| format!("could not read {name}")),
        };
        let memory: Self = ron::from_str(&text)
            .with_context(|| format!("{name} is damaged; delete it to start afresh"))?;
        anyhow::ensure!(
            memory.version <= VERSION,
            "{name} was written by a newer Latent Lens; this one leaves it as it is"
        );
        Ok(Self {
            version: VERSION,
            ..memory
        })
    }

    /// Writes the file, and its folder if need be. A file that is there already is replaced at once or not at all.
    ///
    /// # Errors
    /// If the folder cannot be made or written to.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let name = path.display();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("could not make the folder {}", folder.display()))?;
        }
        let text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())?;
        write_atomically(path, text.as_bytes()).with_context(|| format!("could not write {name}"))
    }

    /// What the person says about a dimension of the model with these weights.
    #[must_use]
    pub fn note(&self, weights: &str, dim: usize) -> Option<&Note> {
        self.notes.get(weights)?.get(&dim)
    }

    /// Keeps what the person says about a dimension; an empty note is forgotten.
    pub fn set_note(&mut self, weights: &str, dim: usize, note: Note) {
        let notes = self.notes.entry(weights.to_owned()).or_default();
        if note.is_empty() {
            notes.remove(&dim);
        } else {
            notes.insert(dim, note);
        }
        self.notes.retain(|_, notes| !notes.is_empty());
    }
}
