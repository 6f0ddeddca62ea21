use std::fs;
use std::path::{Path, PathBuf};

use burn::module::Module;
use burn::tensor::Device;
use classifier::ResNet18;
use vae_core::Vae;

use crate::bundle_files::{CLASSIFIER, Files, MANIFEST, RESTORE, VAE};
use crate::{ClassifierPart, Manifest, ModelSource, Report, StudioError, VaePart, weights};

/// A model bundle in memory: the manifest and the networks that it describes.
#[derive(Debug)]
pub struct Bundle {
    /// What it is.
    pub manifest: Manifest,
    /// The VAE, if it is trained.
    pub vae: Option<Vae>,
    /// The classifier, if it is trained.
    pub classifier: Option<ResNet18>,
}

impl Bundle {
    /// Opens a bundle, all or nothing: every file is checked against its SHA-256 before a number of it is used.
    ///
    /// # Errors
    /// [`StudioError::Bundle`] names the file that is missing, damaged or does not fit.
    pub fn open(source: &ModelSource, device: &Device) -> Result<Self, StudioError> {
        let manifest = Manifest::read(source)?;
        let files = Files::of(source);
        let vae = match &manifest.vae {
            Some(part) => {
                let fresh = part.config.init(manifest.class_names.len(), device)?;
                Some(network(&files, &manifest, VAE, fresh)?)
            }
            None => None,
        };
        let classifier = match &manifest.classifier {
            Some(part) => {
                let fresh = part.config.init(device)?;
                Some(network(&files, &manifest, CLASSIFIER, fresh)?)
            }
            None => None,
        };
        Ok(Self {
            manifest,
            vae,
            classifier,
        })
    }

    /// A bundle without networks, or the one that is already in `dir`.
    ///
    /// # Errors
    /// [`StudioError::Bundle`] if there is one and it is damaged or of another data set.
    pub fn open_or_empty(
        dir: &Path,
        dataset: &str,
        class_names: &[String],
        device: &Device,
    ) -> Result<Self, StudioError> {
        let source = ModelSource::Folder(dir.to_owned());
        if !dir.join(MANIFEST).exists() {
            return Ok(Self {
                manifest: Manifest::empty(dataset, class_names.to_vec()),
                vae: None,
                classifier: None,
            });
        }
        let bundle = Self::open(&source, device)?;
        if bundle.manifest.dataset != dataset || bundle.manifest.class_names != class_names {
            let reason = format!(
                "the bundle is for {}, and this run for {dataset}",
                bundle.manifest.dataset
            );
            let remedy = "Choose another output folder";
            return Err(Files::of(&source).damaged(MANIFEST, reason, remedy));
        }
        Ok(bundle)
    }

    /// Puts a VAE in; a report about an earlier one no longer holds and is dropped.
    pub fn set_vae(&mut self, vae: Vae, part: VaePart) {
        self.vae = Some(vae);
        self.manifest.vae = Some(part);
        self.manifest.report = None;
    }

    /// Puts a classifier in; a report about an earlier one no longer holds and is dropped.
    pub fn set_classifier(&mut self, classifier: ResNet18, part: ClassifierPart) {
        self.classifier = Some(classifier);
        self.manifest.classifier = Some(part);
        self.manifest.report = None;
    }

    /// Saves the bundle in `dir`, which is made if need be.
    ///
    /// All files are written beside their places first, and only when all are safely on disk moved there, the manifest
    /// last. A failure before that changes nothing; one within the moves is noticed on opening, by the checksums.
    ///
    /// # Errors
    /// [`StudioError::Write`] if a file cannot be written.
    pub fn save(&mut self, dir: &Path) -> Result<(), StudioError> {
        let mut outputs = Vec::new();
        if let Some(vae) = &self.vae {
            outputs.push((VAE, encoded(dir, VAE, vae)?));
        }
        if let Some(classifier) = &self.classifier {
            outputs.push((CLASSIFIER, encoded(dir, CLASSIFIER, classifier)?));
        }
        self.manifest.files = outputs
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), files::sha256_hex(bytes)))
            .collect();
        outputs.push((MANIFEST, manifest_bytes(dir, &self.manifest)?));
        fs::create_dir_all(dir).map_err(|e| StudioError::write(dir, e))?;
        replace(dir, &outputs)
    }
}

/// Puts a report into the manifest of the bundle in `dir`.
///
/// # Errors
/// [`StudioError::Bundle`] if the manifest cannot be read, [`StudioError::Write`] if it cannot be written.
pub fn write_report(dir: &Path, report: Report) -> Result<(), StudioError> {
    let mut manifest = Manifest::read(&ModelSource::Folder(dir.to_owned()))?;
    manifest.report = Some(report);
    replace(dir, &[(MANIFEST, manifest_bytes(dir, &manifest)?)])
}

fn manifest_bytes(dir: &Path, manifest: &Manifest) -> Result<Vec<u8>, StudioError> {
    manifest
        .to_text()
        .map(String::into_bytes)
        .map_err(|e| StudioError::write(&dir.join(MANIFEST), e))
}

fn encoded<M: Module>(dir: &Path, name: &str, module: &M) -> Result<Vec<u8>, StudioError> {
    weights::to_bytes(module).map_err(|e| StudioError::write(&dir.join(name), e))
}

/// Writes all files beside their places, then moves them there in order.
fn replace(dir: &Path, outputs: &[(&str, Vec<u8>)]) -> Result<(), StudioError> {
    let fail = |path: PathBuf| move |e| StudioError::write(&path, e);
    let mut staged = Vec::new();
    for (name, bytes) in outputs {
        let path = dir.join(name);
        staged.push((
            files::stage(&path, bytes).map_err(fail(path.clone()))?,
            path,
        ));
    }
    for (file, path) in staged {
        file.commit().map_err(fail(path))?;
    }
    Ok(())
}

fn network<M: Module>(
    files: &Files,
    manifest: &Manifest,
    name: &str,
    fresh: M,
) -> Result<M, StudioError> {
    let bytes = files.read(name)?;
    if manifest.files.get(name) != Some(&files::sha256_hex(&bytes)) {
        let reason = "its content does not match the SHA-256 in the manifest".to_owned();
        return Err(files.damaged(name, reason, RESTORE));
    }
    weights::from_bytes(fresh, bytes.into_owned())
        .map_err(|reason| files.damaged(name, reason, RESTORE))
}
