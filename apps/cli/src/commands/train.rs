//! `latent-lens train`: the networks of a model, with progress, checkpoints and a way to go on.

mod arguments;
mod classifier;
mod conditional;
mod diffusion;
mod gan;
mod joint;
mod judge;
mod refiner;
mod regions;
mod run;
mod sweep;
mod vae;
mod vae_arguments;
mod watch;

use clap::Subcommand;
use runs::NetworkSettings;

use arguments::Common;

/// What to train. Each network of a model is trained apart from the others, so that the judges are independent.
#[expect(clippy::large_enum_variant, reason = "there is one of them")]
#[derive(Debug, Subcommand)]
pub enum Part {
    #[command(flatten)]
    Network(NetworkArgs),
    /// Fit the class regions of a trained VAE again, without training: where each class lives in its latent space
    Regions(regions::Args),
}

/// A network and its settings.
#[derive(Debug, Subcommand)]
pub enum NetworkArgs {
    /// Train the variational autoencoder
    Vae(vae::Args),
    /// Train a conditional variational autoencoder, whose encoder and decoder are given the class
    Conditional(conditional::Args),
    /// Train a refiner, which gives the images of a trained VAE the detail that its decoder leaves out
    Refiner(refiner::Args),
    /// Train a variational autoencoder together with a head that tells the classes apart, from all labels or from a few
    Joint(joint::Args),
    /// Train a generative adversarial network, which is given the class if the images have classes
    Gan(gan::Args),
    /// Train a diffusion: a rectified flow from noise to images, which is given the class if the images have classes
    Diffusion(diffusion::Args),
    /// Train the ResNet-18 that judges the images
    Classifier(classifier::Args),
    /// Train the second judge: a network of another architecture, for a second opinion in every measurement
    Judge(judge::Args),
}

impl NetworkArgs {
    /// The arguments of all trainings.
    fn common(&self) -> &Common {
        match self {
            Self::Vae(args) => &args.vae.common,
            Self::Conditional(args) => &args.vae.common,
            Self::Joint(args) => &args.vae.common,
            Self::Refiner(args) => &args.common,
            Self::Gan(args) => &args.common,
            Self::Diffusion(args) => &args.common,
            Self::Classifier(args) => &args.common,
            Self::Judge(args) => &args.common,
        }
    }

    /// The network as it is to be trained.
    fn settings(&self) -> anyhow::Result<NetworkSettings> {
        match self {
            Self::Vae(args) => vae::settings(args),
            Self::Conditional(args) => conditional::settings(args),
            Self::Joint(args) => joint::settings(args),
            Self::Refiner(args) => refiner::settings(args),
            Self::Gan(args) => gan::settings(args),
            Self::Diffusion(args) => diffusion::settings(args),
            Self::Classifier(args) => classifier::settings(args),
            Self::Judge(args) => judge::settings(args),
        }
    }
}

pub fn run(part: &Part) -> anyhow::Result<()> {
    match part {
        Part::Regions(args) => regions::run(args),
        Part::Network(args) if args.common().grid.is_empty() => {
            run::run(args.common(), args.settings()?)
        }
        Part::Network(args) => sweep::run(args.common(), args.settings()?.network()),
    }
}
