//! `latent-lens generate`: any number of samples of a model's classes, as PNG files in one folder a class or as IDX files.
//!
//! Which image a sample is, is decided in [`studio::Studio::sample_images`]; here images are brought to the disk. Nothing about
//! a run is kept but what it wrote: what is missing is drawn again, and comes out the same.

mod destination;
mod folders;
mod idx;
mod manifest;
mod names;
mod run;
mod writer;

use std::path::PathBuf;

use anyhow::{bail, ensure};
use datasets::{ClassId, Seed};
use studio::{ModelSource, Studio, Turns};

use self::{
    destination::{Destination, Existing},
    idx::IdxFile,
    manifest::{ClassRecord, Manifest},
    run::Run,
};
use crate::{
    command_line::{self, noise},
    device::DeviceChoice,
    model::{self, Opened, class_ids, class_named, region_name},
    sampler::StepsArgs,
};

/// The folder of images without classes.
const UNLABELLED: &str = "images";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which model: a name from `latent-lens models`, or the folder of one that you trained
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    model: ModelSource,

    /// Images in all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,

    /// Only this class, by number or name [default: the same number of each class, or one more of the first ones]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,

    /// How much of the class's own spread to sample: 0 is none, 1 all of it
    #[arg(long, value_name = "SCALE", default_value_t = 1.0, value_parser = noise)]
    noise: f32,

    /// Seed of the samples
    #[arg(long, value_name = "N", default_value_t = Seed(0))]
    seed: Seed,

    #[command(flatten)]
    steps: StepsArgs,

    /// A folder, for PNG files in one folder a class; or a file that ends in .idx, for the images class by turns, with their
    /// labels in a file that ends in .labels.idx beside it. What they are stands in manifest.json
    #[arg(long, value_name = "DIR|FILE.idx")]
    out: PathBuf,

    /// Replace what another run of this command wrote there
    #[arg(long)]
    force: bool,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,

    /// Print the manifest as one JSON object at the end instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let destination = Destination::new(&args.out)?;
    let opened = model::open(&args.model, None, args.device)?;
    let wanted = wanted(args, &destination, &opened)?;
    if matches!(destination, Destination::Idx(_)) {
        IdxFile::check(&wanted)?;
    }
    let _lock = destination.lock()?;
    let (manifest, goes_on) = started(args, &destination, wanted)?;
    tell!(
        "{} {} images of {} at noise {} into {}; computing on {}; Ctrl-C stops, and the same command{} goes on",
        if goes_on { "completing" } else { "drawing" },
        manifest.count,
        manifest.model,
        manifest.noise,
        args.out.display(),
        opened.chosen.label,
        if args.force { " without --force" } else { "" }
    );
    Run {
        studio: &opened.studio,
        destination: &destination,
        json: args.json,
    }
    .complete(manifest)
}

/// The manifest of the run that the arguments ask for.
fn wanted(args: &Args, destination: &Destination, opened: &Opened) -> anyhow::Result<Manifest> {
    let studio = &opened.studio;
    let (shape, sampler) = (studio.shape(), args.steps.of(studio)?);
    let turns = Turns::of(match &args.class {
        Some(name) => vec![class_named(studio.manifest(), "--class", name)?],
        None => class_ids(studio.sampled_classes()).collect(),
    });
    let mut manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: command_line::without("--force"),
        model: studio.name().to_owned(),
        model_sha256: studio.model_sha256().to_owned(),
        first_images_sha256: String::new(),
        device: if opened.chosen.is_gpu {
            opened.chosen.label.clone()
        } else {
            "CPU".to_owned()
        },
        seed: args.seed,
        noise: args.noise,
        steps: sampler.steps,
        guidance: sampler.guidance,
        count: args.count,
        shape: [shape.channels(), shape.height(), shape.width()],
        classes: class_records(studio, &turns, args.count, destination),
        complete: false,
    };
    manifest.first_images_sha256 = run::first_images_sha256(studio, &manifest)?;
    Ok(manifest)
}

fn class_records(
    studio: &Studio,
    turns: &Turns,
    count: u64,
    destination: &Destination,
) -> Vec<ClassRecord> {
    let info = &studio.manifest().dataset;
    let folders = if info.has_classes() {
        names::folder_names(&info.class_names, destination::MANIFEST)
    } else {
        vec![UNLABELLED.to_owned()]
    };
    let in_folders = matches!(destination, Destination::Folder(_));
    let record = |(&class, count): (&ClassId, u64)| ClassRecord {
        class: info.has_classes().then_some(class.0),
        name: region_name(studio.manifest(), class),
        folder: folders.get(class.index()).filter(|_| in_folders).cloned(),
        count,
    };
    let classes = turns.classes().iter();
    classes.zip(turns.counts(count)).map(record).collect()
}

/// The manifest that is on the disk once the run has started, and whether it had started before. Stops before anything is
/// lost.
fn started(
    args: &Args,
    destination: &Destination,
    wanted: Manifest,
) -> anyhow::Result<(Manifest, bool)> {
    match destination.existing()? {
        Existing::Nothing => {}
        Existing::Run(earlier) if args.force => destination.clear(Some(&earlier))?,
        Existing::Run(earlier) => {
            refuse_another(args, &earlier, &wanted)?;
            return Ok((*earlier, true));
        }
        Existing::Foreign => {
            refuse_foreign(args, destination)?;
            destination.clear(None)?;
        }
    }
    wanted.write(&destination.manifest())?;
    Ok((wanted, false))
}

fn refuse_another(args: &Args, earlier: &Manifest, wanted: &Manifest) -> anyhow::Result<()> {
    let differences = earlier.differences(wanted);
    ensure!(
        differences.is_empty(),
        "{} holds the images of another run ({}): choose another place with --out, replace them with --force, or complete \
         them with the command that began them:\n  {}",
        args.out.display(),
        differences.join("; "),
        earlier.command
    );
    Ok(())
}

/// A file that was named may be replaced. A folder may hold anything, and stays as it is.
fn refuse_foreign(args: &Args, destination: &Destination) -> anyhow::Result<()> {
    let shown = args.out.display();
    match destination {
        Destination::Folder(_) => bail!(
            "{shown} holds files that this command did not write: choose an empty folder or a new one with --out"
        ),
        Destination::Idx(_) => ensure!(
            args.force,
            "{shown}, or a file that would lie beside it, is there and was not written by this command: choose another name \
             with --out, or replace it with --force"
        ),
    }
    Ok(())
}
