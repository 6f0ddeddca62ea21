//! The second format: the data set described, and the numbers of the latent space in a file of their own.

use std::collections::BTreeMap;

use datasets::{DatasetInfo, ImageShape};
use latent_space::LatentSpace;
use serde::{Deserialize, Serialize};
use vae_core::VaeConfig;

use crate::arrays;
use crate::bundle_files::{Files, MANIFEST, RESTORE};
use crate::cause::Fault;
use crate::{
    Architecture, ClassifierPart, DiffusionArchitecture, FORMAT_VERSION, FileRecord, FileRole,
    GanArchitecture, GeneratorPart, Manifest, RefinerPart, Report, StudioError, TrainingRecord,
    VaeArchitecture,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Manifest")]
pub struct ManifestOfFormat2 {
    format_version: u32,
    dataset: DatasetInfo,
    files: BTreeMap<FileRole, FileRecord>,
    generator: Option<GeneratorRecord>,
    /// Left out where there is none: earlier versions know no such part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refiner: Option<RefinerPart>,
    classifier: Option<ClassifierPart>,
    #[serde(default)]
    second_judge: Option<ClassifierPart>,
    report: Option<Report>,
}

/// The model that makes images, of whatever family.
#[derive(Serialize, Deserialize)]
enum GeneratorRecord {
    Vae(VaeRecord),
    Gan(Record<GanArchitecture>),
    Diffusion(Record<DiffusionArchitecture>),
}

/// A model whose latents come from N(0, I): what its latent space looks like follows from its dimensions.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record<A> {
    architecture: A,
    labels_used: bool,
    training: TrainingRecord,
}

impl<A> Record<A> {
    fn into_part(self, architecture: impl Fn(A) -> Architecture) -> GeneratorPart {
        let architecture = architecture(self.architecture);
        GeneratorPart {
            latent: LatentSpace::standard_normal(architecture.latent_dim()),
            architecture,
            labels_used: self.labels_used,
            training: self.training,
        }
    }
}

impl GeneratorRecord {
    fn of(part: &GeneratorPart, shape: ImageShape) -> Self {
        let (labels_used, training) = (part.labels_used, part.training.clone());
        match &part.architecture {
            Architecture::Vae(vae) => Self::Vae(VaeRecord {
                config: vae.config.resolved(shape),
                labels_used,
                sigma: vae.sigma,
                training,
            }),
            Architecture::Gan(gan) => Self::Gan(Record {
                architecture: gan.clone(),
                labels_used,
                training,
            }),
            Architecture::Diffusion(diffusion) => Self::Diffusion(Record {
                architecture: diffusion.clone(),
                labels_used,
                training,
            }),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VaeRecord {
    config: VaeConfig,
    labels_used: bool,
    sigma: Option<f32>,
    training: TrainingRecord,
}

impl ManifestOfFormat2 {
    pub fn of(manifest: &Manifest) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            dataset: manifest.dataset.clone(),
            files: manifest.files.clone(),
            generator: manifest
                .generator
                .as_ref()
                .map(|part| GeneratorRecord::of(part, manifest.dataset.shape)),
            refiner: manifest.refiner.clone(),
            classifier: manifest.classifier.clone(),
            second_judge: manifest.second_judge.clone(),
            report: manifest.report.clone(),
        }
    }

    /// Without what makes the images.
    pub fn without_generator(mut self) -> Self {
        (self.generator, self.refiner, self.report) = (None, None, None);
        self.files.retain(|role, _| !role.is_of_generator());
        self
    }

    /// The manifest with its latent space, which is read from a file.
    pub fn complete(self, files: &Files) -> Result<Manifest, StudioError> {
        let unnamed = |role: FileRole| {
            let reason = format!("it does not name the file of its {}", role.stem());
            files.damaged(MANIFEST, Fault::new(reason), RESTORE)
        };
        let record = |role| self.files.get(&role).ok_or_else(|| unnamed(role));
        let generator = match self.generator {
            None => None,
            Some(GeneratorRecord::Vae(vae)) => Some(GeneratorPart {
                latent: latent_space(files, record(FileRole::LatentSpace)?)?,
                architecture: Architecture::Vae(VaeArchitecture {
                    config: vae.config,
                    sigma: vae.sigma,
                }),
                labels_used: vae.labels_used,
                training: vae.training,
            }),
            Some(GeneratorRecord::Gan(gan)) => Some(gan.into_part(Architecture::Gan)),
            Some(GeneratorRecord::Diffusion(diffusion)) => {
                Some(diffusion.into_part(Architecture::Diffusion))
            }
        };
        if let Some(generator) = &generator {
            record(generator.architecture.role())?;
        }
        for (is_there, role) in [
            (self.refiner.is_some(), FileRole::Refiner),
            (self.classifier.is_some(), FileRole::Classifier),
            (self.second_judge.is_some(), FileRole::SecondJudge),
        ] {
            if is_there {
                record(role)?;
            }
        }
        Ok(Manifest {
            format_version: self.format_version,
            dataset: self.dataset,
            files: self.files,
            generator,
            refiner: self.refiner,
            classifier: self.classifier,
            second_judge: self.second_judge,
            judge: None,
            report: self.report,
        })
    }
}

fn latent_space(files: &Files, record: &FileRecord) -> Result<LatentSpace, StudioError> {
    let bytes = files.read_checked(record)?;
    arrays::latent_space_of(&bytes).map_err(|fault| files.damaged(&record.name, fault, RESTORE))
}
