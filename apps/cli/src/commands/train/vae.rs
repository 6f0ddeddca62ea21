//! `latent-lens train vae`.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use studio::{Manifest, ModelSource};
use vae_core::{Likelihood, Prior, TrainConfig, VaeConfig};

use super::{
    arguments::{Common, read_settings},
    run::{self, Network},
};

/// A VAE that learned for fewer steps has hardly begun to use its latent space.
const FEW_STEPS: usize = 1_000;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    common: Common,

    /// The distribution of a pixel given the decoder's output: bernoulli or gaussian (with the best sigma)
    /// [default: bernoulli]
    #[arg(long, value_name = "NAME")]
    likelihood: Option<Likelihood>,

    /// The distribution of the latents: class-centres (a learned centre for each class) or normal [default:
    /// class-centres, or normal for images without classes]
    #[arg(long, value_name = "NAME")]
    prior: Option<Prior>,

    /// Learn binary images, a pixel 1 with its grey level as the probability: for `evaluate --only nll_nats`
    #[arg(long)]
    binarise: bool,

    /// Weight of the term that keeps the classes apart in the latents, besides the ELBO [default: 0, the ELBO
    /// alone]
    #[arg(long, value_name = "WEIGHT")]
    class_weight: Option<f64>,

    /// Go on from the VAE of this model, of which the architecture is taken, instead of from fresh weights
    /// [default: fresh weights]
    #[arg(long, value_name = "NAME|DIR", conflicts_with_all = ["likelihood", "prior", "blocks", "latent_dim", "width"])]
    from: Option<ModelSource>,

    /// Residual blocks after each change of size [default: 1]
    #[arg(long, value_name = "N")]
    blocks: Option<usize>,

    /// Dimensions of the latent space [default: 32]
    #[arg(long, value_name = "N")]
    latent_dim: Option<usize>,

    /// Channels of the feature maps after the first halving of the image; the smaller maps have 2, 4, 6 and 8 times as many
    /// [default: 32]
    #[arg(long, value_name = "N")]
    width: Option<usize>,
}

/// What a settings file may hold.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    model: VaeConfig,
    training: TrainConfig,
}

impl Args {
    /// The settings file, overridden by the options that were given.
    fn settings(&self) -> anyhow::Result<Settings> {
        let common = &self.common;
        let mut settings: Settings = read_settings(common.config.as_deref())?;
        let Settings { model, training } = &mut settings;
        model.latent_dim = self.latent_dim.unwrap_or(model.latent_dim);
        model.likelihood = self.likelihood.unwrap_or(model.likelihood);
        model.prior = self.prior.unwrap_or(model.prior);
        model.blocks = self.blocks.unwrap_or(model.blocks);
        training.epochs = common.epochs.unwrap_or(training.epochs);
        training.batch_size = common.batch_size.unwrap_or(training.batch_size);
        training.learning_rate = common.learning_rate.unwrap_or(training.learning_rate);
        training.seed = common.seed.unwrap_or(training.seed);
        training.binarise |= self.binarise;
        training.class_weight = self.class_weight.unwrap_or(training.class_weight);
        if let Some(source) = &self.from {
            *model = architecture(source)?;
            // The posteriors are where the prior wants them already.
            training.kl_warmup_epochs = 0.0;
        }
        Ok(settings)
    }
}

fn architecture(source: &ModelSource) -> anyhow::Result<VaeConfig> {
    let manifest = Manifest::read(source)?;
    let part = manifest
        .vae
        .with_context(|| format!("{source} has no VAE to go on from"))?;
    Ok(part.config)
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let Settings {
        mut model,
        training,
    } = args.settings()?;
    let common = &args.common;
    run::run(common, Network::Vae, |mut run| {
        if model.prior == Prior::ClassCentres
            && args.prior.is_none()
            && args.from.is_none()
            && !run.dataset.has_classes()
        {
            eprintln!(
                "note: the pictures have no classes, so the prior is normal (as with --prior normal)"
            );
            model.prior = Prior::Normal;
        }
        let steps = training.epochs * run.train.len().div_ceil(training.batch_size.max(1));
        if steps < FEW_STEPS {
            eprintln!(
                "note: {steps} steps are few, and the pictures may stay blurred and alike: --epochs {} would make it {FEW_STEPS}",
                (training.epochs * FEW_STEPS).div_ceil(steps.max(1))
            );
        }
        if let Some(width) = args.width {
            model.channels = VaeConfig::channels_of_width(run.dataset.shape, width);
        }
        studio::train_vae(&model, args.from.as_ref(), &training, &mut run)
    })
}
