//! `latent-lens train refiner`.

use anyhow::ensure;
use flow::{FlowConfig, TrainConfig};
use runs::{NetworkSettings, RefinerSettings};
use serde::{Deserialize, Serialize};
use studio::{MOST_FLOW_STEPS, ModelSource};

use super::arguments::{Common, read_settings};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    /// The model with the VAE, which goes into the new model with its latent space and its judges: a name from `latent-lens models`,
    /// or a folder [default: the VAE that is in --out]
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    from: Option<ModelSource>,

    /// The steps that images are drawn with unless somebody asks for others [default: 2]
    #[arg(long, value_name = "N")]
    steps: Option<usize>,
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
    let steps = args.steps.unwrap_or(RefinerSettings::default().steps);
    ensure!(
        (1..=MOST_FLOW_STEPS).contains(&steps),
        "--steps {steps} is out of range: give 1 to {MOST_FLOW_STEPS}"
    );
    let refiner = RefinerSettings {
        model,
        training,
        from: args.from.clone(),
        steps,
    };
    Ok(NetworkSettings::Refiner(refiner))
}
