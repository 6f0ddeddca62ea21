//! `latent-lens train gan`.

use gan::{GanConfig, TrainConfig};
use runs::{GanSettings, NetworkSettings};
use serde::{Deserialize, Serialize};

use super::arguments::{Common, read_settings};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

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
    let gan = GanSettings {
        model,
        latent_dim: args.latent_dim,
        training,
    };
    Ok(NetworkSettings::Gan(gan))
}
