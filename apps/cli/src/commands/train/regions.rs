//! `latent-lens train regions`.

use std::path::PathBuf;

use anyhow::bail;
use datasets::Seed;
use latent_space::RegionConfig;
use serde_json::json;
use studio::{Manifest, ModelSource};

use crate::{
    data,
    device::{self, DeviceChoice},
    output::{print, print_json},
    table::number,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The model's folder. Its weights stay; its report is dropped, because it was about the old regions
    #[arg(long, value_name = "DIR")]
    model: ModelSource,

    /// The folder with the data that the model was made for
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,

    /// The most Gaussians in the region of a class
    #[arg(long, value_name = "N", default_value_t = RegionConfig::default().components)]
    components: usize,

    /// The least probability of its own class at which an image counts as typical: the higher, the surer samples show
    /// their class, and the less they vary; 0 takes all images
    #[arg(long, value_name = "P", default_value_t = RegionConfig::default().typical)]
    typical: f64,

    /// Seed of the posterior samples and of the fit
    #[arg(long, value_name = "N", default_value = "0")]
    seed: Seed,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,

    /// Print the result as one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let ModelSource::Folder(folder) = &args.model else {
        bail!(
            "{} is inside the program and cannot be changed: pass a model's folder with --model",
            args.model
        );
    };
    let splits = data::load_for(&Manifest::read(&args.model)?.dataset, &args.data)?;
    let chosen = device::open(args.device)?;
    eprintln!(
        "fitting regions on {} images; computing on {}",
        splits.train.len(),
        chosen.label
    );
    let held_out_nats = studio::fit_regions(
        folder,
        [&splits.train, &splits.held_out],
        RegionConfig {
            components: args.components,
            typical: args.typical,
        },
        args.seed,
        &chosen.device,
    )?;
    let manifest = Manifest::read(&args.model)?;
    let regions = manifest.vae.iter().flat_map(|vae| &vae.latent.regions.0);
    let typical: usize = regions.map(|region| region.images).sum();
    if args.json {
        return print_json(&json!({
            "model": folder.display().to_string(),
            "images": splits.train.len(),
            "typical_images": typical,
            "held_out_nats": held_out_nats,
        }));
    }
    let all = splits.train.len();
    let images = if typical == all {
        format!("all {all} images")
    } else {
        format!("the {typical} of {all} images that are typical for their class")
    };
    print(&format!(
        "the regions are fitted on {images}\n\
         latents of held-out images: {} nats an image, their log-density in their region; the more, the better the regions fit\n\
         next: latent-lens evaluate --model {}",
        number(held_out_nats),
        folder.display()
    ))
}
