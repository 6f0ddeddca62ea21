//! `latent-lens train conditional`.

use anyhow::ensure;
use vae_core::Prior;

use super::{
    run::{self, Network},
    vae_arguments::VaeArgs,
};

/// Nats of the ELBO that drawing the class that is given is worth, and the weight of the KL term at the start: both make the network
/// look at the class. Chosen on held-out images, see docs/models.md.
const SWAP_WEIGHT: f64 = 20.0;
const KL_START: f64 = 6.0;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    vae: VaeArgs,

    /// Weight of the term that has latents drawn as other classes show these, in nats of the ELBO [default: 20]
    #[arg(long, value_name = "WEIGHT")]
    swap_weight: Option<f64>,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut settings = args.vae.settings()?;
    let model = &mut settings.model;
    if let Some(source) = &args.vae.from {
        ensure!(
            model.conditional,
            "the VAE of {source} is not conditional: go on from it with `latent-lens train vae`, or name a conditional one with \
             --from"
        );
    }
    ensure!(
        model.head.is_none(),
        "that network has a head: train it with `latent-lens train joint`"
    );
    model.conditional = true;
    let (training, common) = (&mut settings.training, &args.vae.common);
    if common.config.is_none() {
        training.swap_weight = SWAP_WEIGHT;
        if args.vae.from.is_none() {
            training.kl_start = KL_START;
            training.kl_warmup_epochs = training.epochs as f64 / 2.0;
        }
    }
    training.swap_weight = args.swap_weight.unwrap_or(training.swap_weight);
    // A centre for each class would put the class into the latents.
    model.prior = Prior::Normal;
    run::run(&args.vae.common, Network::Conditional, |mut run| {
        args.vae.train(settings, &mut run)
    })
}
