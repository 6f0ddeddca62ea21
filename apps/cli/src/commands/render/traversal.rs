//! `latent-lens render traversal`: one row a latent dimension, from low to high.

use anyhow::ensure;
use latent_space::LatentStats;
use recipe::{Picture, Traversal};
use serde_json::json;
use studio::{Sampler, Studio};

use super::{
    Common, Drawing, decode,
    start::{StartArgs, start_text},
};
use crate::table::{Align, Table};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    #[command(flatten)]
    start: StartArgs,

    /// Decode with this class, by number or name: for a conditional model [default: that of --anchor, or no class]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,

    /// These dimensions, counted from 0 [default: those that carry most]
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    dim: Vec<usize>,

    /// How many dimensions, those with the highest KL first
    #[arg(long, value_name = "K", default_value_t = 10, conflicts_with = "dim")]
    top: usize,

    /// How far to go to both sides, in standard deviations
    #[arg(long, value_name = "SIGMAS", default_value_t = 3.0, value_parser = sigmas)]
    sigmas: f32,

    /// Images a row
    #[arg(long, value_name = "N", default_value_t = 11, value_parser = clap::value_parser!(u16).range(2..=200))]
    steps: u16,
}

impl Args {
    /// What to draw of this model.
    pub fn picture(&self, studio: &Studio) -> anyhow::Result<Picture> {
        let (start, latent) = self.start.origin(studio)?;
        Ok(Picture::Traversal(Traversal {
            start: Some(start),
            latent,
            condition: self
                .start
                .condition(studio, "--class", self.class.as_deref())?,
            dims: dims(self, &studio.generator_part().latent.statistics)?,
            sigmas: self.sigmas,
            steps: usize::from(self.steps),
        }))
    }
}

/// How many images there are, and how many of them stand side by side: a row a dimension.
pub fn arrangement(picture: &Traversal) -> (usize, usize) {
    (picture.dims.len() * picture.steps, picture.steps)
}

pub fn draw(picture: &Traversal, studio: &Studio, sampler: Sampler) -> anyhow::Result<Drawing> {
    let stats = &studio.generator_part().latent.statistics;
    let Traversal { latent, dims, .. } = picture;
    let fits = latent.len() == stats.dims() && dims.iter().all(|&dim| dim < stats.dims());
    ensure!(
        fits,
        "the recipe names a dimension that the model does not have: take the file as it was written"
    );
    let walk =
        |&dim: &usize| latent_space::traversal(latent, dim, stats, picture.sigmas, picture.steps);
    let latents = dims.iter().flat_map(walk).collect();
    let (tiles, _) = decode(studio, latents, picture.condition.into(), sampler)?;

    let mut table = Table::new([
        ("row", Align::Right),
        ("dimension", Align::Right),
        ("KL in nats", Align::Right),
        ("from", Align::Right),
        ("to", Align::Right),
    ]);
    for (row, &dim) in dims.iter().enumerate() {
        let (low, high) = stats.range(dim, picture.sigmas);
        table.row([
            (row + 1).to_string(),
            dim.to_string(),
            format!("{:.3}", stats.kl_nats[dim]),
            format!("{low:.2}"),
            format!("{high:.2}"),
        ]);
    }
    Ok(Drawing {
        tiles,
        text: format!(
            "from {}\n{}",
            start_text(picture.start.as_ref(), picture.condition, studio.manifest()),
            table.render()
        ),
        found: json!({}),
    })
}

fn dims(args: &Args, stats: &LatentStats) -> anyhow::Result<Vec<usize>> {
    let count = stats.dims();
    if args.dim.is_empty() {
        ensure!(
            args.top > 0,
            "--top 0 draws nothing: ask for at least one dimension"
        );
        return Ok(stats.order_by_kl().into_iter().take(args.top).collect());
    }
    for &dim in &args.dim {
        ensure!(
            dim < count,
            "--dim {dim}: this model has {count} latent dimensions, 0 to {}",
            count.saturating_sub(1)
        );
    }
    Ok(args.dim.clone())
}

/// A reach of a traversal: above 0, and no further than any data is.
fn sigmas(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if value > 0.0 && value <= 10.0 => Ok(value),
        _ => Err("it must be a number above 0, at most 10".to_owned()),
    }
}
