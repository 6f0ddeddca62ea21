//! `latent-lens train conditional`.

use anyhow::ensure;
use vae_core::Prior;

use super::{
    run::{self, Network},
    vae_arguments::VaeArgs,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    vae: VaeArgs,
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
    // A centre for each class would put the class into the latents.
    model.prior = Prior::Normal;
    run::run(&args.vae.common, Network::Conditional, |mut run| {
        args.vae.train(settings, &mut run)
    })
}
