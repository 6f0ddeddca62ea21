//! The first format: a free name in place of a description of the data set, and the numbers of the latent space as text.
//!
//! Its images are all of one shape, and the name says how pictures are prepared, if the class names agree with it. This is
//! the only place where a name is looked up.

use std::collections::BTreeMap;

use datasets::{Augmentation, DatasetInfo, KnownDataset, Preparation};
use latent_space::{ClassRegions, LatentSpace, LatentStats, Realism};
use serde::Deserialize;
use vae_core::VaeConfig;

use crate::cause::Fault;
use crate::{
    Architecture, ClassifierPart, FileRecord, FileRole, GeneratorPart, Manifest, Report,
    TrainingRecord, VaeArchitecture,
};

/// What the files were always called.
const FILES: [(&str, FileRole); 2] = [
    ("vae.safetensors", FileRole::Vae),
    ("classifier.safetensors", FileRole::Classifier),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestOfFormat1 {
    format_version: u32,
    dataset: String,
    class_names: Vec<String>,
    files: BTreeMap<String, String>,
    vae: Option<VaeOfFormat1>,
    classifier: Option<ClassifierPart>,
    report: Option<Report>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VaeOfFormat1 {
    config: VaeConfig,
    training: TrainingRecord,
    latent: LatentStats,
    regions: ClassRegions,
    #[serde(default)]
    realism: Option<Realism>,
    sigma: Option<f32>,
}

impl ManifestOfFormat1 {
    pub fn into_manifest(self) -> Result<Manifest, Fault> {
        let mut files = BTreeMap::new();
        for (name, sha256) in self.files {
            let known = FILES.iter().find(|(known, _)| *known == name);
            let (_, role) =
                known.ok_or_else(|| Fault::new(format!("'{name}' is no file of a bundle")))?;
            files.insert(*role, FileRecord { name, sha256 });
        }
        // A network whose file is not named cannot be checked.
        for (role, there) in [
            (FileRole::Vae, self.vae.is_some()),
            (FileRole::Classifier, self.classifier.is_some()),
        ] {
            if there && !files.contains_key(&role) {
                let reason = format!("it does not name the file of its {}", role.stem());
                return Err(Fault::new(reason));
            }
        }
        Ok(Manifest {
            format_version: self.format_version,
            dataset: described(self.dataset, self.class_names),
            files,
            generator: self.vae.map(|vae| GeneratorPart {
                labels_used: vae.config.uses_labels(),
                architecture: Architecture::Vae(VaeArchitecture {
                    config: vae.config,
                    sigma: vae.sigma,
                }),
                training: vae.training,
                latent: LatentSpace {
                    statistics: vae.latent,
                    regions: vae.regions,
                    typical: Vec::new(),
                    realism: vae.realism,
                },
            }),
            refiner: None,
            classifier: self.classifier,
            second_judge: None,
            judge: None,
            report: self.report,
        })
    }
}

/// The known data set of this name and these classes, or else one that has no more than a name.
fn described(name: String, class_names: Vec<String>) -> DatasetInfo {
    let infos = KnownDataset::ALL.map(KnownDataset::info);
    let known = infos
        .into_iter()
        .find(|info| info.name == name && info.class_names == class_names);
    known.unwrap_or_else(|| DatasetInfo {
        title: name.clone(),
        name,
        shape: KnownDataset::Mnist.shape(),
        class_names,
        preparation: Preparation::Object,
        augmentation: Augmentation::none(),
        origin: None,
        known: None,
        source: None,
    })
}
