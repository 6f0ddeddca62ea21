//! Where in latent space a picture starts, and with which class a conditional model decodes it.

use anyhow::ensure;
use datasets::{ClassId, Seed};
use latent_space::LatentSpace;
use recipe::Start;
use studio::{GeneratorPart, Manifest, Studio};

use crate::{
    command_line::noise,
    model::{class_named, region_name},
};

/// What a region is called that no class has for itself.
const ALL_IMAGES: &str = "all images";

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

    /// A class, by number or name: its anchor, the middle of its region in latent space. Of a conditional model, the middle of
    /// the one region of all images, decoded with this class [default: the first class, or no class]
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
        let (manifest, part) = (studio.manifest(), studio.generator_part());
        let space = &part.latent;
        if !self.latent.is_empty() {
            if let Some((two, one)) = decimal_comma(&self.latent) {
                tell!(
                    "note: {two} is two numbers, one a dimension; a single number has a point, as in {one}"
                );
            }
            return self.given(space);
        }
        match (&self.anchor, self.seed) {
            (None, Some(seed)) => Ok(prior(space, seed)),
            (None, None) => Ok(anchor(part, ClassId(0), 0.0, Seed(0))),
            (Some(name), seed) => {
                let class = class_named(manifest, "--anchor", name)?;
                let noise = self.noise.unwrap_or(0.0);
                Ok(anchor(part, class, noise, seed.unwrap_or_default()))
            }
        }
    }

    /// The class that a conditional model decodes with: the one that `option` chose, or else that of the anchor.
    ///
    /// # Errors
    ///
    /// If there is no such class, or the model takes none.
    pub fn condition(
        &self,
        studio: &Studio,
        option: &str,
        chosen: Option<&str>,
    ) -> anyhow::Result<Option<ClassId>> {
        let is_conditional = studio.generator().conditional_classes().is_some();
        ensure!(
            is_conditional || chosen.is_none(),
            "{} is not conditional, so it takes no class to draw with: leave {option} out",
            studio.name()
        );
        let anchor = self.anchor.as_deref().filter(|_| is_conditional);
        let chosen = chosen.map(|name| (option, name));
        let chosen = chosen.or(anchor.map(|name| ("--anchor", name)));
        let class = |(option, name)| class_named(studio.manifest(), option, name);
        chosen.map(class).transpose()
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

/// Where two numbers may have been meant as one with a decimal comma: the two, and the one.
fn decimal_comma(numbers: &[f32]) -> Option<(String, String)> {
    let [whole, part] = numbers else { return None };
    let is_whole = |value: f32| value.fract() == 0.0 && value.abs() < 1e6;
    let likely = is_whole(*whole) && is_whole(*part) && *part >= 0.0;
    likely.then(|| (format!("{whole},{part}"), format!("{whole}.{part}")))
}

fn prior(space: &LatentSpace, seed: Seed) -> (Start, Vec<f32>) {
    let mut draws = latent_space::sample_prior(space.dims(), 1, seed);
    (Start::Prior { prior_seed: seed }, draws.swap_remove(0))
}

fn anchor(part: &GeneratorPart, class: ClassId, noise: f32, seed: Seed) -> (Start, Vec<f32>) {
    let (anchor, regions) = (class, &part.latent.regions);
    let region = part.anchoring(class).region;
    if noise == 0.0 {
        return (Start::Anchor { anchor }, regions.anchor(region));
    }
    let mut samples = regions.sample(region, noise, 1, seed);
    let start = Start::Sample {
        anchor,
        noise,
        seed,
    };
    (start, samples.swap_remove(0))
}

/// Where a latent came from, and the class that a conditional model decodes it with, for a person.
pub fn start_text(
    start: Option<&Start>,
    condition: Option<ClassId>,
    manifest: &Manifest,
) -> String {
    let origin = origin_text(start, manifest);
    if !manifest.is_conditional() {
        return origin;
    }
    match condition {
        Some(class) => format!("{origin}, decoded as {}", manifest.class_name(class)),
        None => format!("{origin}, decoded without a class"),
    }
}

fn origin_text(start: Option<&Start>, manifest: &Manifest) -> String {
    match start {
        None => "the latent vector of the picture".to_owned(),
        Some(Start::Sigmas { .. }) => "the given latent vector".to_owned(),
        Some(Start::Prior { prior_seed }) => {
            format!("a draw from the prior with seed {prior_seed}")
        }
        Some(Start::Anchor { anchor }) => {
            format!("the anchor of {}", region_of(manifest, *anchor))
        }
        Some(Start::Sample {
            anchor,
            noise,
            seed,
        }) => {
            let name = region_of(manifest, *anchor);
            format!("a sample of {name} at noise {noise} with seed {seed}")
        }
    }
}

/// What a region of latent space is of: a class, or all images where latents hold no class.
fn region_of(manifest: &Manifest, region: ClassId) -> String {
    if manifest.is_conditional() {
        ALL_IMAGES.to_owned()
    } else {
        region_name(manifest, region)
    }
}

#[cfg(test)]
mod tests {
    use super::decimal_comma;

    #[test]
    fn a_decimal_comma_is_recognised() {
        let read =
            |numbers: &[f32]| decimal_comma(numbers).map(|(two, one)| format!("{two} {one}"));
        assert_eq!(read(&[0.0, 5.0]).as_deref(), Some("0,5 0.5"));
        assert_eq!(read(&[-1.0, 25.0]).as_deref(), Some("-1,25 -1.25"));
        assert_eq!(read(&[0.5, 1.0]), None);
        assert_eq!(read(&[1.0, -1.0]), None);
        assert_eq!(read(&[1.0, 2.0, 3.0]), None);
        assert_eq!(read(&[f32::NAN, 1.0]), None);
    }
}
