//! The arguments that all VAEs take, whatever their family.

use anyhow::Context as _;
use runs::VaeSettings;
use serde::{Deserialize, Serialize};
use studio::{GeneratorPart, Manifest, ModelSource};
use vae_core::{Likelihood, TrainConfig, VaeConfig};

use super::arguments::{Common, read_settings};

/// The arguments of every VAE.
#[derive(Debug, clap::Args)]
pub struct VaeArgs {
    #[command(flatten)]
    pub common: Common,

    /// The distribution of a pixel given the decoder's output: bernoulli or gaussian (with the best sigma)
    /// [default: bernoulli]
    #[arg(long, value_name = "NAME")]
    likelihood: Option<Likelihood>,

    /// Learn binary images, a pixel 1 with its grey level as the probability: for `evaluate --only nll_nats`
    #[arg(long)]
    binarise: bool,

    /// Go on from the VAE of this model, of which the architecture is taken, instead of from fresh weights
    /// [default: fresh weights]
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser(), conflicts_with_all = ["likelihood", "blocks", "latent_dim", "width"])]
    pub from: Option<ModelSource>,

    /// Residual blocks after each change of size [default: 1]
    #[arg(long, value_name = "N")]
    blocks: Option<usize>,

    /// Dimensions of the latent space [default: 32]
    #[arg(long, value_name = "N")]
    latent_dim: Option<usize>,

    /// Epochs in which the weight of the KL term grows to that of --kl-weight [default: 3; half of all epochs for a conditional VAE, and 0
    /// with --from]
    #[arg(long, value_name = "EPOCHS")]
    kl_warmup: Option<f64>,

    /// Weight of the KL term after that: above 1 latents tell less and lie closer to the prior, below 1 they tell more (a beta-VAE)
    /// [default: 1, the ELBO]
    #[arg(long, value_name = "WEIGHT", allow_hyphen_values = true)]
    kl_weight: Option<f64>,

    /// Channels of the feature maps after the first halving of the image; the smaller maps have 2, 4, 6 and 8 times as many
    /// [default: 32]
    #[arg(long, value_name = "N")]
    width: Option<usize>,
}

/// What a settings file may hold.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub model: VaeConfig,
    pub training: TrainConfig,
}

impl VaeArgs {
    /// The settings file, overridden by the options that were given.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let common = &self.common;
        let mut settings: Settings = read_settings(common.config.as_deref())?;
        let Settings { model, training } = &mut settings;
        model.latent_dim = self.latent_dim.unwrap_or(model.latent_dim);
        model.likelihood = self.likelihood.unwrap_or(model.likelihood);
        model.blocks = self.blocks.unwrap_or(model.blocks);
        common.set_in(
            (&mut training.epochs, &mut training.batch_size),
            &mut training.learning_rate,
            &mut training.seed,
        );
        training.kl_weight = self.kl_weight.unwrap_or(training.kl_weight);
        training.binarise |= self.binarise;
        if let Some(source) = &self.from {
            *model = architecture(source)?;
            // The posteriors are where the prior wants them already.
            training.kl_warmup_epochs = 0.0;
        }
        self.set_kl_warmup(training);
        Ok(settings)
    }

    /// These settings as a run takes them; `own_prior` if the prior was chosen.
    pub fn with(&self, settings: Settings, own_prior: bool) -> VaeSettings {
        VaeSettings {
            model: settings.model,
            width: self.width,
            training: settings.training,
            from: self.from.clone(),
            own_prior,
            own_augmentation: self.common.config.is_some(),
        }
    }

    /// Puts in how long the KL term grows, if that was given.
    pub fn set_kl_warmup(&self, training: &mut TrainConfig) {
        training.kl_warmup_epochs = self.kl_warmup.unwrap_or(training.kl_warmup_epochs);
    }
}

fn architecture(source: &ModelSource) -> anyhow::Result<VaeConfig> {
    let manifest = Manifest::read(source)?;
    let vae = manifest.generator.as_ref().and_then(GeneratorPart::vae);
    let vae = vae.with_context(|| format!("{source} has no VAE to go on from"))?;
    Ok(vae.config.clone())
}
