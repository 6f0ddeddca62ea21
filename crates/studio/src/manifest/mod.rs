//! All of a model bundle but the weights: what it is, how it was made, how good it is.
//!
//! This is the form in memory. How it is written is the business of `text`, which reads every earlier format, too.

mod format_1;
mod format_2;
mod generator;
mod text;

use std::collections::BTreeMap;

use classifier::ClassifierConfig;
use datasets::{ClassId, DatasetInfo, ImageShape, Seed};
use serde::{Deserialize, Serialize};
use training::EpochRecord;

use crate::bundle_files::{Files, MANIFEST, RESTORE};
use crate::cause::Fault;
use crate::folder::settled;
use crate::{
    Family, FileRecord, FileRole, MOST_FLOW_STEPS, ModelSource, RefinerPart, Report, Sampler,
    StudioError,
};
pub use generator::{
    Architecture, DiffusionArchitecture, GanArchitecture, GeneratorPart, VaeArchitecture,
};
use text::{Contents, Refusal};

/// The format that this version writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 2;

/// All of a model bundle but the weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// The format that it was read from, or [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The data set.
    pub dataset: DatasetInfo,
    /// The other files of the bundle.
    pub files: BTreeMap<FileRole, FileRecord>,
    /// The model that makes the images, once it is trained.
    pub generator: Option<GeneratorPart>,
    /// What gives the VAE's images detail, if that is trained.
    pub refiner: Option<RefinerPart>,
    /// The classifier that judges, once there is one.
    pub classifier: Option<ClassifierPart>,
    /// A judge of another architecture and from another seed, once there is one.
    pub second_judge: Option<ClassifierPart>,
    /// The model whose judges these are, if they are another one's. Chosen when the model is opened, and never written down.
    pub judge: Option<ModelSource>,
    /// What was measured.
    pub report: Option<Report>,
}

/// A trained judge: the classifier, or the second one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassifierPart {
    /// Its architecture.
    pub config: ClassifierConfig,
    /// How it was trained.
    pub training: TrainingRecord,
    /// Divides the logits before the softmax; fitted on held-out images.
    pub temperature: f32,
}

/// How a network was trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRecord {
    /// The command that trains it again.
    pub command: String,
    /// The settings, in words.
    pub settings: String,
    /// Seed of weights, batches and noise.
    pub seed: Seed,
    /// Passes over the training images.
    pub epochs: usize,
    /// Training images.
    pub images: usize,
    /// Numbers in the network.
    pub parameters: usize,
    /// The device it ran on.
    pub device: String,
    /// One record an epoch.
    pub history: Vec<EpochRecord>,
}

impl TrainingRecord {
    /// The record of a run that went on from the weights of this one: both commands and settings, all epochs.
    #[must_use]
    pub fn followed_by(self, next: Self) -> Self {
        let mut history = self.history;
        let later = next.history.into_iter().map(|record| EpochRecord {
            epoch: self.epochs.saturating_add(record.epoch),
            ..record
        });
        history.extend(later);
        Self {
            command: format!("{}; then {}", self.command, next.command),
            settings: format!("{}; then {}", self.settings, next.settings),
            epochs: self.epochs.saturating_add(next.epochs),
            history,
            ..next
        }
    }
}

impl ClassifierPart {
    /// Whether it judges such images of so many classes; `name` is what to call it.
    fn check(&self, name: &str, shape: ImageShape, classes: usize) -> Result<(), Fault> {
        let config = &self.config;
        config.validate()?;
        let refuse = |what: String| Err(Fault::new(format!("its {name} {what}")));
        if config.shape != shape {
            return refuse(format!("does not take images of {shape}"));
        }
        if config.classes != classes {
            return refuse(format!("does not tell {classes} classes apart"));
        }
        if !(self.temperature.is_finite() && self.temperature > 0.0) {
            return refuse("has a temperature that is not above 0".to_owned());
        }
        Ok(())
    }
}

impl Manifest {
    /// A bundle without networks.
    #[must_use]
    pub fn empty(dataset: DatasetInfo) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            dataset,
            files: BTreeMap::new(),
            generator: None,
            refiner: None,
            classifier: None,
            second_judge: None,
            judge: None,
            report: None,
        }
    }

    /// Reads the manifest of a model without opening its networks: cheap, so that a window can show what it is about.
    ///
    /// # Errors
    /// [`StudioError::Bundle`] if it is missing, damaged, contradicts itself or is of a newer format.
    pub fn read(source: &ModelSource) -> Result<Self, StudioError> {
        let files = Files::of(source);
        settled(source, || Self::of_text(&files.read(MANIFEST)?, &files))
    }

    /// What the text of a manifest says of the files beside it.
    pub(crate) fn of_text(text: &[u8], files: &Files) -> Result<Self, StudioError> {
        let refuse = |Refusal { fault, remedy }: Refusal| files.damaged(MANIFEST, fault, remedy);
        let manifest = match text::parse(text).map_err(refuse)? {
            Contents::Whole(manifest) => *manifest,
            Contents::WithoutLatentSpace(manifest) => manifest.complete(files)?,
        };
        let contradiction = |fault| files.damaged(MANIFEST, fault, RESTORE);
        manifest.check().map_err(contradiction)?;
        Ok(manifest)
    }

    /// As [`Self::read`], without the generator if that is what is damaged; `None` if nothing can be read.
    pub(crate) fn read_readable(source: &ModelSource) -> Option<Self> {
        if let Ok(manifest) = Self::read(source) {
            return Some(manifest);
        }
        let files = Files::of(source);
        let bytes = files.read(MANIFEST).ok()?;
        let Contents::WithoutLatentSpace(manifest) = text::parse(&bytes).ok()? else {
            return None;
        };
        let manifest = manifest.without_generator().complete(&files).ok()?;
        manifest.check().ok().map(|()| manifest)
    }

    /// Whether a newer program wrote it.
    pub(crate) fn is_of_newer_version(source: &ModelSource) -> bool {
        let bytes = Files::of(source).read(MANIFEST);
        bytes.is_ok_and(|bytes| text::is_newer(&bytes))
    }

    /// Takes out what makes the images.
    pub(crate) fn remove_generator(&mut self) {
        (self.generator, self.refiner) = (None, None);
        self.files.retain(|role, _| !role.is_of_generator());
    }

    /// Takes out the classifier.
    pub(crate) fn remove_classifier(&mut self) {
        self.classifier = None;
        self.files.remove(&FileRole::Classifier);
    }

    /// Takes out the second judge.
    pub(crate) fn remove_second_judge(&mut self) {
        self.second_judge = None;
        self.files.remove(&FileRole::SecondJudge);
    }

    /// SHA-256 over the weights of what makes the images, of the classifier, and of the refiner if there is one, in hexadecimal: what
    /// tells one model from another. The second judge is not in it; figures that it gives name it themselves.
    #[must_use]
    pub fn model_sha256(&self) -> String {
        let roles = FileRole::GENERATORS.into_iter();
        let roles = roles.chain([FileRole::Classifier, FileRole::Refiner]);
        let digests = roles.filter_map(|role| self.files.get(&role));
        let digests: String = digests.map(|record| record.sha256.as_str()).collect();
        files::sha256_hex(digests.as_bytes())
    }

    /// The family of the model that makes the images; `None` if none is trained yet.
    #[must_use]
    pub fn family(&self) -> Option<Family> {
        let generator = self.generator.as_ref()?;
        Some(match self.refiner {
            Some(_) => Family::Refined,
            None => Family::of(&generator.architecture),
        })
    }

    /// Whether the model that makes the images is given the class of an image.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        let generator = self.generator.as_ref();
        generator.is_some_and(GeneratorPart::is_conditional)
    }

    /// Whether the model that makes the images finds the latent of an image.
    #[must_use]
    pub fn has_encoder(&self) -> bool {
        let generator = self.generator.as_ref();
        generator.is_some_and(GeneratorPart::has_encoder)
    }

    /// Whether the model that makes the images has a head of its own that tells classes apart.
    #[must_use]
    pub fn has_head(&self) -> bool {
        let vae = self.generator.as_ref().and_then(GeneratorPart::vae);
        vae.is_some_and(|vae| vae.config.head.is_some())
    }

    /// How the networks that make the images were trained: the generator, and its refiner if there is one.
    pub fn generator_records(&self) -> impl Iterator<Item = &TrainingRecord> {
        let generator = self.generator.iter().map(|part| &part.training);
        let refiner = self.refiner.iter().map(|refiner| &refiner.training);
        generator.chain(refiner)
    }

    /// Numbers in the networks that make the images.
    #[must_use]
    pub fn generator_parameters(&self) -> usize {
        self.generator_records()
            .map(|record| record.parameters)
            .sum()
    }

    /// How images are drawn unless somebody asks for something else; without a flow there are no steps.
    #[must_use]
    pub fn usual_sampler(&self) -> Sampler {
        let generator = self.generator.as_ref();
        let own = generator.map_or_else(Sampler::default, |part| part.architecture.usual_sampler());
        match &self.refiner {
            Some(refiner) => Sampler {
                steps: refiner.steps,
                ..own
            },
            None => own,
        }
    }

    /// Class names in class order; none for images without classes.
    #[must_use]
    pub fn class_names(&self) -> &[String] {
        &self.dataset.class_names
    }

    /// The name of a class, or its number if it has none.
    #[must_use]
    pub fn class_name(&self, class: ClassId) -> String {
        self.dataset.class_name(class)
    }

    /// Writes it in the newest format.
    pub(crate) fn to_text(&self) -> Result<String, ron::Error> {
        text::of(self)
    }

    /// Whether the parts fit each other.
    fn check(&self) -> Result<(), Fault> {
        self.dataset.check()?;
        if let Some(wrong) = self.files.values().find(|record| !record.is_sound()) {
            return Err(wrong.unsound());
        }
        let (shape, classes) = (self.dataset.shape, self.dataset.classes());
        if let Some(generator) = &self.generator {
            let architecture = &generator.architecture;
            architecture.check(shape, classes)?;
            let dims = architecture.latent_dim();
            let classes = architecture.classes_in_latents(classes);
            generator.latent.check(dims, classes).map_err(|e| {
                Fault::because(format!("its latent space does not fit its network: {e}"), e)
            })?;
        }
        if let Some(refiner) = &self.refiner {
            refiner.config.validate(shape, classes)?;
            if !self.has_encoder() {
                return Err(Fault::new("it has a refiner and no VAE"));
            }
            if !(1..=MOST_FLOW_STEPS).contains(&refiner.steps) {
                return Err(Fault::new(
                    "its refiner takes a number of steps that is out of range",
                ));
            }
        }
        for (name, judge) in [
            ("classifier", &self.classifier),
            ("second judge", &self.second_judge),
        ] {
            if let Some(judge) = judge {
                judge.check(name, shape, classes)?;
            }
        }
        if let Some(report) = &self.report {
            let generator = self.generator.as_ref();
            let dims = generator.map(|part| part.architecture.latent_dim());
            report.check(dims, classes).map_err(Fault::new)?;
        }
        Ok(())
    }
}
