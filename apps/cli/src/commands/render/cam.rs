//! `latent-lens render cam`: an image beside the evidence for what it looks like.

use anyhow::{Context as _, bail};
use datasets::Layer;
use explain::{ColorMap, Evidence, Heatmap, Method, overlay};
use recipe::{Cam, Picture, color_map_name, color_map_named, method_name, method_named};
use serde_json::json;
use studio::{FrameRequest, Manifest, Sampler, Studio, Verdict};

use super::{
    Common, Drawing, JudgeArgs, judged_name, judged_names, prediction_json, prediction_text,
    start::{StartArgs, start_text},
};
use crate::{model::class_among, picture::image_tile, table::number};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    #[command(flatten)]
    start: StartArgs,

    #[command(flatten)]
    pub judge: JudgeArgs,

    /// Decode with this class, by number or name: for a conditional model [default: that of --anchor, or no class]
    #[arg(long, value_name = "CLASS")]
    condition: Option<String>,

    /// Show the evidence for this class, by number or name, beside that for the predicted one [default:
    /// only that for the predicted one]
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,

    /// Show what speaks for the predicted class and not for --class, and the other way round; without --class against the runner-up
    #[arg(long)]
    contrast: bool,

    /// Draw the evidence for the predicted class alone, without the image beside it
    #[arg(long)]
    alone: bool,

    /// The stage of the classifier to explain, 1 (fine) to 4 (closest to the decision)
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=4))]
    layer: u8,

    /// How to explain: grad-cam, grad-cam++, layercam, fused-layercam or pixel-evidence
    #[arg(long, value_name = "NAME", default_value = "grad-cam", value_parser = method)]
    method: Method,

    /// How much of the colours to lay over the image, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.6, value_parser = opacity)]
    opacity: f32,

    /// The colours: viridis, inferno, magma, plasma, cividis, turbo or greys
    #[arg(long, value_name = "NAME", default_value = "inferno", value_parser = color_map)]
    color_map: ColorMap,
}

impl Args {
    /// What to draw of this model.
    pub fn picture(&self, studio: &Studio) -> anyhow::Result<Picture> {
        let manifest = studio.manifest();
        if studio.judge().is_none() {
            bail!("{}", without_judge(manifest));
        }
        let class = self.class.as_deref();
        let class = class.map(|name| class_among(judged_names(studio), name));
        let (start, latent) = self.start.origin(studio)?;
        Ok(Picture::Cam(Cam {
            start: Some(start),
            latent,
            condition: self
                .start
                .condition(studio, "--condition", self.condition.as_deref())?,
            class: class.transpose()?,
            contrast: self.contrast,
            alone: self.alone,
            layer: usize::from(self.layer),
            method: self.method,
            opacity: self.opacity,
            color_map: self.color_map,
        }))
    }
}

/// Why there is no evidence to show, and what to do about it.
fn without_judge(manifest: &Manifest) -> String {
    let title = &manifest.dataset.title;
    if manifest.dataset.has_classes() {
        format!(
            "no classifier judges the images of {title}, so there is no evidence to show: train one into the model's folder \
             with `latent-lens train classifier`, or choose another model's with --judge"
        )
    } else {
        format!(
            "the images of {title} have no classes, so there is no evidence for one to show: choose another model's classifier with \
             --judge, or draw them with `latent-lens \
             render latent`"
        )
    }
}

/// How many images there are, all side by side: the image, the evidence for what is predicted, and that for the class if
/// there is one; or the evidence alone.
pub fn arrangement(picture: &Cam) -> (usize, usize) {
    let images = if picture.alone {
        1
    } else {
        2 + usize::from(picture.class.is_some())
    };
    (images, images)
}

pub fn draw(picture: &Cam, studio: &Studio, sampler: Sampler) -> anyhow::Result<Drawing> {
    let manifest = studio.manifest();
    let target = picture.class;
    let frame = studio.frame(&FrameRequest {
        condition: picture.condition,
        sampler,
        target,
        layer: Layer(picture.layer.saturating_sub(1)),
        method: picture.method,
        contrast: picture.contrast,
        ..FrameRequest::new(picture.latent.clone())
    })?;
    let verdict = frame
        .verdict
        .as_ref()
        .with_context(|| without_judge(manifest))?;
    let (shape, values) = (frame.image.shape(), frame.image.values());
    let painted = |map: &Heatmap| {
        overlay(
            values,
            &map.over_image(shape, 1),
            picture.color_map,
            picture.opacity,
        )
    };
    let mut tiles = vec![image_tile(shape, values), painted(&verdict.predicted_map)];
    tiles.extend(verdict.target_map.as_ref().map(painted));
    if picture.alone {
        tiles = vec![tiles.swap_remove(1)];
    }
    let target_name = target.map(|class| judged_name(studio, class));
    let start = start_text(picture.start.as_ref(), picture.condition, manifest);
    Ok(Drawing {
        tiles,
        text: if picture.alone {
            alone_text(studio, verdict)
        } else {
            text(studio, &start, verdict, target_name.as_deref())
        },
        found: json!({
            "prediction": prediction_json(studio, &verdict.prediction),
            "raw_max": verdict.predicted_map.raw_max,
            "class_raw_max": verdict.target_map.as_ref().map(|map| map.raw_max),
        }),
    })
}

fn text(studio: &Studio, origin: &str, verdict: &Verdict, target: Option<&str>) -> String {
    let prediction = prediction_text(studio, &verdict.prediction);
    let mut lines = vec![
        format!("1. {origin}"),
        format!(
            "2. looks like {prediction}; evidence: {}",
            evidence_text(&verdict.predicted_map)
        ),
    ];
    if let (Some(name), Some(map)) = (target, &verdict.target_map) {
        lines.push(format!("3. evidence for {name}: {}", evidence_text(map)));
    }
    lines.join("\n")
}

fn alone_text(studio: &Studio, verdict: &Verdict) -> String {
    let prediction = prediction_text(studio, &verdict.prediction);
    format!(
        "looks like {prediction}; evidence: {}",
        evidence_text(&verdict.predicted_map)
    )
}

fn evidence_text(map: &Heatmap) -> String {
    match map.evidence() {
        Evidence::Positive => format!("at most {} logits a cell", number(map.raw_max.into())),
        Evidence::None => "no positive evidence anywhere".to_owned(),
    }
}

fn opacity(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("it must be a number from 0 to 1".to_owned()),
    }
}

fn color_map(text: &str) -> Result<ColorMap, String> {
    color_map_named(text).ok_or_else(|| {
        let names = ColorMap::ALL.map(color_map_name);
        format!("choose one of {}", names.join(", "))
    })
}

fn method(text: &str) -> Result<Method, String> {
    method_named(text)
        .ok_or_else(|| format!("choose one of {}", Method::ALL.map(method_name).join(", ")))
}
