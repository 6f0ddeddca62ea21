//! `latent-lens render latent`: one image.

use serde_json::json;
use studio::Studio;

use super::{Common, Drawing, decode, prediction_json, prediction_text, start::Start};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    #[command(flatten)]
    start: Start,
}

pub fn draw(args: &Args, studio: &Studio) -> anyhow::Result<Drawing> {
    let origin = args.start.origin(studio)?;
    let (tiles, predictions) = decode(studio, vec![origin.latent.clone()])?;
    let prediction = predictions.first();
    let looks_like = prediction.map_or_else(String::new, |prediction| {
        format!(": looks like {}", prediction_text(studio, prediction))
    });
    Ok(Drawing {
        tiles,
        columns: 1,
        text: format!("{}{looks_like}", origin.text),
        recipe: json!({
            "start": origin.recipe,
            "latent": origin.latent,
            "prediction": prediction.map(|prediction| prediction_json(studio, prediction)),
        }),
    })
}
