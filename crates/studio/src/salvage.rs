//! What can be kept of a bundle that does not open, when somebody replaces a part of it.

use std::path::Path;

use burn::tensor::Device;
use datasets::DatasetInfo;

use crate::bundle::read_sample;
use crate::bundle_files::Files;
use crate::{Bundle, FileRole, Manifest, ModelSource, StudioError};

/// Takes a part out of a manifest.
type Without = fn(&mut Manifest);

/// The parts that are sound or damaged each for itself.
const PARTS: [Without; 3] = [
    Manifest::remove_generator,
    Manifest::remove_classifier,
    Manifest::remove_second_judge,
];

impl Bundle {
    /// As [`Self::open_or_empty`], for whoever replaces what is damaged in `dir`: the parts that are sound are kept, and of a
    /// manifest that cannot be read nothing is.
    ///
    /// # Errors
    /// [`StudioError::Bundle`] if there is a bundle of another data set or of a newer version, which is not damaged.
    pub fn open_or_salvage(
        dir: &Path,
        dataset: &DatasetInfo,
        device: &Device,
    ) -> Result<Self, StudioError> {
        let source = ModelSource::Folder(dir.to_owned());
        match Self::open(&source, device) {
            Ok(_) => return Self::open_or_empty(dir, dataset, device),
            Err(error) if Manifest::is_of_newer_version(&source) => return Err(error),
            Err(_) => {}
        }
        dataset.check()?;
        let files = Files::of(&source);
        let manifest = match Manifest::read_readable(&source) {
            Some(manifest) => {
                Self::refuse_other(&files, &manifest.dataset, dataset)?;
                sound_parts(&files, manifest, device)
            }
            None => Manifest::empty(dataset.clone()),
        };
        Self::with_networks(&files, manifest, device)
    }
}

/// The manifest without what cannot be opened.
fn sound_parts(files: &Files, mut manifest: Manifest, device: &Device) -> Manifest {
    // It may be about what is gone.
    manifest.report = None;
    if read_sample(files, &manifest).is_err() {
        manifest.files.remove(&FileRole::Sample);
    }
    let mut damaged: Vec<Without> = Vec::new();
    for (index, part) in PARTS.into_iter().enumerate() {
        let mut alone = manifest.clone();
        for (_, other) in PARTS.iter().enumerate().filter(|(at, _)| *at != index) {
            other(&mut alone);
        }
        if Bundle::with_networks(files, alone, device).is_err() {
            damaged.push(part);
        }
    }
    for part in damaged {
        part(&mut manifest);
    }
    manifest
}
