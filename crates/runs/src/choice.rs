//! What a person decides about a run; all else follows from it, the command that does the same included.

use std::path::PathBuf;

use datasets::Seed;
use serde::{Deserialize, Serialize};
use vae_core::{Likelihood, Prior};

use crate::{
    DiffusionSettings, GanSettings, ImageSource, JudgeSettings, Network, NetworkSettings,
    RefinerSettings, RunSettings, VaeSettings,
};

/// What a quick look learns from, an image counted as often as it is seen: all of MNIST once.
const QUICK_IMAGES: usize = 55_000;
/// Passes over images of which nobody knows how many there are, and over very few.
const QUICK_EPOCHS: usize = 10;
const MOST_QUICK_EPOCHS: usize = 400;
/// Images a step: with few steps, each has to count.
const QUICK_BATCH: usize = 64;
/// A small network.
const QUICK_VAE_WIDTH: usize = 12;
const QUICK_JUDGE_WIDTH: usize = 8;
const QUICK_DIMS: usize = 16;
/// The share of a quick look in which the weight of the KL term grows.
const QUICK_WARMUP: f64 = 0.25;

/// How much time a run may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Preset {
    /// A small network and few passes: something to see within a minute on digits.
    #[default]
    QuickLook,
    /// What the models of the program were trained with.
    Good,
}

/// What a person changed of a preset; what is `None` is as the preset has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Overrides {
    /// Passes over the images.
    pub epochs: Option<usize>,
    /// Images a step.
    pub batch_size: Option<usize>,
    /// The highest learning rate.
    pub learning_rate: Option<f64>,
    /// Channels of the first maps, of networks that have a width.
    pub width: Option<usize>,
    /// Dimensions of the latent space, of a VAE or a GAN.
    pub latent_dim: Option<usize>,
    /// The distribution of a pixel, of a VAE.
    pub likelihood: Option<Likelihood>,
    /// The distribution of the latents, of a plain VAE.
    pub prior: Option<Prior>,
    /// What is random follows from it.
    pub seed: Option<Seed>,
}

/// What a person decides about a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The images.
    pub images: ImageSource,
    /// How many of them there are to learn from, as far as that is known: a quick look passes over few images more often.
    pub count: Option<usize>,
    /// The network.
    pub network: Network,
    /// How much time it may take.
    pub preset: Preset,
    /// The model's folder.
    #[serde(with = "files::path_text")]
    pub out: PathBuf,
    /// What was changed of the preset.
    pub changed: Overrides,
}

/// The figures that a person may change, as they will be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Passes over the images.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// The highest learning rate.
    pub learning_rate: f64,
    /// Channels of the first maps; 0 of a network without a width to choose.
    pub width: usize,
    /// Dimensions of the latent space; 0 of a network without any to choose.
    pub latent_dim: usize,
    /// What is random follows from it.
    pub seed: Seed,
}

impl Choice {
    /// The usual run of a network on such images, with a preset.
    #[must_use]
    pub fn new(images: ImageSource, network: Network, preset: Preset, out: PathBuf) -> Self {
        Self {
            images,
            count: None,
            network,
            preset,
            out,
            changed: Overrides::default(),
        }
    }

    /// Whether the network has a width to choose.
    #[must_use]
    pub fn has_width(&self) -> bool {
        self.is_vae() || matches!(self.network, Network::Classifier | Network::Judge)
    }

    /// Whether its latent space has dimensions to choose.
    #[must_use]
    pub fn has_latent_dim(&self) -> bool {
        self.is_vae() || self.network == Network::Gan
    }

    /// Whether it is a VAE of any family.
    #[must_use]
    pub fn is_vae(&self) -> bool {
        matches!(
            self.network,
            Network::Vae | Network::Conditional | Network::Joint
        )
    }

    /// The same with all that the preset says in the places that were left open.
    #[must_use]
    pub fn settled(&self) -> Self {
        let mut settled = self.clone();
        let quick = self.preset == Preset::QuickLook;
        let quickly = |value: usize| quick.then_some(value);
        let epochs = self.count.map_or(QUICK_EPOCHS, |count| {
            QUICK_IMAGES.div_ceil(count.max(1)).min(MOST_QUICK_EPOCHS)
        });
        settled.changed.epochs = settled.changed.epochs.or(quickly(epochs));
        settled.changed.batch_size = settled.changed.batch_size.or(quickly(QUICK_BATCH));
        if self.has_width() {
            let width = if self.is_vae() {
                QUICK_VAE_WIDTH
            } else {
                QUICK_JUDGE_WIDTH
            };
            settled.changed.width = settled.changed.width.or(quickly(width));
        }
        if self.has_latent_dim() {
            settled.changed.latent_dim = settled.changed.latent_dim.or(quickly(QUICK_DIMS));
        }
        settled
    }

    /// The weight of the KL term grows over so many epochs, where that is not as usual: in a short run it has to be there before the end.
    pub(crate) fn kl_warmup(&self) -> Option<f64> {
        let quick = self.preset == Preset::QuickLook;
        let plain = matches!(self.network, Network::Vae | Network::Joint);
        let epochs = self.settled().changed.epochs.unwrap_or(QUICK_EPOCHS);
        (quick && plain).then_some(QUICK_WARMUP * epochs as f64)
    }

    /// The network and all its settings.
    #[must_use]
    pub fn network_settings(&self) -> NetworkSettings {
        let settled = self.settled();
        match self.network {
            Network::Vae => NetworkSettings::Vae(settled.vae()),
            Network::Conditional => {
                let mut vae = settled.vae();
                vae.make_conditional();
                vae.model.conditional = true;
                vae.model.prior = Prior::Normal;
                NetworkSettings::Conditional(vae)
            }
            Network::Joint => {
                let mut vae = settled.vae();
                vae.model.head = Some(vae_core::HeadConfig::of_half(vae.model.latent_dim));
                vae.model.prior = Prior::Normal;
                NetworkSettings::Joint(vae)
            }
            Network::Gan => {
                let mut gan = GanSettings {
                    latent_dim: settled.changed.latent_dim,
                    ..GanSettings::default()
                };
                let training = &mut gan.training;
                settled.set(
                    (&mut training.epochs, &mut training.batch_size),
                    &mut training.learning_rate,
                    &mut training.seed,
                );
                NetworkSettings::Gan(gan)
            }
            Network::Diffusion => NetworkSettings::Diffusion(DiffusionSettings {
                training: settled.flow(),
                ..DiffusionSettings::default()
            }),
            Network::Refiner => NetworkSettings::Refiner(RefinerSettings {
                training: settled.flow(),
                ..RefinerSettings::default()
            }),
            Network::Classifier => {
                NetworkSettings::Classifier(settled.judge(JudgeSettings::default()))
            }
            Network::Judge => NetworkSettings::Judge(settled.judge(JudgeSettings::second())),
        }
    }

    fn set(
        &self,
        (epochs, batch_size): (&mut usize, &mut usize),
        learning_rate: &mut f64,
        seed: &mut Seed,
    ) {
        *epochs = self.changed.epochs.unwrap_or(*epochs);
        *batch_size = self.changed.batch_size.unwrap_or(*batch_size);
        *learning_rate = self.changed.learning_rate.unwrap_or(*learning_rate);
        *seed = self.changed.seed.unwrap_or(*seed);
    }

    fn vae(&self) -> VaeSettings {
        let mut vae = VaeSettings {
            width: self.changed.width,
            own_prior: self.changed.prior.is_some(),
            ..VaeSettings::default()
        };
        let (model, training) = (&mut vae.model, &mut vae.training);
        model.latent_dim = self.changed.latent_dim.unwrap_or(model.latent_dim);
        model.likelihood = self.changed.likelihood.unwrap_or(model.likelihood);
        model.prior = self.changed.prior.unwrap_or(model.prior);
        self.set(
            (&mut training.epochs, &mut training.batch_size),
            &mut training.learning_rate,
            &mut training.seed,
        );
        training.kl_warmup_epochs = self.kl_warmup().unwrap_or(training.kl_warmup_epochs);
        vae
    }

    fn flow(&self) -> flow::TrainConfig {
        let mut training = flow::TrainConfig::default();
        self.set(
            (&mut training.epochs, &mut training.batch_size),
            &mut training.learning_rate,
            &mut training.seed,
        );
        training
    }

    fn judge(&self, mut judge: JudgeSettings) -> JudgeSettings {
        judge.model.width = self.changed.width.unwrap_or(judge.model.width);
        let training = &mut judge.training;
        self.set(
            (&mut training.epochs, &mut training.batch_size),
            &mut training.learning_rate,
            &mut training.seed,
        );
        judge
    }

    /// The figures of the network and its training.
    #[must_use]
    pub fn figures(&self) -> Figures {
        /// Channels of a VAE's first maps, and dimensions of a GAN's latent space, if nobody asks for others.
        const VAE_WIDTH: usize = 32;
        const GAN_DIMS: usize = 64;
        let network = self.network_settings();
        let (epochs, batch_size) = network.epochs_and_batch();
        let (learning_rate, seed, width, latent_dim) = match &network {
            NetworkSettings::Vae(vae)
            | NetworkSettings::Conditional(vae)
            | NetworkSettings::Joint(vae) => (
                vae.training.learning_rate,
                vae.training.seed,
                vae.width.unwrap_or(VAE_WIDTH),
                vae.model.latent_dim,
            ),
            NetworkSettings::Gan(gan) => {
                let dims = gan.latent_dim.unwrap_or(GAN_DIMS);
                (gan.training.learning_rate, gan.training.seed, 0, dims)
            }
            NetworkSettings::Diffusion(DiffusionSettings { training, .. })
            | NetworkSettings::Refiner(RefinerSettings { training, .. }) => {
                (training.learning_rate, training.seed, 0, 0)
            }
            NetworkSettings::Classifier(judge) | NetworkSettings::Judge(judge) => {
                let training = &judge.training;
                (training.learning_rate, training.seed, judge.model.width, 0)
            }
        };
        Figures {
            epochs,
            batch_size,
            learning_rate,
            width,
            latent_dim,
            seed,
        }
    }

    /// The whole run.
    #[must_use]
    pub fn run(&self) -> RunSettings {
        RunSettings {
            images: self.images.clone(),
            network: self.network_settings(),
            out: self.out.clone(),
            command: self.command(),
        }
    }
}
