//! `latent-lens train gan`.

use gan::{GanConfig, TrainConfig};
use serde::{Deserialize, Serialize};

use super::{
    arguments::{Common, read_settings},
    run::{self, Network},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    common: Common,

    /// Dimensions of the latent space [default: 64]
    #[arg(long, value_name = "N")]
    latent_dim: Option<usize>,
}

/// What a settings file may hold.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    model: Option<GanConfig>,
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
    run::run(common, Network::Gan, |mut run| {
        let mut model = model.unwrap_or_else(|| GanConfig::usual(run.dataset.shape));
        model.latent_dim = args.latent_dim.unwrap_or(model.latent_dim);
        studio::train_gan(&model, &training, &mut run)
    })
}
