//! A model bundle on disk: opened all or nothing, and saved so that a single rename puts the new one in force.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use classifier::{Classifier, ConvNet, ResNet18};
use datasets::{DatasetInfo, LabelledImages, sample, small_sample};
use flow::VelocityNet;
use vae_core::old_tensor_names;

use crate::bundle_files::{Files, MANIFEST, RESTORE};
use crate::cause::{Cause, Fault};
use crate::folder::{lock_saves, own_files, refuse_orphans, settled};
use crate::{
    Architecture, ClassifierPart, Diffusion, FileRecord, FileRole, Generator, GeneratorPart,
    Manifest, ModelSource, RefinerPart, Report, StudioError, VaeArchitecture, arrays, weights,
};

/// A model bundle in memory: the manifest and what it describes.
#[derive(Debug)]
pub struct Bundle {
    /// What it is.
    pub manifest: Manifest,
    /// What makes the images, if it is trained. [`set_generator`](Self::set_generator) replaces it: what stands here and is in force on
    /// disk is not written again, nor are the judges.
    pub generator: Option<Generator>,
    /// What gives the VAE's images detail, if it is trained.
    pub refiner: Option<VelocityNet>,
    /// The classifier, if it is trained.
    pub classifier: Option<ResNet18>,
    /// The second judge, if it is trained.
    pub second_judge: Option<ConvNet>,
    /// A few images of the data set, in the order of their classes.
    pub sample: Option<LabelledImages>,
}

/// Where a manifest that cannot be read goes when another one takes its place.
const DAMAGED_MANIFEST: &str = "manifest-damaged.ron";

/// Files of a bundle that are to be written.
type Outputs = Vec<(FileRole, Vec<u8>)>;

impl Bundle {
    /// Opens a bundle, all or nothing: every file is checked against its SHA-256 before a number of it is used.
    ///
    /// # Errors
    /// [`StudioError::Bundle`] names the file that is missing, damaged or does not fit.
    pub fn open(source: &ModelSource, device: &Device) -> Result<Self, StudioError> {
        let files = Files::of(source);
        settled(source, || {
            Self::with_networks(&files, Manifest::read(source)?, device)
        })
    }

    /// The bundle of a manifest, with the networks that it describes.
    pub(crate) fn with_networks(
        files: &Files,
        manifest: Manifest,
        device: &Device,
    ) -> Result<Self, StudioError> {
        let (shape, classes) = (manifest.dataset.shape, manifest.dataset.classes());
        let refiner = match &manifest.refiner {
            Some(part) => {
                let parameters = part.config.parameters(shape, classes)?;
                let fresh = || {
                    let network = part.config.init(shape, classes, device);
                    network.map_err(StudioError::from)
                };
                let role = FileRole::Refiner;
                Some(network(
                    files,
                    &manifest,
                    role,
                    parameters,
                    fresh,
                    Vec::new(),
                )?)
            }
            None => None,
        };
        let judges = (manifest.classifier.as_ref(), manifest.second_judge.as_ref());
        Ok(Self {
            sample: read_sample(files, &manifest)?,
            generator: generator(files, &manifest, device)?,
            classifier: judge(files, &manifest, FileRole::Classifier, judges.0, device)?,
            second_judge: judge(files, &manifest, FileRole::SecondJudge, judges.1, device)?,
            manifest,
            refiner,
        })
    }

    /// A bundle without networks, or the one that is already in `dir`.
    ///
    /// # Errors
    /// [`StudioError::Bundle`] if there is one and it is damaged or of another data set, and [`StudioError::Dataset`] if
    /// the description of the data set is not sound.
    pub fn open_or_empty(
        dir: &Path,
        dataset: &DatasetInfo,
        device: &Device,
    ) -> Result<Self, StudioError> {
        dataset.check()?;
        let source = ModelSource::Folder(dir.to_owned());
        let files = Files::of(&source);
        // A link that leads nowhere is a manifest that is damaged, and not none.
        let is_missing = |e: io::Error| e.kind() == io::ErrorKind::NotFound;
        if fs::symlink_metadata(dir.join(MANIFEST)).is_err_and(is_missing) {
            refuse_orphans(dir)?;
            return Self::with_networks(&files, Manifest::empty(dataset.clone()), device);
        }
        let bundle = Self::open(&source, device)?;
        Self::refuse_other(&files, &bundle.manifest.dataset, dataset)?;
        Ok(bundle)
    }

    /// Refuses a bundle that is not for this data set.
    pub(crate) fn refuse_other(
        files: &Files,
        there: &DatasetInfo,
        dataset: &DatasetInfo,
    ) -> Result<(), StudioError> {
        let identity =
            |info: &DatasetInfo| (info.name.clone(), info.shape, info.class_names.clone());
        if identity(there) != identity(dataset) {
            let in_words = |info: &DatasetInfo| {
                format!(
                    "{} (images of {}, {} classes)",
                    info.name,
                    info.shape,
                    info.classes()
                )
            };
            let reason = format!(
                "the bundle is for {}, and this run for {}",
                in_words(there),
                in_words(dataset)
            );
            let remedy = "Choose another output folder";
            return Err(files.damaged(MANIFEST, Fault::new(reason), remedy));
        }
        Ok(())
    }

    /// Puts in what makes the images. A report about an earlier one no longer holds and is dropped, and so is a refiner of its images.
    pub fn set_generator(&mut self, generator: Generator, part: GeneratorPart) {
        self.generator = Some(generator);
        self.refiner = None;
        self.manifest.refiner = None;
        let of_images =
            |role: &FileRole| FileRole::GENERATORS.contains(role) || *role == FileRole::Refiner;
        self.manifest.files.retain(|role, _| !of_images(role));
        self.describe_generator(part);
    }

    /// Describes what makes the images anew, whose weights stay; a report about the earlier description is dropped.
    pub fn describe_generator(&mut self, part: GeneratorPart) {
        self.manifest.generator = Some(part);
        self.manifest.report = None;
    }

    /// Puts a refiner in; a report about the images without it, or of an earlier one, no longer holds and is dropped.
    pub fn set_refiner(&mut self, refiner: VelocityNet, part: RefinerPart) {
        self.refiner = Some(refiner);
        self.manifest.refiner = Some(part);
        self.manifest.files.remove(&FileRole::Refiner);
        self.manifest.report = None;
    }

    /// Puts a classifier in; a report about an earlier one no longer holds and is dropped.
    pub fn set_classifier(&mut self, classifier: ResNet18, part: ClassifierPart) {
        self.classifier = Some(classifier);
        self.manifest.classifier = Some(part);
        self.manifest.files.remove(&FileRole::Classifier);
        self.manifest.report = None;
    }

    /// Puts a second judge in. What an earlier one measured no longer holds and is dropped from the report; the other figures
    /// stay.
    pub fn set_second_judge(&mut self, network: ConvNet, part: ClassifierPart) {
        self.second_judge = Some(network);
        self.manifest.second_judge = Some(part);
        self.manifest.files.remove(&FileRole::SecondJudge);
        if let Some(report) = &mut self.manifest.report {
            report
                .figures
                .retain(|figure| figure.second_judge.is_none());
        }
    }

    /// Takes the second judge out, where the first one comes from a model that has no other.
    pub(crate) fn remove_second_judge(&mut self) {
        self.second_judge = None;
        self.manifest.remove_second_judge();
    }

    /// Keeps the first few of some images, equally many of each class, so that the model can be looked at and tried out
    /// without its data set. Of no images there is no sample.
    pub fn set_sample(&mut self, images: &LabelledImages) {
        self.sample = Some(small_sample(images)).filter(|sample| !sample.is_empty());
    }

    /// Saves the bundle in `dir`, which is made if need be.
    ///
    /// New files are named by their content, so none of those in force is replaced. Weights stay as they are unless one of the
    /// `set_` functions replaced them. The manifest comes
    /// last: its rename puts all of them in force at once. Then the files that it does not name any more are removed.
    ///
    /// Nobody else saves there meanwhile. Whoever opened the bundle to change a part of it may have missed what others saved since;
    /// the training runs open it again under the lock that this takes.
    ///
    /// # Errors
    /// [`StudioError::Write`] if a file cannot be written, and [`StudioError::Unusable`] if the bundle would not open again, such as
    /// one with weights that half precision cannot hold; what was there before stays in force.
    pub fn save(&mut self, dir: &Path) -> Result<(), StudioError> {
        let _lock = lock_saves(dir)?;
        self.save_locked(dir)
    }

    /// As [`Self::save`], for whoever holds the lock.
    pub(crate) fn save_locked(&mut self, dir: &Path) -> Result<(), StudioError> {
        self.manifest.files = weights_in_force(dir, &self.manifest);
        let kept = &self.manifest.files;
        let mut outputs = Outputs::new();
        for weights in [
            self.generator_weights(dir, kept)?,
            weights_of(dir, kept, FileRole::Refiner, self.refiner.as_ref())?,
            weights_of(dir, kept, FileRole::Classifier, self.classifier.as_ref())?,
            weights_of(dir, kept, FileRole::SecondJudge, self.second_judge.as_ref())?,
        ] {
            outputs.extend(weights);
        }
        outputs.extend(numbers(dir, &self.manifest, self.sample.as_ref())?);
        put_in_force(dir, &mut self.manifest, outputs)
    }

    fn generator_weights(
        &self,
        dir: &Path,
        kept: &BTreeMap<FileRole, FileRecord>,
    ) -> Result<Option<(FileRole, Vec<u8>)>, StudioError> {
        match &self.generator {
            None => Ok(None),
            Some(Generator::Vae(vae)) => weights_of(dir, kept, FileRole::Vae, Some(vae)),
            Some(Generator::Gan(gan)) => weights_of(dir, kept, FileRole::Gan, Some(gan)),
            Some(Generator::Diffusion(diffusion)) => {
                let network = Some(&diffusion.network);
                weights_of(dir, kept, FileRole::Diffusion, network)
            }
        }
    }
}

/// The files of networks that were not replaced since the bundle in `dir` was opened. They stay as they are, and with them what
/// tells the model from another: an earlier version may have written the same network in other bytes.
fn weights_in_force(dir: &Path, manifest: &Manifest) -> BTreeMap<FileRole, FileRecord> {
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
fn weights_of<M: Module>(
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

/// Puts a report into the manifest of the bundle in `dir`. Its weights stay as they are, whatever format they have.
///
/// # Errors
/// [`StudioError::WeightsReplaced`] if the report is about other weights than the bundle has now,
/// [`StudioError::Bundle`] if the bundle cannot be read, and [`StudioError::Write`] if it cannot be written.
pub fn write_report(dir: &Path, report: Report) -> Result<(), StudioError> {
    update_report(dir, report, |_| true, |report, _| report)
}

/// As [`write_report`], of what was `measured`: with `merge` the report takes up what somebody else stored meanwhile.
///
/// # Errors
/// As [`write_report`], and [`StudioError::WeightsReplaced`] also if the latent space was described anew.
pub fn write_merged_report(
    dir: &Path,
    measured: &Manifest,
    report: Report,
    merge: impl FnOnce(Report, Option<Report>) -> Report,
) -> Result<(), StudioError> {
    let same = |now: &Manifest| now.generator == measured.generator;
    update_report(dir, report, same, merge)
}

fn update_report(
    dir: &Path,
    report: Report,
    same: impl FnOnce(&Manifest) -> bool,
    merge: impl FnOnce(Report, Option<Report>) -> Report,
) -> Result<(), StudioError> {
    let source = ModelSource::Folder(dir.to_owned());
    Manifest::read(&source)?;
    let _lock = lock_saves(dir)?;
    let mut manifest = Manifest::read(&source)?;
    let second_judge = manifest.files.get(&FileRole::SecondJudge);
    let second_judge = second_judge.map(|record| record.sha256.as_str());
    let mut judges = report.figures.iter().map(|f| f.second_judge.as_deref());
    let outdated = judges.any(|judge| judge.is_some() && judge != second_judge);
    if outdated || report.model_sha256 != manifest.model_sha256() || !same(&manifest) {
        return Err(StudioError::WeightsReplaced {
            model: source.to_string(),
            result: "the report",
            remedy: "Evaluate the model again",
        });
    }
    let sample = read_sample(&Files::of(&source), &manifest)?;
    manifest.report = Some(merge(report, manifest.report.take()));
    let outputs = numbers(dir, &manifest, sample.as_ref())?;
    put_in_force(dir, &mut manifest, outputs)
}

/// The small sample of a model's data set, without opening its networks; `None` if it carries none.
///
/// # Errors
/// [`StudioError::Bundle`] if the manifest or the sample is damaged, or they contradict each other.
pub fn sample_of(source: &ModelSource) -> Result<Option<LabelledImages>, StudioError> {
    let files = Files::of(source);
    settled(source, || read_sample(&files, &Manifest::read(source)?))
}

/// Bundles of the first format carry no sample; that of a known data set is part of the program.
pub(crate) fn read_sample(
    files: &Files,
    manifest: &Manifest,
) -> Result<Option<LabelledImages>, StudioError> {
    let Some(record) = manifest.files.get(&FileRole::Sample) else {
        let known = manifest.dataset.known;
        return Ok(known.filter(|_| manifest.format_version == 1).map(sample));
    };
    let bytes = files.read_checked(record)?;
    let found = arrays::sample_of(&bytes, &manifest.dataset);
    found
        .map(Some)
        .map_err(|fault| files.damaged(&record.name, fault, RESTORE))
}

/// The files that hold no weights.
fn numbers(
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
fn put_in_force(dir: &Path, manifest: &mut Manifest, outputs: Outputs) -> Result<(), StudioError> {
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
        reason: error.to_string(),
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

/// What makes the images, if the manifest has it.
fn generator(
    files: &Files,
    manifest: &Manifest,
    device: &Device,
) -> Result<Option<Generator>, StudioError> {
    let Some(part) = &manifest.generator else {
        return Ok(None);
    };
    let (shape, classes) = (manifest.dataset.shape, manifest.dataset.classes());
    let role = part.architecture.role();
    Ok(Some(match &part.architecture {
        Architecture::Vae(VaeArchitecture { config, .. }) => {
            let parameters = config.parameters(shape, classes)?;
            let fresh = || Ok(config.init(shape, classes, device)?);
            let names = old_tensor_names();
            Generator::Vae(network(files, manifest, role, parameters, fresh, names)?)
        }
        Architecture::Gan(gan) => {
            let classes = gan.classes(classes);
            let parameters = gan.config.parameters(shape, classes)?.generator;
            let fresh = || Ok(gan.config.init_generator(shape, classes, device)?);
            Generator::Gan(network(
                files,
                manifest,
                role,
                parameters,
                fresh,
                Vec::new(),
            )?)
        }
        Architecture::Diffusion(diffusion) => {
            let parameters = diffusion.config.parameters(shape, classes)?;
            let fresh = || Ok(diffusion.config.init(shape, classes, device)?);
            let flow = network(files, manifest, role, parameters, fresh, Vec::new())?;
            Generator::Diffusion(Box::new(Diffusion::new(flow, diffusion)))
        }
    }))
}

/// A network that judges, if the manifest has one in this role.
fn judge<N: Classifier>(
    files: &Files,
    manifest: &Manifest,
    role: FileRole,
    part: Option<&ClassifierPart>,
    device: &Device,
) -> Result<Option<N>, StudioError> {
    let Some(ClassifierPart { config, .. }) = part else {
        return Ok(None);
    };
    let fresh = || config.init(device).map_err(StudioError::from);
    let parameters = config.parameters::<N>()?;
    network(files, manifest, role, parameters, fresh, Vec::new()).map(Some)
}

/// A network with the weights of its file. It is made by `fresh` only if the file is long enough for its `parameters`: a
/// damaged manifest may describe one that takes more memory than there is.
fn network<M: Module>(
    files: &Files,
    manifest: &Manifest,
    role: FileRole,
    parameters: usize,
    fresh: impl FnOnce() -> Result<M, StudioError>,
    old_names: Vec<(&'static str, &'static str)>,
) -> Result<M, StudioError> {
    let record = manifest.files.get(&role).ok_or_else(|| {
        let reason = format!("it does not name the file of its {}", role.stem());
        files.damaged(MANIFEST, Fault::new(reason), RESTORE)
    })?;
    let bytes = files.read_checked(record)?;
    if bytes.len() / weights::FEWEST_BYTES < parameters {
        let reason = format!(
            "it has {} bytes, too few for the {parameters} numbers of the network that the manifest describes",
            bytes.len()
        );
        return Err(files.damaged(&record.name, Fault::new(reason), RESTORE));
    }
    weights::from_bytes(fresh()?, bytes.into_owned(), old_names)
        .map_err(|fault| files.damaged(&record.name, fault, RESTORE))
}
