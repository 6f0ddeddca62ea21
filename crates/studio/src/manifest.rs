use std::collections::BTreeMap;

use classifier::ResNetConfig;
use datasets::{ClassId, KnownDataset, Seed};
use serde::{Deserialize, Serialize};
use training::EpochRecord;
use vae_core::{ClassRegions, LatentStats, Realism, VaeConfig};

use crate::bundle_files::{Files, MANIFEST};
use crate::{ModelSource, Report, StudioError};

/// The format that this version writes, and the newest that it reads.
pub const FORMAT_VERSION: u32 = 1;

/// All of a model bundle but the weights: what it is, how it was made, how good it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The data set: `mnist`, `fashion-mnist` or the name of an image folder.
    pub dataset: String,
    /// Class names in class order.
    pub class_names: Vec<String>,
    /// SHA-256 of each weights file, in hexadecimal, by file name.
    pub files: BTreeMap<String, String>,
    /// The VAE, once it is trained.
    pub vae: Option<VaePart>,
    /// The classifier, once it is trained.
    pub classifier: Option<ClassifierPart>,
    /// What `latent-lens evaluate --write` measured.
    pub report: Option<Report>,
}

/// A trained VAE.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaePart {
    /// Its architecture.
    pub config: VaeConfig,
    /// How it was trained.
    pub training: TrainingRecord,
    /// The aggregate posterior over the training images.
    pub latent: LatentStats,
    /// Where each class lives.
    pub regions: ClassRegions,
    /// What usual latents look like; `None` in bundles of earlier versions.
    #[serde(default)]
    pub realism: Option<Realism>,
    /// Standard deviation of the Gaussian likelihood, if that is the likelihood.
    pub sigma: Option<f32>,
}

/// A trained classifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassifierPart {
    /// Its architecture.
    pub config: ResNetConfig,
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
            epoch: self.epochs + record.epoch,
            ..record
        });
        history.extend(later);
        Self {
            command: format!("{}; then {}", self.command, next.command),
            settings: format!("{}; then {}", self.settings, next.settings),
            epochs: self.epochs + next.epochs,
            history,
            ..next
        }
    }
}

impl Manifest {
    /// A bundle without networks.
    #[must_use]
    pub fn empty(dataset: &str, class_names: Vec<String>) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            dataset: dataset.to_owned(),
            class_names,
            files: BTreeMap::new(),
            vae: None,
            classifier: None,
            report: None,
        }
    }

    /// Reads the manifest of a model without opening its networks: cheap, so that a window can show what it is about.
    ///
    /// # Errors
    /// [`StudioError::Bundle`] if it is missing, damaged, contradicts itself or is of a newer format.
    pub fn read(source: &ModelSource) -> Result<Self, StudioError> {
        let files = Files::of(source);
        let bytes = files.read(MANIFEST)?;
        Self::parse(&bytes).map_err(|(reason, remedy)| files.damaged(MANIFEST, reason, remedy))
    }

    /// SHA-256 over the weights of both networks, in hexadecimal: what tells one model from another.
    #[must_use]
    pub fn model_sha256(&self) -> String {
        crate::studio::model_sha256(self)
    }

    /// The known data set that this model was trained on, if it is one.
    #[must_use]
    pub fn known_dataset(&self) -> Option<KnownDataset> {
        self.dataset.parse().ok()
    }

    /// The name of a class, or its number if it has none.
    #[must_use]
    pub fn class_name(&self, class: ClassId) -> String {
        self.class_names
            .get(class.index())
            .map_or_else(|| class.to_string(), Clone::clone)
    }

    /// The manifest as text: a line with the SHA-256 of all that follows, then RON.
    pub(crate) fn to_text(&self) -> Result<String, ron::Error> {
        let style = ron::ser::PrettyConfig::default()
            .depth_limit(6)
            .compact_arrays(true);
        let body = ron::ser::to_string_pretty(self, style)?;
        Ok(format!(
            "{CHECKSUM}{}\n{body}\n",
            files::sha256_hex(format!("{body}\n").as_bytes())
        ))
    }

    /// The inverse of [`to_text`](Self::to_text): what is wrong and what to do about it, if anything is.
    fn parse(bytes: &[u8]) -> Result<Self, (String, &'static str)> {
        const RESTORE: &str =
            "Restore the bundle from where it came, or train it again with `latent-lens train`";
        let text = std::str::from_utf8(bytes).map_err(|_| ("it is no text".to_owned(), RESTORE))?;
        // The version comes first: a newer program may have changed everything else, the checksum line included.
        if let Some(version) = format_version(text)
            && version > FORMAT_VERSION
        {
            let reason = format!(
                "it has format version {version}, and this program reads up to {FORMAT_VERSION}"
            );
            return Err((reason, "Use a newer version of Latent Lens"));
        }
        let (checksum, body) = text
            .strip_prefix(CHECKSUM)
            .and_then(|rest| rest.split_once('\n'))
            .ok_or_else(|| ("it does not start with its checksum".to_owned(), RESTORE))?;
        if files::sha256_hex(body.as_bytes()) != checksum {
            return Err((
                "its content does not match its checksum".to_owned(),
                RESTORE,
            ));
        }
        let manifest: Self =
            ron::from_str(body).map_err(|e| (format!("it cannot be read: {e}"), RESTORE))?;
        manifest.check().map_err(|reason| (reason, RESTORE))?;
        Ok(manifest)
    }

    /// Whether the parts fit each other.
    fn check(&self) -> Result<(), String> {
        let classes = self.class_names.len();
        if let Some(vae) = &self.vae {
            vae.config.validate().map_err(|e| e.to_string())?;
            let dims = vae.config.latent_dim;
            if !vae.latent.is_sound(dims) {
                return Err(format!(
                    "its latent statistics do not describe {dims} dimensions"
                ));
            }
            if !vae.realism.as_ref().is_none_or(Realism::is_sound) {
                return Err("its percentiles of usual latents are not in order".to_owned());
            }
            if !vae.regions.is_sound(classes, dims) {
                return Err(format!(
                    "its class regions do not describe {classes} classes"
                ));
            }
        }
        if let Some(classifier) = &self.classifier {
            classifier.config.validate().map_err(|e| e.to_string())?;
            if classifier.config.classes != classes {
                return Err(format!(
                    "its classifier does not tell {classes} classes apart"
                ));
            }
            if !(classifier.temperature.is_finite() && classifier.temperature > 0.0) {
                return Err("the temperature of its classifier is not above 0".to_owned());
            }
        }
        Ok(())
    }
}

/// How the first line starts.
const CHECKSUM: &str = "// sha256 of what follows: ";

fn format_version(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("format_version:")?;
    rest.split(',').next()?.trim().parse().ok()
}
