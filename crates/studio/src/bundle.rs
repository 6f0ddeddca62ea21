//! A model bundle on disk: opened all or nothing, and saved so that a single rename puts the new one in force.

mod networks;
mod report;
mod save;

pub use report::{write_merged_report, write_report};

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use burn::tensor::Device;
use classifier::{ConvNet, ResNet18};
use datasets::{DatasetInfo, LabelledImages, sample, small_sample};
use flow::VelocityNet;

use crate::bundle_files::{Files, MANIFEST, RESTORE};
use crate::cause::Fault;
use crate::folder::{lock_saves, refuse_orphans, settled};
use crate::{
    ClassifierPart, FileRecord, FileRole, Generator, GeneratorPart, Manifest, ModelSource,
    RefinerPart, StudioError, arrays,
};
use save::{Outputs, numbers, put_in_force, weights_in_force, weights_of};

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
        let judges = (manifest.classifier.as_ref(), manifest.second_judge.as_ref());
        Ok(Self {
            sample: read_sample(files, &manifest)?,
            generator: networks::generator(files, &manifest, device)?,
            classifier: networks::judge(files, &manifest, FileRole::Classifier, judges.0, device)?,
            second_judge: networks::judge(
                files,
                &manifest,
                FileRole::SecondJudge,
                judges.1,
                device,
            )?,
            refiner: networks::refiner(files, &manifest, device)?,
            manifest,
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
        self.manifest.remove_generator();
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
    ///
    /// # Errors
    /// [`StudioError`] if images cannot be read.
    pub fn set_sample(&mut self, images: &LabelledImages) -> Result<(), StudioError> {
        self.sample = Some(small_sample(images)?).filter(|sample| !sample.is_empty());
        Ok(())
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
