//! `latent-lens render latent`: one image.

use recipe::{Latent, Picture};
use serde_json::json;
use studio::{Sampler, Studio};

use super::{
    Common, Drawing, JudgeArgs, decode, prediction_json, prediction_text,
    start::{StartArgs, start_text},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    #[command(flatten)]
    start: StartArgs,

    /// Decode with this class, by number or name: for a conditional model [default: that of --anchor, or no class]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,

    #[command(flatten)]
    pub judge: JudgeArgs,
}

impl Args {
    /// What to draw of this model.
    pub fn picture(&self, studio: &Studio) -> anyhow::Result<Picture> {
        let (start, latent) = self.start.origin(studio)?;
        Ok(Picture::Latent(Latent {
            start: Some(start),
            latent,
            condition: self
                .start
                .condition(studio, "--class", self.class.as_deref())?,
        }))
    }
}

pub fn draw(picture: &Latent, studio: &Studio, sampler: Sampler) -> anyhow::Result<Drawing> {
    let (tiles, predictions) = decode(
        studio,
        vec![picture.latent.clone()],
        picture.condition.into(),
        sampler,
    )?;
    let prediction = predictions.first();
    let looks_like = prediction.map_or_else(String::new, |prediction| {
        format!(": looks like {}", prediction_text(studio, prediction))
    });
    let start = start_text(picture.start.as_ref(), picture.condition, studio.manifest());
    Ok(Drawing {
        tiles,
        text: format!("{start}{looks_like}"),
        found: json!({
            "prediction": prediction.map(|prediction| prediction_json(studio, prediction)),
        }),
    })
}
