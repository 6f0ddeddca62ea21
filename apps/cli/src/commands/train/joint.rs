//! `latent-lens train joint`.

use anyhow::ensure;
use datasets::Seed;
use runs::NetworkSettings;
use vae_core::{HeadConfig, JointConfig, Prior, VaeConfig};

use super::vae_arguments::VaeArgs;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub vae: VaeArgs,

    /// Keep the labels of so many training images, evenly over the classes; the others are learned from without theirs
    /// [default: all]
    #[arg(long, value_name = "N")]
    keep_labels: Option<usize>,

    /// Seed of the draw of those images [default: 0]
    #[arg(long, value_name = "N", requires = "keep_labels")]
    labels_seed: Option<Seed>,

    /// Weight of the cross-entropy of the head, in nats of the ELBO [default: 100]
    #[arg(long, value_name = "WEIGHT")]
    head_weight: Option<f64>,

    /// Weight of the feature term, in nats of the ELBO: how far the decoded picture is from the image in the eyes of the encoder
    /// [default: 0, no such term]
    #[arg(long, value_name = "WEIGHT")]
    feature_weight: Option<f64>,

    /// How many dimensions of the latent space the head sees, the first ones [default: half of them]
    #[arg(long, value_name = "N", conflicts_with = "from")]
    head_dims: Option<usize>,

    /// Width of the head's hidden layer; 0 for a linear head [default: 64]
    #[arg(long, value_name = "N", conflicts_with = "from")]
    head_hidden: Option<usize>,
}

impl Args {
    /// The architecture of these settings, with its head.
    fn with_head(&self, model: &VaeConfig) -> VaeConfig {
        let mut head = model
            .head
            .unwrap_or_else(|| HeadConfig::of_half(model.latent_dim));
        head.dims = self.head_dims.unwrap_or(head.dims);
        head.hidden = self.head_hidden.unwrap_or(head.hidden);
        VaeConfig {
            head: Some(head),
            // A centre for each class would tell the classes apart in its own way.
            prior: Prior::Normal,
            ..model.clone()
        }
    }

    /// Puts what was given on the command line into the settings.
    fn set_in(&self, joint: &mut JointConfig) {
        joint.labels = self.keep_labels.or(joint.labels);
        joint.labels_seed = self.labels_seed.unwrap_or(joint.labels_seed);
        joint.head_weight = self.head_weight.unwrap_or(joint.head_weight);
        joint.feature_weight = self.feature_weight.unwrap_or(joint.feature_weight);
    }
}

pub fn settings(args: &Args) -> anyhow::Result<NetworkSettings> {
    let mut settings = args.vae.settings()?;
    if let Some(source) = &args.vae.from {
        ensure!(
            settings.model.head.is_some(),
            "the VAE of {source} has no head: go on from it with `latent-lens train vae`, or name a joint one with --from"
        );
    }
    settings.model = args.with_head(&settings.model);
    args.set_in(&mut settings.training.joint);
    let vae = args.vae.with(settings, false);
    Ok(NetworkSettings::Joint(vae))
}
