//! Files that the window keeps for itself: RON under a first line that says what they are and of which version.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{atomic::write_atomically, parts::Kept};

/// No file of ours comes near it; anything larger is something else.
const LARGEST_BYTES: u64 = 64 << 20;

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in the folder.
    pub file: &'static str,
    /// What is in it, for its first line and for messages.
    pub what: &'static str,
    /// The version that is written, and the newest that is read.
    pub version: u32,
}

/// A file that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// What is wrong with it and where it is now, in plain words.
    pub text: String,
    /// Whether it is out of the way, so that a new one can be written.
    pub aside: bool,
}

impl Kind {
    /// Where the file of this kind is in `folder`.
    #[must_use]
    pub fn path(&self, folder: &Path) -> PathBuf {
        folder.join(self.file)
    }

    fn first_line(&self) -> String {
        format!("// Latent Lens {}, version ", self.what)
    }

    /// The text of a file with `value` in it.
    ///
    /// # Errors
    /// If the value has no form in RON; none of ours has such parts.
    pub fn text<T: Serialize>(&self, value: &T) -> Result<String, String> {
        let pretty = ron::ser::PrettyConfig::new().compact_arrays(true);
        let body = ron::ser::to_string_pretty(value, pretty).map_err(|error| error.to_string())?;
        Ok(format!("{}{}\n{body}\n", self.first_line(), self.version))
    }

    /// What is in a text that [`Self::text`] made.
    ///
    /// # Errors
    /// If it is something else, of a newer version, or damaged; the message says which.
    pub fn parse<T: DeserializeOwned>(&self, text: &str) -> Result<T, String> {
        let line = text.lines().next().unwrap_or_default();
        let version: u32 = line
            .strip_prefix(&self.first_line())
            .and_then(|version| version.trim().parse().ok())
            .ok_or_else(|| format!("it is no {} of Latent Lens", self.what))?;
        if version > self.version {
            return Err(format!(
                "it is of version {version}, and this program knows version {}",
                self.version
            ));
        }
        ron::from_str(text).map_err(|error| format!("it is damaged at {error}"))
    }

    /// Reads the file of this kind in `folder`; nothing if there is none. Of one that is damaged the parts that can be read are taken. It
    /// is renamed beside itself then, so that nothing is lost, and what was wrong with it comes back as well.
    #[must_use]
    pub fn read<T: Kept>(&self, folder: &Path) -> (Option<T>, Option<StoreError>) {
        let path = self.path(folder);
        let (parts, reason) = match read(&path) {
            Ok(None) => return (None, None),
            Ok(Some(text)) => match self.parse(&text) {
                Ok(value) => return (Some(value), None),
                Err(reason) => (self.sound_parts(&text), reason),
            },
            Err(reason) => (None, reason),
        };
        let without = if parts.is_some() {
            "what could not be read of it"
        } else {
            "it"
        };
        (parts, Some(self.set_aside(&path, &reason, without)))
    }

    /// The parts that can be read of a text of this kind, and of no newer version.
    fn sound_parts<T: Kept>(&self, text: &str) -> Option<T> {
        let line = text.lines().next().unwrap_or_default();
        let version = line.strip_prefix(&self.first_line())?.trim().parse::<u32>();
        version.ok().filter(|version| *version <= self.version)?;
        T::sound_parts(text)
    }

    /// Brings what changed from `written` to `now` into the file of this kind in `folder`, where another window may have written since;
    /// `merged` is told both and what is there. Then `written` is `now`.
    ///
    /// # Errors
    /// If the file cannot be locked or written; the message says why.
    pub fn merge<T: Kept + Serialize>(
        &self,
        folder: &Path,
        written: &Mutex<T>,
        now: T,
        merged: impl FnOnce(&T, &T, T) -> T,
    ) -> Result<(), String> {
        let path = self.path(folder);
        let failed = |reason: String| format!("could not keep {}: {reason}", path.display());
        fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        let lock = folder.join(format!(".{}.lock", self.file));
        let _lock = ::files::Lock::wait(&lock).map_err(|error| failed(error.to_string()))?;
        let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
        let (there, _) = self.read(folder);
        let text = match there {
            Some(there) => self.text(&merged(&written, &now, there)),
            None => self.text(&now),
        };
        let bytes = text.map_err(failed)?.into_bytes();
        write_atomically(&path, &bytes).map_err(|error| failed(format!("{error:#}")))?;
        *written = now;
        Ok(())
    }

    fn set_aside(&self, path: &Path, reason: &str, without: &str) -> StoreError {
        let mut number = 1;
        let mut aside = path.with_extension("aside.ron");
        while aside.exists() {
            number += 1;
            aside = path.with_extension(format!("aside-{number}.ron"));
        }
        match fs::rename(path, &aside) {
            Ok(()) => StoreError {
                text: format!(
                    "The {} could not be read ({reason}). It was set aside as {}, and this window starts without {without}.",
                    self.what,
                    aside.display()
                ),
                aside: true,
            },
            Err(error) => StoreError {
                text: format!(
                    "The {} in {} could not be read ({reason}), nor be set aside ({error}). Nothing will be written \
                     there: move it away and start again.",
                    self.what,
                    path.display()
                ),
                aside: false,
            },
        }
    }
}

fn read(path: &Path) -> Result<Option<String>, String> {
    match ::files::read_text(path, LARGEST_BYTES) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Where this person's files are kept: `~/.local/share/latent-lens` on Linux, or in `$XDG_DATA_HOME`. `None` where there
/// is no home.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    dirs::data_local_dir().map(|folder| folder.join("latent-lens"))
}
