//! `latent-lens predict`: what a model makes of pictures of your own.

mod adjusting;
mod answer;
mod pictures;

use std::path::{Path, PathBuf};

use anyhow::ensure;
use datasets::{Adjustments, ClassId, Prepared};
use studio::{Sampler, Studio, StudioError};

use crate::{
    commands::render::JudgeArgs, device::DeviceChoice, model, output::print, sampler::SamplerArgs,
};
use adjusting::AdjustmentArgs;
use answer::{Answer, Read};
use pictures::Pictures;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Pictures: PNG, JPEG, BMP, GIF or WebP files
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,

    /// Which model: a name from `latent-lens models`, or the folder of one that you trained
    #[arg(long, value_name = "NAME|DIR")]
    model: studio::ModelSource,

    #[command(flatten)]
    judge: JudgeArgs,

    /// Encode and decode with this class, by number or name: for a conditional model [default: no class]
    #[arg(long, value_name = "CLASS")]
    condition: Option<String>,

    #[command(flatten)]
    adjusted: AdjustmentArgs,

    #[command(flatten)]
    sampler: SamplerArgs,

    /// Write the prepared picture, its reconstruction and the evidence for the class as PNG files into this folder [default: write
    /// none]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Print one JSON object a picture, each on a line of its own, instead of text
    #[arg(long)]
    json: bool,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,
}

/// Reads every picture, and says of each what the model makes of it or why it was refused.
///
/// # Errors
///
/// If the model cannot be opened or asked, if a file cannot be written, and after the last picture if some were refused.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let opened = model::open(&args.model, args.judge.chosen(), args.device)?;
    let studio = &opened.studio;
    let question = Question {
        condition: condition(args, studio)?,
        sampler: args.sampler.of(studio)?,
        adjustments: args.adjusted.of(studio.manifest().dataset.preparation)?,
    };
    let in_folder = |folder| Pictures::in_folder(folder, question.sampler);
    let mut pictures = args.out.as_deref().map(in_folder).transpose()?;
    let mut refused = 0;
    for path in &args.images {
        let answer = question.ask(studio, path)?;
        refused += usize::from(answer.read.is_err());
        if let (Some(pictures), Ok(read)) = (&mut pictures, &answer.read) {
            pictures.write(studio, path, read)?;
        }
        if args.json {
            print(&answer.to_json(studio).to_string())?;
        } else {
            print(&answer.to_text(studio))?;
        }
    }
    let total = args.images.len();
    ensure!(
        refused == 0,
        "{refused} of {total} pictures {} refused; the reasons stand with the pictures",
        if refused == 1 { "was" } else { "were" }
    );
    Ok(())
}

fn condition(args: &Args, studio: &Studio) -> anyhow::Result<Option<ClassId>> {
    let named = |text| model::class_named(studio.manifest(), "--condition", text);
    args.condition.as_deref().map(named).transpose()
}

/// What is asked about every picture.
struct Question {
    condition: Option<ClassId>,
    sampler: Sampler,
    adjustments: Adjustments,
}

impl Question {
    /// What the model makes of a picture. One that cannot be read is an answer, too.
    fn ask(&self, studio: &Studio, path: &Path) -> Result<Answer, StudioError> {
        let preparation = studio.manifest().dataset.preparation;
        let shape = studio.shape();
        let read = match datasets::adjusted_image(path, &self.adjustments, preparation, shape) {
            Ok(prepared) => Ok(self.read(studio, prepared)?),
            Err(error) => Err(studio::error_texts(&error).join(": ")),
        };
        Ok(Answer {
            file: path.to_string_lossy().into_owned(),
            read,
        })
    }

    fn read(&self, studio: &Studio, prepared: Prepared) -> Result<Read, StudioError> {
        let reconstruction = studio.reconstruct(&studio::ReconstructRequest {
            condition: self.condition,
            sampler: self.sampler,
            ..studio::ReconstructRequest::new(prepared.image.clone())
        })?;
        let realistic = studio.realism(&studio::RealismRequest {
            latent: reconstruction.encoded.mean.clone(),
            condition: self.condition,
        })?;
        let itself = studio.judge_image(&prepared.image)?;
        Ok(Read {
            condition: self.condition,
            prepared,
            reconstruction,
            realistic,
            itself,
        })
    }
}
