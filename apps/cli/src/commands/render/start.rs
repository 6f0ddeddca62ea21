//! Where in latent space a picture starts.

use anyhow::ensure;
use datasets::{ClassId, Seed};
use latent_space::LatentSpace;
use recipe::Start;
use studio::{Manifest, Studio};

use crate::{
    command_line::noise,
    model::{class_named, region_name},
};

/// The latent vector to draw. Without any of these: the anchor of the first class.
#[derive(Debug, clap::Args)]
pub struct StartArgs {
    /// The latent vector, in standard deviations (sigma) of each dimension from its mean; dimensions left out at the
    /// end stay at 0 [default: the anchor of the first class]
    #[arg(
        long,
        value_name = "S,S,...",
        value_delimiter = ',',
        allow_hyphen_values = true,
        conflicts_with_all = ["anchor", "noise", "seed"]
    )]
    latent: Vec<f32>,

    /// A class, by number or name: its anchor, the middle of its region in latent space [default: the first
    /// class]
    #[arg(long, value_name = "CLASS")]
    anchor: Option<String>,

    /// A sample of the class instead of its anchor, at this share of the class's own spread [default: 0]
    #[arg(long, value_name = "SCALE", requires = "anchor", value_parser = noise)]
    noise: Option<f32>,

    /// Seed of what is random: a draw from the prior, or around the anchor with --noise [default: 0 with
    /// --noise]
    #[arg(long, value_name = "N")]
    seed: Option<Seed>,
}

impl StartArgs {
    /// The latent vector that the arguments mean for this model, in the model's own units, and where it came from.
    ///
    /// # Errors
    ///
    /// If the model has no such class, or if too many coordinates were given.
    pub fn origin(&self, studio: &Studio) -> anyhow::Result<(Start, Vec<f32>)> {
        let (manifest, space) = (studio.manifest(), &studio.vae_part().latent);
        if !self.latent.is_empty() {
            return self.given(space);
        }
        match (&self.anchor, self.seed) {
            (None, Some(seed)) => Ok(prior(space, seed)),
            (None, None) => Ok(anchor(space, ClassId(0), 0.0, Seed(0))),
            (Some(name), seed) => {
                let class = class_named(manifest, "--anchor", name)?;
                let noise = self.noise.unwrap_or(0.0);
                Ok(anchor(space, class, noise, seed.unwrap_or_default()))
            }
        }
    }

    fn given(&self, space: &LatentSpace) -> anyhow::Result<(Start, Vec<f32>)> {
        let (given, dims) = (self.latent.len(), space.dims());
        ensure!(
            given <= dims,
            "--latent has {given} numbers, but this model has {dims} latent dimensions: leave some out"
        );
        ensure!(
            self.latent.iter().all(|value| value.is_finite()),
            "--latent holds a number that is not finite: use numbers such as 0.5 or -2"
        );
        let sigmas = self.latent.iter().copied().chain(std::iter::repeat(0.0));
        let latent = (0..dims)
            .zip(sigmas)
            .map(|(dim, s)| space.statistics.from_sigmas(dim, s));
        let start = Start::Sigmas {
            latent_sigmas: self.latent.clone(),
        };
        Ok((start, latent.collect()))
    }
}

fn prior(space: &LatentSpace, seed: Seed) -> (Start, Vec<f32>) {
    let mut draws = latent_space::sample_prior(space.dims(), 1, seed);
    (Start::Prior { prior_seed: seed }, draws.swap_remove(0))
}

fn anchor(space: &LatentSpace, class: ClassId, noise: f32, seed: Seed) -> (Start, Vec<f32>) {
    let anchor = class;
    if noise == 0.0 {
        return (Start::Anchor { anchor }, space.regions.anchor(class));
    }
    let mut samples = space.regions.sample(class, noise, 1, seed);
    let start = Start::Sample {
        anchor,
        noise,
        seed,
    };
    (start, samples.swap_remove(0))
}

/// Where a latent came from, for a person.
pub fn start_text(start: Option<&Start>, manifest: &Manifest) -> String {
    match start {
        None => "the latent vector of the picture".to_owned(),
        Some(Start::Sigmas { .. }) => "the given latent vector".to_owned(),
        Some(Start::Prior { prior_seed }) => {
            format!("a draw from the prior with seed {prior_seed}")
        }
        Some(Start::Anchor { anchor }) => {
            format!("the anchor of {}", region_name(manifest, *anchor))
        }
        Some(Start::Sample {
            anchor,
            noise,
            seed,
        }) => {
            let name = region_name(manifest, *anchor);
            format!("a sample of {name} at noise {noise} with seed {seed}")
        }
    }
}
