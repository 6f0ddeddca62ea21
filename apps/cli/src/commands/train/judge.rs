//! `latent-lens train judge`: the second judge.

use classifier::{ClassifierConfig, TrainConfig};
use datasets::Seed;
use serde::{Deserialize, Serialize};

use super::{
    arguments::{Common, read_settings},
    run::{self, Network},
};

/// Channels of the first stage: this network is half as deep as the classifier, which two cores train in a quarter of an
/// hour.
const WIDTH: usize = 24;

/// Another one than the classifier's, so that the two have nothing in common but the images.
const SEED: Seed = Seed(1);

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    common: Common,

    /// Channels of the first stage; the later ones have 2, 4 and 8 times as many [default: 24]
    #[arg(long, value_name = "N")]
    width: Option<usize>,
}

/// What a settings file may hold.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    model: ClassifierConfig,
    training: TrainConfig,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: ClassifierConfig {
                width: WIDTH,
                ..ClassifierConfig::default()
            },
            training: TrainConfig {
                seed: SEED,
                ..TrainConfig::default()
            },
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let common = &args.common;
    let settings: Settings = read_settings(common.config.as_deref())?;
    let Settings {
        mut model,
        mut training,
    } = settings;
    model.width = args.width.unwrap_or(model.width);
    common.set_in_judge(&mut training);
    model.validate()?;
    run::run(common, Network::Judge, |mut run| {
        model.shape = run.dataset.shape;
        model.classes = run.dataset.classes();
        if common.config.is_none() {
            training.augmentation = run.dataset.augmentation.clone();
        }
        studio::train_second_judge(&model, &training, &mut run)
    })
}
