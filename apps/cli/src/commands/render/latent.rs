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
    let prediction = &predictions[0];
    Ok(Drawing {
        tiles,
        columns: 1,
        text: format!(
            "{}: looks like {}",
            origin.text,
            prediction_text(studio, prediction)
        ),
        recipe: json!({
            "start": origin.recipe,
            "latent": origin.latent,
            "prediction": prediction_json(studio, prediction),
        }),
    })
}
