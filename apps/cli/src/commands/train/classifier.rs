//! `latent-lens train classifier`.

use classifier::{ClassifierConfig, TrainConfig};
use serde::{Deserialize, Serialize};

use super::{
    arguments::{Common, read_settings},
    run::{self, Network},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    common: Common,

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

impl Args {
    /// The settings file, overridden by the options that were given.
    fn settings(&self) -> anyhow::Result<Settings> {
        let common = &self.common;
        let mut settings: Settings = read_settings(common.config.as_deref())?;
        let Settings { model, training } = &mut settings;
        model.width = self.width.unwrap_or(model.width);
        common.set_in_judge(training);
        model.validate()?;
        Ok(settings)
    }
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let Settings {
        mut model,
        mut training,
    } = args.settings()?;
    let common = &args.common;
    run::run(common, Network::Classifier, |mut run| {
        model.shape = run.dataset.shape;
        model.classes = run.dataset.classes();
        if common.config.is_none() {
            training.augmentation = run.dataset.augmentation.clone();
        }
        studio::train_classifier(&model, &training, &mut run)
    })
}
