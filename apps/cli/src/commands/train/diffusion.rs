//! `latent-lens train diffusion`.

use anyhow::ensure;
use flow::{FlowConfig, TrainConfig};
use runs::{DiffusionSettings, NetworkSettings};
use serde::{Deserialize, Serialize};
use studio::{MOST_FLOW_STEPS, MOST_GUIDANCE, ModelSource, Sampler};

use super::arguments::{Common, read_settings};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

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

pub fn settings(args: &Args) -> anyhow::Result<NetworkSettings> {
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
    let usual = DiffusionSettings::default();
    let steps = args.steps.unwrap_or(usual.steps);
    ensure!(
        (1..=MOST_FLOW_STEPS).contains(&steps),
        "--steps {steps} is out of range: give 1 to {MOST_FLOW_STEPS}"
    );
    let guidance = args.guidance.unwrap_or(usual.guidance);
    ensure!(
        Sampler::is_guidance(guidance),
        "--guidance {guidance} is out of range: give 0 to {MOST_GUIDANCE}"
    );
    let diffusion = DiffusionSettings {
        model,
        training,
        from: args.from.clone(),
        steps,
        guidance,
    };
    Ok(NetworkSettings::Diffusion(diffusion))
}
