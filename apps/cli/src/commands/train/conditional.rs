//! `latent-lens train conditional`.

use anyhow::ensure;
use runs::NetworkSettings;
use vae_core::Prior;

use super::vae_arguments::VaeArgs;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub vae: VaeArgs,

    /// Weight of the term that has latents drawn as other classes show these, in nats of the ELBO [default: 20]
    #[arg(long, value_name = "WEIGHT")]
    swap_weight: Option<f64>,
}

pub fn settings(args: &Args) -> anyhow::Result<NetworkSettings> {
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
    let mut vae = args.vae.with(settings, true);
    if args.vae.common.config.is_none() {
        vae.make_conditional();
        args.vae.set_kl_warmup(&mut vae.training);
    }
    let training = &mut vae.training;
    training.swap_weight = args.swap_weight.unwrap_or(training.swap_weight);
    Ok(NetworkSettings::Conditional(vae))
}
