//! Writing a bundle, so that one rename puts all of it in force.

use std::collections::BTreeMap;
use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use datasets::LabelledImages;

use super::Bundle;
use crate::bundle_files::{Files, MANIFEST};
use crate::cause::{Cause, Fault};
use crate::folder::own_files;
use crate::{FileRecord, FileRole, Manifest, ModelSource, StudioError, arrays, weights};

/// Where a manifest that cannot be read goes when another one takes its place.
const DAMAGED_MANIFEST: &str = "manifest-damaged.ron";

/// Files of a bundle that are to be written.
pub type Outputs = Vec<(FileRole, Vec<u8>)>;

/// The files of networks that were not replaced since the bundle in `dir` was opened. They stay as they are, and with them what
/// tells the model from another: an earlier version may have written the same network in other bytes.
pub fn weights_in_force(dir: &Path, manifest: &Manifest) -> BTreeMap<FileRole, FileRecord> {
    let networks = [
        FileRole::Vae,
        FileRole::Gan,
        FileRole::Diffusion,
        FileRole::Refiner,
        FileRole::Classifier,
        FileRole::SecondJudge,
    ];
    let files = Files::of(&ModelSource::Folder(dir.to_owned()));
    let stays = |role: &FileRole, record: &FileRecord| {
        networks.contains(role) && files.read_checked(record).is_ok()
    };
    let records = manifest.files.iter();
    let staying = records.filter(|(role, record)| stays(role, record));
    staying
        .map(|(role, record)| (*role, record.clone()))
        .collect()
}

/// The file of a network, if there is one and none of it stays.
pub fn weights_of<M: Module>(
    dir: &Path,
    kept: &BTreeMap<FileRole, FileRecord>,
    role: FileRole,
    network: Option<&M>,
) -> Result<Option<(FileRole, Vec<u8>)>, StudioError> {
    let Some(network) = network.filter(|_| !kept.contains_key(&role)) else {
        return Ok(None);
    };
    let bytes = weights::to_bytes(network);
    let bytes = bytes.map_err(|fault| StudioError::write(&dir.join(role.stem()), fault))?;
    Ok(Some((role, bytes)))
}

/// The files that hold no weights.
pub fn numbers(
    dir: &Path,
    manifest: &Manifest,
    sample: Option<&LabelledImages>,
) -> Result<Outputs, StudioError> {
    let mut outputs = Outputs::new();
    let mut add = |role: FileRole, bytes: Result<Vec<u8>, Fault>| {
        let bytes = bytes.map_err(|e| StudioError::write(&dir.join(role.stem()), e))?;
        outputs.push((role, bytes));
        Ok::<(), StudioError>(())
    };
    // That of a model without an encoder follows from its dimensions.
    if let Some(vae) = manifest
        .generator
        .as_ref()
        .filter(|part| part.has_encoder())
    {
        add(FileRole::LatentSpace, arrays::of_latent_space(&vae.latent))?;
    }
    if let Some(sample) = sample {
        add(FileRole::Sample, arrays::of_sample(sample))?;
    }
    Ok(outputs)
}

/// Writes the files, then the manifest that names them if all opens again, and removes what no manifest names any more.
pub fn put_in_force(
    dir: &Path,
    manifest: &mut Manifest,
    outputs: Outputs,
) -> Result<(), StudioError> {
    let before = Manifest::read(&ModelSource::Folder(dir.to_owned()));
    let mut written = Vec::new();
    let result = write_files(dir, manifest, outputs, &mut written)
        .and_then(|()| write_manifest(dir, manifest, before.is_err()));
    match result {
        Ok(()) => {
            if let Ok(before) = before {
                remove_unnamed(dir, manifest, &before);
            }
            Ok(())
        }
        Err(error) => {
            // A fault after the rename leaves the new manifest in force, and what it names.
            let now = Manifest::read(&ModelSource::Folder(dir.to_owned())).ok();
            let records = || now.iter().flat_map(|now| now.files.values());
            for name in written {
                if records().all(|record| record.name != name) {
                    let _ = files::remove(&dir.join(name));
                }
            }
            Err(error)
        }
    }
}

/// Writes files, and notes in `written` those that were not there.
fn write_files(
    dir: &Path,
    manifest: &mut Manifest,
    outputs: Outputs,
    written: &mut Vec<String>,
) -> Result<(), StudioError> {
    for (role, bytes) in outputs {
        let record = FileRecord::of(role, &bytes);
        let path = dir.join(&record.name);
        if !path.exists() {
            written.push(record.name.clone());
        }
        files::write(&path, &bytes).map_err(|e| StudioError::write(&path, e))?;
        manifest.files.insert(role, record);
    }
    Ok(())
}

/// Puts the manifest into its place if the bundle opens with it. One that is `damaged` is kept beside it.
fn write_manifest(dir: &Path, manifest: &mut Manifest, damaged: bool) -> Result<(), StudioError> {
    let path = dir.join(MANIFEST);
    manifest.format_version = crate::FORMAT_VERSION;
    let text = manifest
        .to_text()
        .map_err(|e| StudioError::write(&path, e))?;
    opens(dir, &text).map_err(|error| StudioError::Unusable {
        path: dir.to_owned(),
        // Its remedy is about a bundle that was there.
        reason: match &error {
            StudioError::Bundle { file, reason, .. } => format!("{file}: {reason}"),
            other => other.to_string(),
        },
        source: Cause::new(error),
    })?;
    if damaged && path.is_file() {
        // Somebody may still find something in it.
        let _ = files::copy(&path, &dir.join(DAMAGED_MANIFEST));
    }
    files::write(&path, text.as_bytes()).map_err(|e| StudioError::write(&path, e))
}

/// Opens the bundle that a text would be the manifest of. The networks come to the host, which is there in any case.
fn opens(dir: &Path, text: &str) -> Result<(), StudioError> {
    let files = Files::of(&ModelSource::Folder(dir.to_owned()));
    let manifest = Manifest::of_text(text.as_bytes(), &files)?;
    Bundle::with_networks(&files, manifest, &Device::flex()).map(drop)
}

/// Removes the files that a bundle wrote here and this manifest does not name: those of the one before it, and what a killed process
/// left before it came to its manifest.
fn remove_unnamed(dir: &Path, manifest: &Manifest, before: &Manifest) {
    let named = |name: &str| manifest.files.values().any(|record| record.name == name);
    let mut names = own_files(dir);
    names.extend(before.files.values().map(|record| record.name.clone()));
    for name in names.iter().filter(|name| !named(name)) {
        // A file that nothing names costs disk space, not correctness.
        let _ = files::remove(&dir.join(name));
    }
}
