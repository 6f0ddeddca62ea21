//! `latent-lens render cam`: an image beside the evidence for what it looks like.

use anyhow::Context as _;
use datasets::Layer;
use explain::{ColorMap, Evidence, Heatmap, Method, overlay};
use serde_json::json;
use studio::{FrameRequest, Studio, Verdict};

use super::{Common, Drawing, prediction_json, prediction_text, start::Start};
use crate::{model::class_named, picture::image_tile, table::number};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,

    #[command(flatten)]
    start: Start,

    /// Show the evidence for this class, by number or name, beside that for the predicted one
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,

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

pub fn draw(args: &Args, studio: &Studio) -> anyhow::Result<Drawing> {
    let manifest = studio.manifest();
    let origin = args.start.origin(studio)?;
    let target = args
        .class
        .as_deref()
        .map(|name| class_named(manifest, name))
        .transpose()?;
    let layer = Layer(usize::from(args.layer) - 1);
    let frame = studio.frame(&FrameRequest {
        target,
        layer,
        method: args.method,
        ..FrameRequest::new(origin.latent.clone())
    })?;
    let verdict = frame.verdict.as_ref().with_context(|| {
        format!(
            "{} has no classifier, so there is no evidence to show: train one with `latent-lens train classifier`",
            args.common.model
        )
    })?;
    let (shape, values) = (frame.image.shape(), frame.image.values());
    let painted = |map: &Heatmap| {
        overlay(
            values,
            &map.over_image(shape, 1),
            args.color_map,
            args.opacity,
        )
    };
    let mut tiles = vec![image_tile(shape, values), painted(&verdict.predicted_map)];
    tiles.extend(verdict.target_map.as_ref().map(painted));
    let target_name = target.map(|class| manifest.class_name(class));
    Ok(Drawing {
        columns: tiles.len(),
        tiles,
        text: text(studio, &origin.text, verdict, target_name.as_deref()),
        recipe: json!({
            "start": origin.recipe,
            "latent": origin.latent,
            "class": target.map(|class| class.0),
            "layer": args.layer,
            "method": slug(args.method),
            "opacity": args.opacity,
            "color_map": args.color_map.name().to_lowercase(),
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
    let found = ColorMap::ALL
        .into_iter()
        .find(|map| map.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| {
        let names = ColorMap::ALL.map(|map| map.name().to_lowercase());
        format!("choose one of {}", names.join(", "))
    })
}

/// A method's name on the command line.
fn slug(method: Method) -> String {
    method.name().to_lowercase().replace(' ', "-")
}

fn method(text: &str) -> Result<Method, String> {
    let found = Method::ALL
        .into_iter()
        .find(|method| slug(*method) == text.to_lowercase());
    found.ok_or_else(|| format!("choose one of {}", Method::ALL.map(slug).join(", ")))
}
