//! How each network is trained, as plain data, and its training.

use std::path::Path;

use classifier::ClassifierConfig;
use datasets::{DatasetInfo, Seed};
use flow::{CoarseNoise, FlowConfig};
use gan::GanConfig;
use serde::{Deserialize, Serialize};
use studio::{
    Architecture, DiffusionArchitecture, MANIFEST, Manifest, ModelSource, StudioError, TrainingRun,
};
use training::Outcome;
use vae_core::{Prior, VaeConfig};

use crate::{Network, Note};

/// A VAE that learned for fewer steps has hardly begun to use its latent space.
const FEW_STEPS: usize = 1_000;

/// A network and how it is trained. What follows from the images, such as their shape, is found when they are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum NetworkSettings {
    /// A VAE that is given no class.
    Vae(VaeSettings),
    /// A VAE that is given the class.
    Conditional(VaeSettings),
    /// A VAE with a head.
    Joint(VaeSettings),
    /// What sharpens a VAE's images.
    Refiner(RefinerSettings),
    /// A GAN.
    Gan(GanSettings),
    /// A diffusion.
    Diffusion(DiffusionSettings),
    /// The ResNet-18 that judges.
    Classifier(JudgeSettings),
    /// The second judge.
    Judge(JudgeSettings),
}

/// A VAE of any family, and how it is trained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct VaeSettings {
    /// The network.
    pub model: VaeConfig,
    /// Channels after the first halving of the image, if not those of `model`.
    pub width: Option<usize>,
    /// How it is trained.
    pub training: vae_core::TrainConfig,
    /// The model whose VAE it goes on from.
    pub from: Option<ModelSource>,
    /// Whether the prior was chosen, so that it stays even where it does not fit the images.
    pub own_prior: bool,
    /// Whether the augmentation that a head learns with is that of `training`, and not what suits the images.
    pub own_augmentation: bool,
}

/// A network that judges, and how it is trained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct JudgeSettings {
    /// The network.
    pub model: ClassifierConfig,
    /// How it is trained.
    pub training: classifier::TrainConfig,
    /// Whether the augmentation is that of `training`, and not what suits the images.
    pub own_augmentation: bool,
}

/// A GAN, and how it is trained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GanSettings {
    /// The networks; `None` for those that suit the images.
    pub model: Option<GanConfig>,
    /// Dimensions of the latent space, if not those of `model`.
    pub latent_dim: Option<usize>,
    /// How they are trained.
    pub training: gan::TrainConfig,
}

/// A diffusion, and how it is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiffusionSettings {
    /// The network; `None` for the one that suits the images.
    pub model: Option<FlowConfig>,
    /// How it is trained.
    pub training: flow::TrainConfig,
    /// The model whose diffusion it goes on from, of which the architecture is taken.
    pub from: Option<ModelSource>,
    /// Steps from noise to image unless somebody asks for others.
    pub steps: usize,
    /// How far the class is exaggerated unless somebody asks for another guidance.
    pub guidance: f32,
}

impl Default for DiffusionSettings {
    /// The paths are nearly straight, so few steps are enough; a little guidance shows the class more clearly than the velocity of a
    /// small network alone does.
    fn default() -> Self {
        Self {
            model: None,
            training: flow::TrainConfig::default(),
            from: None,
            steps: 10,
            guidance: 1.5,
        }
    }
}

/// A refiner, and how it is trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefinerSettings {
    /// The network; `None` for the one that suits the images.
    pub model: Option<FlowConfig>,
    /// How it is trained.
    pub training: flow::TrainConfig,
    /// The model with the VAE; `None` for the one that is in the run's folder.
    pub from: Option<ModelSource>,
    /// Steps that images are drawn with unless somebody asks for others.
    pub steps: usize,
}

impl Default for RefinerSettings {
    /// As many steps as a frame has time for.
    fn default() -> Self {
        Self {
            model: None,
            training: flow::TrainConfig::default(),
            from: None,
            steps: 2,
        }
    }
}

impl JudgeSettings {
    /// The usual second judge: it is half as deep as the classifier, which two cores train in a quarter of an hour, and its seed is
    /// another one, so that the two have nothing in common but the images.
    #[must_use]
    pub fn second() -> Self {
        Self {
            model: ClassifierConfig {
                width: 24,
                ..ClassifierConfig::default()
            },
            training: classifier::TrainConfig {
                seed: Seed(1),
                ..classifier::TrainConfig::default()
            },
            own_augmentation: false,
        }
    }
}

impl VaeSettings {
    /// Those of a conditional VAE. Nats of the ELBO that drawing the class that is given is worth, and the weight of the KL term at the start:
    /// both make the network look at the class. Chosen on held-out images, see docs/models.md.
    pub fn make_conditional(&mut self) {
        self.training.swap_weight = 20.0;
        if self.from.is_none() {
            self.training.kl_start = 6.0;
            self.training.kl_warmup_epochs = self.training.epochs as f64 / 2.0;
        }
    }
}

impl NetworkSettings {
    /// Which network it is.
    #[must_use]
    pub fn network(&self) -> Network {
        match self {
            Self::Vae(_) => Network::Vae,
            Self::Conditional(_) => Network::Conditional,
            Self::Joint(_) => Network::Joint,
            Self::Refiner(_) => Network::Refiner,
            Self::Gan(_) => Network::Gan,
            Self::Diffusion(_) => Network::Diffusion,
            Self::Classifier(_) => Network::Classifier,
            Self::Judge(_) => Network::Judge,
        }
    }

    /// Passes over the images, and images a step.
    #[must_use]
    pub fn epochs_and_batch(&self) -> (usize, usize) {
        match self {
            Self::Vae(VaeSettings { training, .. })
            | Self::Conditional(VaeSettings { training, .. })
            | Self::Joint(VaeSettings { training, .. }) => (training.epochs, training.batch_size),
            Self::Refiner(RefinerSettings { training, .. })
            | Self::Diffusion(DiffusionSettings { training, .. }) => {
                (training.epochs, training.batch_size)
            }
            Self::Gan(GanSettings { training, .. }) => (training.epochs, training.batch_size),
            Self::Classifier(JudgeSettings { training, .. })
            | Self::Judge(JudgeSettings { training, .. }) => (training.epochs, training.batch_size),
        }
    }

    /// What a person should know before it is trained on such images.
    #[must_use]
    pub fn notes(&self, dataset: &DatasetInfo, images: usize) -> Vec<Note> {
        let mut notes = Vec::new();
        if let Self::Vae(vae) = self
            && vae.gets_normal_prior(dataset)
        {
            notes.push(Note::NormalPrior);
        }
        if let Self::Vae(vae) | Self::Conditional(vae) | Self::Joint(vae) = self {
            let epochs = vae.training.epochs;
            let steps = epochs.saturating_mul(images.div_ceil(vae.training.batch_size.max(1)));
            if steps < FEW_STEPS {
                notes.push(Note::FewSteps {
                    steps,
                    enough: FEW_STEPS,
                    epochs: (epochs * FEW_STEPS).div_ceil(steps.max(1)),
                });
            }
        }
        notes
    }

    /// Refuses before any image is read what can be refused then.
    ///
    /// # Errors
    /// [`StudioError`] for settings that cannot work, and for a model to go on from that cannot be opened.
    pub fn check(&self, out: &Path) -> Result<(), StudioError> {
        match self {
            Self::Refiner(refiner) => {
                let here = out.join(MANIFEST).exists();
                let here = here.then(|| ModelSource::Folder(out.to_owned()));
                let source = refiner.from.clone().or(here);
                let has_vae = match &source {
                    Some(source) => Manifest::read(source)?.has_encoder(),
                    None => false,
                };
                if has_vae {
                    return Ok(());
                }
                let out = || out.display().to_string();
                Err(StudioError::MissingPart {
                    model: source.map_or_else(out, |source| source.to_string()),
                    part: "vae",
                })
            }
            Self::Diffusion(DiffusionSettings {
                from: Some(from), ..
            }) => architecture(from).map(drop),
            _ => Ok(()),
        }
    }

    /// Trains it.
    ///
    /// # Errors
    /// [`StudioError`] if settings, data, folder or numbers do not allow it.
    pub(crate) fn train(&self, run: &mut TrainingRun<'_>) -> Result<Outcome, StudioError> {
        match self {
            Self::Vae(vae) | Self::Conditional(vae) | Self::Joint(vae) => {
                let VaeSettings {
                    mut model,
                    training,
                    ..
                } = vae.settled(self.network(), run.dataset);
                if let Some(width) = vae.width {
                    model.channels = VaeConfig::channels_of_width(run.dataset.shape, width);
                }
                studio::train_vae(&model, vae.from.as_ref(), &training, run)
            }
            Self::Refiner(refiner) => {
                let usual = || FlowConfig::refiner(run.dataset.shape);
                let model = refiner.model.clone().unwrap_or_else(usual);
                let (from, steps) = (refiner.from.as_ref(), refiner.steps);
                studio::train_refiner(&model, from, &refiner.training, steps, run)
            }
            Self::Gan(gan) => {
                let usual = || GanConfig::usual(run.dataset.shape);
                let mut model = gan.model.clone().unwrap_or_else(usual);
                model.latent_dim = gan.latent_dim.unwrap_or(model.latent_dim);
                studio::train_gan(&model, &gan.training, run)
            }
            Self::Diffusion(diffusion) => {
                let architecture = diffusion.architecture(run.dataset)?;
                let from = diffusion.from.as_ref();
                studio::train_diffusion(&architecture, from, &diffusion.training, run)
            }
            Self::Classifier(judge) => {
                let judge = judge.settled(run.dataset);
                studio::train_classifier(&judge.model, &judge.training, run)
            }
            Self::Judge(judge) => {
                let judge = judge.settled(run.dataset);
                studio::train_second_judge(&judge.model, &judge.training, run)
            }
        }
    }
}

impl VaeSettings {
    /// Whether class centres are asked for by nobody, and there are no classes.
    fn gets_normal_prior(&self, dataset: &DatasetInfo) -> bool {
        self.model.prior == Prior::ClassCentres
            && !self.own_prior
            && self.from.is_none()
            && !dataset.has_classes()
    }

    /// The same with what follows from the images.
    fn settled(&self, network: Network, dataset: &DatasetInfo) -> Self {
        let mut settled = self.clone();
        if network == Network::Vae && self.gets_normal_prior(dataset) {
            settled.model.prior = Prior::Normal;
        }
        if network == Network::Joint && !self.own_augmentation {
            settled.training.joint.augmentation = dataset.augmentation.clone();
        }
        settled
    }
}

impl JudgeSettings {
    /// The same with what follows from the images.
    fn settled(&self, dataset: &DatasetInfo) -> Self {
        let mut settled = self.clone();
        settled.model.shape = dataset.shape;
        settled.model.classes = dataset.classes();
        if !self.own_augmentation {
            settled.training.augmentation = dataset.augmentation.clone();
        }
        settled
    }
}

impl DiffusionSettings {
    fn architecture(&self, dataset: &DatasetInfo) -> Result<DiffusionArchitecture, StudioError> {
        let before = self.from.as_ref().map(architecture).transpose()?;
        let usual = || FlowConfig {
            conditional: dataset.has_classes(),
            ..FlowConfig::diffusion(dataset.shape)
        };
        let (config, latent_dim) = match before {
            Some(before) => (before.config, before.latent_dim),
            None => (self.model.clone().unwrap_or_else(usual), CoarseNoise::DIMS),
        };
        Ok(DiffusionArchitecture {
            guidance: if config.conditional {
                self.guidance
            } else {
                1.0
            },
            config,
            latent_dim: latent_dim.min(dataset.shape.values()),
            steps: self.steps,
        })
    }
}

/// The architecture of a model's diffusion.
fn architecture(source: &ModelSource) -> Result<DiffusionArchitecture, StudioError> {
    let part = Manifest::read(source)?.generator;
    match part.map(|part| part.architecture) {
        Some(Architecture::Diffusion(diffusion)) => Ok(diffusion),
        _ => Err(StudioError::MissingPart {
            model: source.to_string(),
            part: "diffusion",
        }),
    }
}
