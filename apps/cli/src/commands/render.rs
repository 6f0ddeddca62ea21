//! `latent-lens render`: pictures of what a model draws, as PNG files that carry their recipe.
//!
//! Arguments become a [`Picture`], plain data that says what to draw, and a picture becomes images. So one that is read from
//! a file is drawn as one that was just asked for.

mod again;
mod anchors;
mod cam;
mod latent;
mod start;
mod traversal;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use datasets::{ClassId, Image, class_name};
use recipe::{Picture, Recipe};
use serde_json::{Value, json};
use studio::{Conditions, GalleryRequest, ModelSource, Prediction, Sampler, Studio};

use crate::{
    device::DeviceChoice,
    model,
    output::{print, print_json},
    picture::{self, Tile, image_tile},
    sampler::SamplerArgs,
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
    /// A picture that this program or the window wrote, drawn again from the recipe in it
    Again(again::Args),
}

/// What every new kind of picture needs.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Which model: a name from `latent-lens models`, or the folder of one that you trained
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    model: ModelSource,

    /// Screen pixels a pixel of the image
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = scales())]
    scale: u32,

    #[command(flatten)]
    sampler: SamplerArgs,

    #[command(flatten)]
    output: Output,
}

/// Where a picture is drawn, and where it goes.
#[derive(Debug, clap::Args)]
pub struct Output {
    /// The PNG file to write; one that exists is replaced
    #[arg(long, value_name = "FILE.png")]
    out: PathBuf,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,

    /// Print what was drawn as one JSON object (the recipe that the PNG carries, too) instead of text
    #[arg(long)]
    json: bool,
}

/// Who judges the images.
#[derive(Debug, clap::Args)]
pub struct JudgeArgs {
    /// Have the classifier of this model judge the images, if it is for the same images and classes [default: the model's
    /// own, if it has one]
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    judge: Option<ModelSource>,
}

impl JudgeArgs {
    /// The model whose classifier judges, if one was chosen.
    pub fn chosen(&self) -> Option<&ModelSource> {
        self.judge.as_ref()
    }
}

/// What became of a picture.
struct Drawing {
    /// The images, row by row.
    tiles: Vec<Tile>,
    /// What was found in drawing it, such as what the classifier says: an object.
    found: Value,
    /// What was drawn, for a person.
    text: String,
}

pub fn run(kind: &Kind) -> anyhow::Result<()> {
    match kind {
        Kind::Latent(args) => new(&args.common, Some(&args.judge), |studio| {
            args.picture(studio)
        }),
        Kind::Anchors(args) => new(&args.common, Some(&args.judge), |studio| {
            args.picture(studio)
        }),
        Kind::Traversal(args) => new(&args.common, None, |studio| args.picture(studio)),
        Kind::Cam(args) => new(&args.common, Some(&args.judge), |studio| {
            args.picture(studio)
        }),
        Kind::Again(args) => again::run(args),
    }
}

/// Draws what `picture` asks of the model.
fn new(
    common: &Common,
    judge: Option<&JudgeArgs>,
    picture: impl FnOnce(&Studio) -> anyhow::Result<Picture>,
) -> anyhow::Result<()> {
    refuse_early(&common.output.out)?;
    let judge = judge.and_then(JudgeArgs::chosen);
    let opened = model::open(&common.model, judge, common.output.device)?;
    let picture = picture(&opened.studio)?;
    let sampler = common.sampler.of(&opened.studio)?;
    let drawn = Drawn {
        picture,
        sampler,
        scale: common.scale,
    };
    write(&opened.studio, drawn, &common.output)
}

/// A picture, and how it is drawn.
struct Drawn {
    picture: Picture,
    sampler: Sampler,
    scale: u32,
}

/// Draws a picture, writes it with its recipe, and tells what is on it.
fn write(studio: &Studio, drawn: Drawn, output: &Output) -> anyhow::Result<()> {
    let Drawn {
        picture,
        sampler,
        scale,
    } = drawn;
    // What is written is to be read again.
    picture.check().map_err(|fault| {
        anyhow::anyhow!("this picture cannot be drawn: {fault}, which is out of range")
    })?;
    let (images, columns) = arrangement(&picture);
    picture::check_size(images, studio.shape(), columns, scale)?;
    let drawing = match &picture {
        Picture::Latent(latent) => latent::draw(latent, studio, sampler)?,
        Picture::Anchors(anchors) => anchors::draw(anchors, studio, sampler)?,
        Picture::Traversal(traversal) => traversal::draw(traversal, studio, sampler)?,
        Picture::Cam(cam) => cam::draw(cam, studio, sampler)?,
        Picture::Window | Picture::Pad | Picture::Morph | Picture::Walk | Picture::Show => {
            anyhow::bail!("only the window draws a {}", picture.name())
        }
    };
    let sheet = picture::sheet(&drawing.tiles, studio.shape(), columns, scale)?;
    let mut recipe = recipe(studio, picture, sampler, scale).to_json();
    if let (Value::Object(recipe), Value::Object(found)) = (&mut recipe, drawing.found) {
        recipe.extend(found);
    }
    picture::save(&sheet, Some(&recipe), &output.out)?;
    if output.json {
        return print_json(&recipe);
    }
    print(&drawing.text)?;
    let (width, height) = sheet.dimensions();
    tell!("wrote {} ({width}x{height} pixels)", output.out.display());
    Ok(())
}

/// How many images a picture has, and how many of them stand side by side.
fn arrangement(picture: &Picture) -> (usize, usize) {
    match picture {
        Picture::Anchors(anchors) => anchors::arrangement(anchors),
        Picture::Traversal(traversal) => traversal::arrangement(traversal),
        Picture::Cam(cam) => cam::arrangement(cam),
        _ => (1, 1),
    }
}

/// What a picture of a model is made from, at a scale.
pub(super) fn recipe(studio: &Studio, picture: Picture, sampler: Sampler, scale: u32) -> Recipe {
    let judge = studio.manifest().judge.as_ref();
    Recipe {
        recipe_version: recipe::VERSION,
        program: concat!("latent-lens ", env!("CARGO_PKG_VERSION")).to_owned(),
        model: studio.name().to_owned(),
        model_sha256: studio.model_sha256().to_owned(),
        judge: judge.map(ModelSource::short_name),
        scale: Some(scale),
        sampler: (sampler.steps > 0).then_some(recipe::Sampler {
            steps: sampler.steps,
            guidance: sampler.guidance,
            seed: sampler.seed,
        }),
        picture,
        window: None,
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

fn scales() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=i64::from(recipe::MOST_SCALE))
}

/// Decodes latents, each in its class if the model takes one: a tile each, and a prediction each if a classifier judges the model.
fn decode(
    studio: &Studio,
    latents: Vec<Vec<f32>>,
    conditions: Conditions,
    sampler: Sampler,
) -> anyhow::Result<(Vec<Tile>, Vec<Prediction>)> {
    let gallery = studio.gallery(&GalleryRequest {
        latents,
        conditions,
        sampler,
    })?;
    let tile = |image: &Image| image_tile(image.shape(), image.values());
    Ok((
        gallery.images.iter().map(tile).collect(),
        gallery.predictions,
    ))
}

/// What the judge calls a class: the model's own images may be without classes.
fn judged_name(studio: &Studio, class: ClassId) -> String {
    class_name(judged_names(studio), class)
}

/// The names of the judge's classes; none without a judge.
fn judged_names(studio: &Studio) -> &[String] {
    let names = studio.judge().map(|judge| judge.class_names.as_slice());
    names.unwrap_or_default()
}

/// A prediction as people say it: `3, 99.8 %`.
fn prediction_text(studio: &Studio, prediction: &Prediction) -> String {
    let name = judged_name(studio, prediction.class);
    format!("{name}, {:.1} %", f64::from(prediction.confidence) * 100.0)
}

/// A prediction for the recipe.
fn prediction_json(studio: &Studio, prediction: &Prediction) -> Value {
    json!({
        "class": prediction.class.0,
        "name": judged_name(studio, prediction.class),
        "confidence": prediction.confidence,
        "probabilities": prediction.probabilities,
    })
}
