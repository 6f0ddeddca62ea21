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
mod vae;
mod vae_arguments;
mod watch;

use clap::Subcommand;

/// Which network of a model to train. Each is trained apart from the others, so that the judges are independent.
#[derive(Debug, Subcommand)]
pub enum Part {
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
    /// Fit the class regions of a trained VAE again, without training: where each class lives in its latent space
    Regions(regions::Args),
}

pub fn run(part: &Part) -> anyhow::Result<()> {
    match part {
        Part::Vae(args) => vae::run(args),
        Part::Conditional(args) => conditional::run(args),
        Part::Refiner(args) => refiner::run(args),
        Part::Joint(args) => joint::run(args),
        Part::Gan(args) => gan::run(args),
        Part::Diffusion(args) => diffusion::run(args),
        Part::Classifier(args) => classifier::run(args),
        Part::Judge(args) => judge::run(args),
        Part::Regions(args) => regions::run(args),
    }
}
