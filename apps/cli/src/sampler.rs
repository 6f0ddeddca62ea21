//! How a model with a flow draws, from the command line.

use anyhow::ensure;
use datasets::Seed;
use studio::{Family, MOST_FLOW_STEPS, MOST_GUIDANCE, Sampler, Studio};

/// The steps of a flow, and its guidance.
#[derive(Debug, clap::Args)]
pub struct StepsArgs {
    /// Steps of a flow: those in which a refiner sharpens an image, where 0 leaves it as it is decoded, or those in which a diffusion
    /// draws it [default: as the model usually does]
    #[arg(
        id = "flow-steps",
        long = "flow-steps",
        visible_alias = "sharp",
        value_name = "STEPS"
    )]
    steps: Option<usize>,

    /// How far a diffusion exaggerates the class that it is given: 1 is not at all [default: as the model usually does]
    #[arg(long, value_name = "FACTOR")]
    guidance: Option<f32>,
}

/// The same, and what the details follow from.
#[derive(Debug, clap::Args)]
pub struct SamplerArgs {
    #[command(flatten)]
    steps: StepsArgs,

    /// Seed of the details that a flow adds: they are invented, and another seed invents others
    #[arg(long, value_name = "N", default_value_t = Seed(0))]
    detail_seed: Seed,
}

impl StepsArgs {
    /// How this model draws.
    ///
    /// # Errors
    ///
    /// If it cannot draw so.
    pub fn of(&self, studio: &Studio) -> anyhow::Result<Sampler> {
        let usual = studio.manifest().usual_sampler();
        let is_diffusion = studio.manifest().family() == Some(Family::Diffusion);
        let steps = self.steps.unwrap_or(usual.steps);
        ensure!(
            steps == 0 || usual.steps > 0,
            "{} has neither a refiner nor a diffusion, so it takes no steps: leave --flow-steps out, or choose another model",
            studio.name()
        );
        let fewest = usize::from(is_diffusion);
        ensure!(
            (fewest..=MOST_FLOW_STEPS).contains(&steps),
            "--flow-steps {steps} is out of range: give {fewest} to {MOST_FLOW_STEPS}"
        );
        let guidance = self.guidance.unwrap_or(usual.guidance);
        ensure!(
            self.guidance.is_none() || is_diffusion,
            "{} is no diffusion, so there is nothing to guide: leave --guidance out",
            studio.name()
        );
        ensure!(
            Sampler::is_guidance(guidance),
            "--guidance {guidance} is out of range: give 0 to {MOST_GUIDANCE}"
        );
        Ok(Sampler {
            steps,
            guidance,
            ..usual
        })
    }
}

impl SamplerArgs {
    /// How this model draws.
    ///
    /// # Errors
    ///
    /// As [`StepsArgs::of`].
    pub fn of(&self, studio: &Studio) -> anyhow::Result<Sampler> {
        Ok(Sampler {
            seed: self.detail_seed,
            ..self.steps.of(studio)?
        })
    }
}
