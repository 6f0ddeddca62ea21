//! `latent-lens judges`: the judges of one model for another, so that both are judged alike.

use anyhow::bail;
use studio::{Manifest, ModelSource};

use crate::{
    command_line::{as_folder, quoted},
    device::{self, DeviceChoice},
    output::print,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the model that gets them. Its own judges are replaced, and the figures that they gave are dropped
    #[arg(long, value_name = "DIR", value_parser = crate::model::parser())]
    model: ModelSource,

    /// The model that has them, of the same images and classes: a name from `latent-lens models`, or a folder
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    from: ModelSource,
}

/// Copies the judges.
///
/// # Errors
///
/// If a model cannot be read or written, or the judges are for other images.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let ModelSource::Folder(folder) = &args.model else {
        bail!(
            "{} is inside the program and cannot be changed: pass a model's folder with --model",
            args.model
        );
    };
    let chosen = device::open(DeviceChoice::Cpu)?;
    studio::take_judges(folder, &args.from, &chosen.device)?;
    let manifest = Manifest::read(&args.model)?;
    let judges = if manifest.second_judge.is_some() {
        "both judges"
    } else {
        "the classifier"
    };
    // Where the files of a known data set are usually looked for, --data says the same.
    let data = if manifest.dataset.known.is_some() {
        ""
    } else {
        ", and --data with the folder of its images"
    };
    print(&format!(
        "{} has {judges} of {} now\nnext: latent-lens evaluate --model {} --write{data}",
        folder.display(),
        args.from,
        quoted(as_folder(folder))
    ))
}
