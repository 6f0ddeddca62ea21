//! A file to fetch, with all that the tests of fetching do with it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use datasets::{
    DatasetError, FetchOptions, FetchOutcome, FetchProgress, FetchReport, RemoteFile, fetch_files,
};
use tempfile::TempDir;

use crate::{
    gzip, idx_bytes,
    server::{Behaviour, Server},
};

/// What the file is called.
pub const NAME: &str = "t10k-images-idx3-ubyte";

/// A file, as it is when decompressed and as it is served, and an empty folder for it.
pub struct Case {
    pub dir: TempDir,
    pub plain: Vec<u8>,
    pub packed: Vec<u8>,
    pub file: RemoteFile,
}

impl Case {
    pub fn new() -> Self {
        // Does not compress well, so that the body is longer than one read.
        let mut state = 1_u32;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        let plain = idx_bytes(&[300, 28, 28], &noise.take(300 * 784).collect::<Vec<u8>>());
        let file = RemoteFile {
            name: NAME.to_owned(),
            sha256: files::sha256_hex(&plain),
            bytes: plain.len(),
        };
        Self {
            dir: tempfile::tempdir().unwrap(),
            packed: gzip(&plain),
            plain,
            file,
        }
    }

    pub fn serve(&self, behaviour: Behaviour) -> Server {
        Server::start(&self.packed, behaviour)
    }

    pub fn fetch(&self, mirrors: &[&str]) -> Result<FetchReport, DatasetError> {
        self.fetch_with(&from_mirrors(mirrors))
    }

    pub fn fetch_with(&self, options: &FetchOptions) -> Result<FetchReport, DatasetError> {
        self.fetch_watched(options, &mut |_| ())
    }

    pub fn fetch_watched(
        &self,
        options: &FetchOptions,
        progress: &mut dyn FnMut(FetchProgress),
    ) -> Result<FetchReport, DatasetError> {
        let files = std::slice::from_ref(&self.file);
        fetch_files(files, self.dir.path(), options, progress)
    }

    pub fn target(&self) -> PathBuf {
        self.dir.path().join(format!("{NAME}.gz"))
    }

    pub fn part(&self) -> PathBuf {
        self.dir.path().join(format!("{NAME}.gz.part"))
    }

    /// The file is there, whole, and nothing else is.
    pub fn assert_fetched(&self, result: Result<FetchReport, DatasetError>, from: &Server) {
        let report = result.unwrap();
        let url = format!("{}{NAME}.gz", from.url);
        assert_eq!(report.files.len(), 1);
        assert_eq!(report.files[0].outcome, FetchOutcome::Downloaded(url));
        assert_eq!(report.files[0].path, self.target());
        assert_eq!(fs::read(self.target()).unwrap(), self.packed);
        assert_eq!(names(self.dir.path()), [format!("{NAME}.gz")]);
    }
}

/// The names of what is in a folder.
pub fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Downloads from these folders alone.
pub fn from_mirrors(mirrors: &[&str]) -> FetchOptions {
    FetchOptions {
        mirrors: Some(mirrors.iter().map(|&mirror| mirror.to_owned()).collect()),
        ..FetchOptions::default()
    }
}

/// A server that can go on in the middle.
pub fn resumable() -> Behaviour {
    Behaviour {
        ranges: true,
        ..Behaviour::default()
    }
}
