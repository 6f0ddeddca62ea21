//! `latent-lens train regions`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use datasets::{ClassId, Seed};
use latent_space::{LatentSpace, RegionConfig, Typical, TypicalChoice, TypicalRule};
use serde_json::{Value, json};
use studio::{Manifest, ModelSource};

use crate::{
    data,
    device::{self, DeviceChoice},
    output::{print, print_json},
    table::{Align, Table, number},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The model's folder. Its weights stay; its report is dropped, because it was about the old regions
    #[arg(long, value_name = "DIR", value_parser = crate::model::parser())]
    model: ModelSource,

    /// The folder with the data that the model was made for
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,

    #[command(flatten)]
    again: data::AgainArgs,

    /// The most Gaussians in the region of a class
    #[arg(long, value_name = "N", default_value_t = RegionConfig::default().components)]
    components: usize,

    /// The least probability of its own class at which an image counts as typical: the higher, the surer samples show
    /// their class, and the less they vary; 0 takes all images. With 'auto' each class gets the least threshold, from 0.5 on,
    /// at which 99 % of the held-out images that the latent space gives to it are of it, and half of its images are left
    #[arg(long, value_name = "P|auto", default_value = "0", value_parser = typical)]
    typical: Typical,

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
    let manifest = Manifest::read(&args.model)?;
    if manifest.generator.is_some() && !manifest.has_encoder() {
        bail!(
            "{} has no VAE, so no image has a place in its latent space: its one region is N(0, I), from which its latents are drawn",
            args.model
        );
    }
    let splits = data::load_for(&manifest.dataset, &args.data, &args.again)?;
    let chosen = device::open(args.device)?;
    tell!(
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
    report(args, folder, splits.train.len(), held_out_nats)
}

/// Prints what was fitted, from the model's folder.
fn report(args: &Args, folder: &Path, all: usize, held_out_nats: f64) -> anyhow::Result<()> {
    let manifest = Manifest::read(&args.model)?;
    let generator = manifest.generator.as_ref();
    let latent = &generator.context("the model has no VAE any more")?.latent;
    let typical: usize = latent.regions.0.iter().map(|region| region.images).sum();
    if args.json {
        return print_json(&json!({
            "model": folder.display().to_string(),
            "images": all,
            "typical_images": typical,
            "held_out_nats": held_out_nats,
            "typical": choices_json(&manifest, latent),
        }));
    }
    let images = if typical == all {
        format!("all {all} images")
    } else {
        format!("the {typical} of {all} images that are typical for their class")
    };
    if !latent.typical.is_empty() {
        print(&choices_table(&manifest, latent))?;
    }
    print(&format!(
        "the regions are fitted on {images}\n\
         latents of held-out images: {} nats an image, their log-density in their region; the more, the better the regions fit\n\
         next: latent-lens evaluate --model {}",
        number(held_out_nats),
        folder.display()
    ))
}

/// `--typical`.
fn typical(text: &str) -> Result<Typical, String> {
    if text == "auto" {
        return Ok(Typical::Chosen(TypicalRule::default()));
    }
    let threshold = text.parse().ok().filter(|p| (0.0..=1.0).contains(p));
    let threshold = threshold.ok_or("it is a probability in 0..1, or 'auto'")?;
    Ok(Typical::AtLeast(threshold))
}

/// What was chosen for each class, as a table.
fn choices_table(manifest: &Manifest, latent: &LatentSpace) -> String {
    let headings = ["threshold", "images", "held out", "of the class"];
    let headings = headings.map(|heading| (heading, Align::Right));
    let mut table = Table::new([("class", Align::Left)].into_iter().chain(headings));
    for (class, choice, images) in choices(latent) {
        table.row([
            manifest.class_name(class),
            choice.threshold.to_string(),
            images.to_string(),
            choice.held_out.to_string(),
            format!("{:.1} %", 100.0 * choice.share()),
        ]);
    }
    let rule = TypicalRule::default();
    let short = choices(latent).filter(|(_, choice, _)| choice.share() < rule.share);
    let short: Vec<String> = short
        .map(|(class, ..)| manifest.class_name(class))
        .collect();
    let table = table.render();
    if short.is_empty() {
        return table;
    }
    format!(
        "{table}\nno threshold that leaves half of the images reaches {} % for {}: theirs have the best share",
        100.0 * rule.share,
        short.join(", ")
    )
}

fn choices_json(manifest: &Manifest, latent: &LatentSpace) -> Value {
    let choice = |(class, choice, images): (ClassId, &TypicalChoice, usize)| {
        json!({
            "class": manifest.class_name(class),
            // Four digits are what thresholds have, without the digits that single precision adds.
            "threshold": (f64::from(choice.threshold) * 1e4).round() / 1e4,
            "images": images,
            "held_out": choice.held_out,
            "right": choice.right,
        })
    };
    choices(latent).map(choice).collect()
}

/// Each class with what was chosen for it and the training images that its region is fitted on.
fn choices(latent: &LatentSpace) -> impl Iterator<Item = (ClassId, &TypicalChoice, usize)> {
    let regions = latent.regions.0.iter().map(|region| region.images);
    let classes = (0..).map(ClassId);
    classes
        .zip(&latent.typical)
        .zip(regions)
        .map(|((class, choice), images)| (class, choice, images))
}
