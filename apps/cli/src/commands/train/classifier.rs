//! `latent-lens train classifier`.

use classifier::{ClassifierConfig, TrainConfig};
use runs::{JudgeSettings, NetworkSettings};
use serde::{Deserialize, Serialize};

use super::arguments::{Common, read_settings};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    /// Channels of the first stage; the later ones have 2, 4 and 8 times as many [default: 64]
    #[arg(long, value_name = "N")]
    width: Option<usize>,
}

/// What a settings file may hold.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    model: ClassifierConfig,
    training: TrainConfig,
}

pub fn settings(args: &Args) -> anyhow::Result<NetworkSettings> {
    let common = &args.common;
    let settings: Settings = read_settings(common.config.as_deref())?;
    let Settings {
        mut model,
        mut training,
    } = settings;
    model.width = args.width.unwrap_or(model.width);
    common.set_in_judge(&mut training);
    model.validate()?;
    Ok(NetworkSettings::Classifier(JudgeSettings {
        model,
        training,
        own_augmentation: common.config.is_some(),
    }))
}
