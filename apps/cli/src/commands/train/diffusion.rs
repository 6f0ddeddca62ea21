//! `latent-lens train diffusion`.

use anyhow::{bail, ensure};
use flow::{CoarseNoise, FlowConfig, TrainConfig};
use serde::{Deserialize, Serialize};
use studio::{
    Architecture, DiffusionArchitecture, MOST_FLOW_STEPS, MOST_GUIDANCE, Manifest, ModelSource,
    Sampler,
};

use super::{
    arguments::{Common, read_settings},
    run::{self, Network},
};

/// The steps that images are drawn in if nobody asks for others: the paths are nearly straight, so few are enough.
const STEPS: usize = 10;

/// How far the class is exaggerated if nobody asks for something else. A little: images then show their class more clearly than the
/// velocity of a small network alone makes them.
const GUIDANCE: f32 = 1.5;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    common: Common,

    /// Go on from the diffusion of this model, of which the architecture is taken, instead of from fresh weights [default: fresh
    /// weights]
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    from: Option<ModelSource>,

    /// The steps that images are drawn in unless somebody asks for others [default: 10]
    #[arg(long, value_name = "N")]
    steps: Option<usize>,

    /// How far the class is exaggerated unless somebody asks for another guidance; 1 is not at all [default: 1.5, or 1 for images
    /// without classes]
    #[arg(long, value_name = "FACTOR")]
    guidance: Option<f32>,
}

/// What a settings file may hold.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    model: Option<FlowConfig>,
    training: TrainConfig,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let common = &args.common;
    let Settings {
        model,
        mut training,
    } = read_settings(common.config.as_deref())?;
    common.set_in(
        (&mut training.epochs, &mut training.batch_size),
        &mut training.learning_rate,
        &mut training.seed,
    );
    let steps = args.steps.unwrap_or(STEPS);
    ensure!(
        (1..=MOST_FLOW_STEPS).contains(&steps),
        "--steps {steps} is out of range: give 1 to {MOST_FLOW_STEPS}"
    );
    let guidance = args.guidance.unwrap_or(GUIDANCE);
    ensure!(
        Sampler::is_guidance(guidance),
        "--guidance {guidance} is out of range: give 0 to {MOST_GUIDANCE}"
    );
    let before = args.from.as_ref().map(architecture).transpose()?;
    run::run(common, Network::Diffusion, |mut run| {
        let has_classes = run.dataset.has_classes();
        let usual = || FlowConfig {
            conditional: has_classes,
            ..FlowConfig::diffusion(run.dataset.shape)
        };
        let before = before.map(|before| (before.config, before.latent_dim));
        let (config, latent_dim) =
            before.unwrap_or_else(|| (model.unwrap_or_else(usual), CoarseNoise::DIMS));
        let architecture = DiffusionArchitecture {
            guidance: if config.conditional { guidance } else { 1.0 },
            config,
            latent_dim: latent_dim.min(run.dataset.shape.values()),
            steps,
        };
        studio::train_diffusion(&architecture, args.from.as_ref(), &training, &mut run)
    })
}

/// The architecture of a model's diffusion.
fn architecture(source: &ModelSource) -> anyhow::Result<DiffusionArchitecture> {
    match Manifest::read(source)?
        .generator
        .map(|part| part.architecture)
    {
        Some(Architecture::Diffusion(diffusion)) => Ok(diffusion),
        _ => {
            bail!("{source} has no diffusion to go on from: name a model that has one with --from")
        }
    }
}
