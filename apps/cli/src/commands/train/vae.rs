//! `latent-lens train vae`.

use anyhow::ensure;
use runs::NetworkSettings;
use vae_core::Prior;

use super::vae_arguments::VaeArgs;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub vae: VaeArgs,

    /// The distribution of the latents: class-centres (a learned centre for each class) or normal [default:
    /// class-centres, or normal for images without classes]
    #[arg(long, value_name = "NAME", conflicts_with = "from")]
    prior: Option<Prior>,

    /// Weight of the term that keeps the classes apart in the latents, besides the ELBO [default: 0, the ELBO
    /// alone]
    #[arg(long, value_name = "WEIGHT")]
    class_weight: Option<f64>,
}

pub fn settings(args: &Args) -> anyhow::Result<NetworkSettings> {
    let mut settings = args.vae.settings()?;
    let (model, training) = (&mut settings.model, &mut settings.training);
    ensure!(
        !model.conditional,
        "that network is given the class of an image: train it with `latent-lens train conditional`"
    );
    ensure!(
        model.head.is_none(),
        "that network has a head: train it with `latent-lens train joint`"
    );
    model.prior = args.prior.unwrap_or(model.prior);
    training.class_weight = args.class_weight.unwrap_or(training.class_weight);
    let vae = args.vae.with(settings, args.prior.is_some());
    Ok(NetworkSettings::Vae(vae))
}
