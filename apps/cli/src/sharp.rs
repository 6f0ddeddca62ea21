//! How a model with a refiner sharpens what it draws, from the command line.

use anyhow::ensure;
use datasets::Seed;
use studio::{MOST_SHARPENING_STEPS, Sharpening, Studio};

/// The steps of a refiner.
#[derive(Debug, clap::Args)]
pub struct StepsArg {
    /// Sharpen images in so many steps, by a model with a refiner; 0 draws them as they are decoded [default: as the model usually
    /// does]
    #[arg(long = "sharp", value_name = "STEPS")]
    sharp: Option<usize>,
}

/// The steps of a refiner, and what the added detail follows from.
#[derive(Debug, clap::Args)]
pub struct SharpArgs {
    #[command(flatten)]
    steps: StepsArg,

    /// Seed of the detail that sharpening adds: it is invented, and another seed invents another
    #[arg(long, value_name = "N", default_value_t = Seed(0))]
    detail_seed: Seed,
}

impl StepsArg {
    /// The steps for this model.
    ///
    /// # Errors
    ///
    /// If it cannot take so many.
    pub fn of(&self, studio: &Studio) -> anyhow::Result<usize> {
        let usual = studio.manifest().sharpening_steps();
        let steps = self.sharp.unwrap_or(usual);
        ensure!(
            steps == 0 || usual > 0,
            "{} has no refiner, so it cannot sharpen its images: leave --sharp out, or choose a refined model",
            studio.name()
        );
        ensure!(
            steps <= MOST_SHARPENING_STEPS,
            "--sharp {steps} is too many steps: give at most {MOST_SHARPENING_STEPS}"
        );
        Ok(steps)
    }
}

impl SharpArgs {
    /// How this model sharpens.
    ///
    /// # Errors
    ///
    /// As [`StepsArg::of`].
    pub fn sharpening(&self, studio: &Studio) -> anyhow::Result<Sharpening> {
        Ok(Sharpening {
            steps: self.steps.of(studio)?,
            seed: self.detail_seed,
        })
    }
}
