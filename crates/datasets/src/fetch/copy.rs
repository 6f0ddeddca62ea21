//! One file from a folder that has it already.

use std::path::Path;

use super::{FetchOutcome, FetchedFile, RemoteFile, with_suffix};
use crate::{
    DatasetError,
    load::{candidates, read_verified},
};

/// Copies the first file in `from`, or `from` itself if it is a file, if it has the right contents.
pub(super) fn copy(
    file: &RemoteFile,
    from: &Path,
    dir: &Path,
) -> Result<FetchedFile, DatasetError> {
    let mut first_error = None;
    let sources = if from.is_file() {
        vec![from.to_owned()]
    } else {
        candidates(&file.name, &[from])
    };
    for source in sources {
        if let Err(error) = read_verified(&source, file.bytes, &file.sha256) {
            first_error = first_error.or(Some(error));
            continue;
        }
        let gzipped = source
            .extension()
            .is_some_and(|extension| extension == "gz");
        let path = dir.join(&file.name);
        let path = if gzipped {
            with_suffix(&path, ".gz")
        } else {
            path
        };
        files::copy(&source, &path).map_err(|error| DatasetError::Write {
            path: path.clone(),
            source: error,
        })?;
        let outcome = FetchOutcome::Copied(source);
        return Ok(FetchedFile { path, outcome });
    }
    Err(first_error.unwrap_or_else(|| DatasetError::MissingSource {
        file: file.name.clone(),
        dir: from.to_owned(),
    }))
}
