//! `latent-lens render`: pictures of what a model draws, as PNG files that carry their recipe.

mod anchors;
mod cam;
mod latent;
mod start;
mod traversal;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use datasets::Image;
use serde_json::{Map, Value, json};
use studio::{GalleryRequest, ModelSource, Prediction, Studio};

use crate::{
    device::DeviceChoice,
    model,
    output::{print, print_json},
    picture::{self, Tile, image_tile},
};

/// What to draw.
#[derive(Debug, Subcommand)]
pub enum Kind {
    /// The image of one latent vector
    Latent(latent::Args),
    /// Samples around the anchor of one class or of all
    Anchors(anchors::Args),
    /// One latent dimension after the other, from low to high
    Traversal(traversal::Args),
    /// An image, with the evidence that the classifier saw in it
    Cam(cam::Args),
}

/// What every kind of picture needs.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Which model: a name from `latent-lens models`, or the folder of one that you trained
    #[arg(long, value_name = "NAME|DIR")]
    model: ModelSource,

    /// The PNG file to write; one that exists is replaced
    #[arg(long, value_name = "FILE.png")]
    out: PathBuf,

    /// Screen pixels a pixel of the image
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64))]
    scale: u32,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,

    /// Print what was drawn as one JSON object (the recipe that the PNG carries, too) instead of text
    #[arg(long)]
    json: bool,
}

/// A picture that is ready to be written.
struct Drawing {
    /// The images, row by row.
    tiles: Vec<Tile>,
    /// How many to put side by side.
    columns: usize,
    /// What was asked for, so that the same picture can be made again.
    recipe: Value,
    /// What was drawn, for a person.
    text: String,
}

pub fn run(kind: &Kind) -> anyhow::Result<()> {
    let common = kind.common();
    refuse_early(&common.out)?;
    let opened = model::open(&common.model, common.device)?;
    let studio = &opened.studio;
    let (name, drawing) = match kind {
        Kind::Latent(args) => ("latent", latent::draw(args, studio)?),
        Kind::Anchors(args) => ("anchors", anchors::draw(args, studio)?),
        Kind::Traversal(args) => ("traversal", traversal::draw(args, studio)?),
        Kind::Cam(args) => ("cam", cam::draw(args, studio)?),
    };
    let sheet = picture::sheet(
        &drawing.tiles,
        studio.shape(),
        drawing.columns,
        common.scale,
    )?;
    let recipe = recipe(name, common, studio, drawing.recipe);
    picture::save(&sheet, &recipe, &common.out)?;
    if common.json {
        return print_json(&recipe);
    }
    print(&drawing.text)?;
    let (width, height) = sheet.dimensions();
    eprintln!("wrote {} ({width}x{height} pixels)", common.out.display());
    Ok(())
}

impl Kind {
    fn common(&self) -> &Common {
        match self {
            Self::Latent(args) => &args.common,
            Self::Anchors(args) => &args.common,
            Self::Traversal(args) => &args.common,
            Self::Cam(args) => &args.common,
        }
    }
}

/// A wrong file name is told before seconds of work, not after them.
fn refuse_early(out: &Path) -> anyhow::Result<()> {
    let is_png = out
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("png"));
    anyhow::ensure!(
        is_png || out.is_dir(),
        "{} does not end in .png: pictures are written as PNG files, so name one with --out",
        out.display()
    );
    Ok(())
}

/// The recipe's common part, then the kind's own fields.
fn recipe(kind: &str, common: &Common, studio: &Studio, own: Value) -> Value {
    let mut recipe = Map::new();
    let program = concat!("latent-lens ", env!("CARGO_PKG_VERSION"));
    recipe.insert("program".to_owned(), json!(program));
    recipe.insert("render".to_owned(), json!(kind));
    recipe.insert("model".to_owned(), json!(common.model.to_string()));
    recipe.insert("model_sha256".to_owned(), json!(studio.model_sha256()));
    recipe.insert("scale".to_owned(), json!(common.scale));
    if let Value::Object(own) = own {
        recipe.extend(own);
    }
    Value::Object(recipe)
}

/// Decodes latents: a tile each, and a prediction each if a classifier judges the model.
fn decode(studio: &Studio, latents: Vec<Vec<f32>>) -> anyhow::Result<(Vec<Tile>, Vec<Prediction>)> {
    let gallery = studio.gallery(&GalleryRequest { latents })?;
    let tile = |image: &Image| image_tile(image.shape(), image.values());
    Ok((
        gallery.images.iter().map(tile).collect(),
        gallery.predictions,
    ))
}

/// A prediction as people say it: `3, 99.8 %`.
fn prediction_text(studio: &Studio, prediction: &Prediction) -> String {
    let name = studio.manifest().class_name(prediction.class);
    format!("{name}, {:.1} %", f64::from(prediction.confidence) * 100.0)
}

/// A prediction for the recipe.
fn prediction_json(studio: &Studio, prediction: &Prediction) -> Value {
    json!({
        "class": prediction.class.0,
        "name": studio.manifest().class_name(prediction.class),
        "confidence": prediction.confidence,
        "probabilities": prediction.probabilities,
    })
}
