//! `latent-lens train refiner`.

use anyhow::ensure;
use flow::{FlowConfig, TrainConfig};
use serde::{Deserialize, Serialize};
use studio::{MANIFEST, MOST_FLOW_STEPS, Manifest, ModelSource};

use super::{
    arguments::{Common, read_settings},
    run::{self, Network},
};

/// The steps that images are drawn with if nobody asks for others: as many as a frame has time for.
const STEPS: usize = 2;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    common: Common,

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
    refuse_without_vae(args)?;
    run::run(common, Network::Refiner, |mut run| {
        let model = model.unwrap_or_else(|| FlowConfig::refiner(run.dataset.shape));
        studio::train_refiner(&model, args.from.as_ref(), &training, steps, &mut run)
    })
}

/// Before data is loaded: a refiner needs a VAE whose images it refines.
fn refuse_without_vae(args: &Args) -> anyhow::Result<()> {
    let out = &args.common.out;
    let here = || {
        out.join(MANIFEST)
            .exists()
            .then(|| ModelSource::Folder(out.clone()))
    };
    let source = args.from.clone().or_else(here);
    let has_vae = match &source {
        Some(source) => Manifest::read(source)?.has_encoder(),
        None => false,
    };
    ensure!(
        has_vae,
        "{} has no VAE to refine the images of: name a model that has one with --from, or train one with `latent-lens train vae`",
        source.map_or_else(|| out.display().to_string(), |source| source.to_string())
    );
    Ok(())
}
