//! What is known of each model: its record, its report, and what is measured now.

use std::time::Instant;

use anyhow::Context as _;
use datasets::{ClassId, Seed};
use evaluation::{EvaluateOptions, EvaluationError, measures};
use serde_json::{Value, json};
use studio::{Conditions, Figure, Manifest, ModelSource, Report, Studio, TrainingRecord};
use training::CancelToken;

use super::Args;
use crate::{
    cancel, data,
    failure::Cancelled,
    model,
    progress::{Progress, Unit, duration_text},
};

/// Images drawn one after the other to find out how long one takes, and those before the clock starts.
const TIMED: usize = 200;
const WARM_UP: usize = 20;

/// A model as the table shows it.
pub struct Column {
    /// As `--model` takes it.
    pub name: String,
    pub manifest: Manifest,
    /// The median time of drawing one image, in milliseconds, on this machine.
    pub sample_ms: f64,
    /// In the order of their declarations.
    pub figures: Vec<Figure>,
}

impl Column {
    fn records(&self) -> impl Iterator<Item = &TrainingRecord> {
        self.manifest.generator_records()
    }

    /// Images that the networks which make the images have seen in training, each as often as it was seen.
    pub fn images_seen(&self) -> usize {
        self.records()
            .map(|record| record.epochs * record.images)
            .sum()
    }

    /// Hours that the training took on its device.
    pub fn training_hours(&self) -> f64 {
        let epochs = self.records().flat_map(|record| &record.history);
        epochs.map(|epoch| epoch.seconds).sum::<f64>() / 3600.0
    }

    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    pub fn to_json(&self) -> Value {
        let report = Report {
            model: self.name.clone(),
            model_sha256: self.manifest.model_sha256(),
            dataset: self.manifest.dataset.name.clone(),
            device: String::new(),
            figures: self.figures.clone(),
        };
        json!({
            "name": self.name,
            "model_sha256": report.model_sha256,
            "family": self.manifest.family(),
            "labels_used": self.manifest.generator.as_ref().map(|part| part.labels_used),
            "parameters": self.manifest.generator_parameters(),
            "images_seen": self.images_seen(),
            "training_hours": self.training_hours(),
            "training_device": self.records().next().map(|record| record.device.clone()),
            "sample_ms": self.sample_ms,
            "figures": report.to_json()["figures"].take(),
        })
    }
}

/// A column for each model.
///
/// # Errors
///
/// If a model cannot be opened or measured, and [`Cancelled`] after Ctrl-C.
pub fn columns(args: &Args, manifests: Vec<Manifest>) -> anyhow::Result<Vec<Column>> {
    for name in &args.only {
        let known = measures::find(name);
        known.with_context(|| {
            let names: Vec<&str> = measures::all().iter().map(|measure| measure.name).collect();
            format!(
                "there is no figure '{name}': choose from {}",
                names.join(", ")
            )
        })?;
    }
    let cancel = CancelToken::new();
    let stop = cancel.clone();
    cancel::on_ctrl_c("finishing the batch under way", move || stop.cancel())?;
    let pairs = args.models.iter().zip(manifests);
    pairs
        .map(|(source, manifest)| column(args, source, manifest, &cancel))
        .collect()
}

fn column(
    args: &Args,
    source: &ModelSource,
    manifest: Manifest,
    cancel: &CancelToken,
) -> anyhow::Result<Column> {
    let opened = model::open(source, None, args.device)?;
    let mut figures = manifest
        .report
        .as_ref()
        .map_or_else(Vec::new, |report| report.figures.clone());
    figures.retain(|figure| args.only.is_empty() || args.only.contains(&figure.name));
    if args.data.is_some() {
        let missing: Vec<String> = wanted(args, &manifest)
            .into_iter()
            .filter(|name| figures.iter().all(|figure| figure.name != *name))
            .map(str::to_owned)
            .collect();
        figures.extend(measured(args, &opened.studio, missing, cancel)?);
    }
    let order: Vec<&str> = measures::all().iter().map(|measure| measure.name).collect();
    figures.sort_by_key(|figure| order.iter().position(|&name| name == figure.name));
    Ok(Column {
        name: source.to_string(),
        sample_ms: sample_ms(&opened.studio)?,
        manifest,
        figures,
    })
}

/// The figures that a model can have, of those that are asked for.
fn wanted(args: &Args, manifest: &Manifest) -> Vec<&'static str> {
    let all = measures::all().into_iter();
    let asked = all.filter(|measure| {
        let named = args.only.iter().any(|name| name == measure.name);
        named || (args.only.is_empty() && !measure.is_slow())
    });
    let possible = asked.filter(|measure| measure.why_absent(manifest).is_none());
    possible.map(|measure| measure.name).collect()
}

/// Measures the figures that no report holds.
fn measured(
    args: &Args,
    studio: &Studio,
    missing: Vec<String>,
    cancel: &CancelToken,
) -> anyhow::Result<Vec<Figure>> {
    let Some(dir) = args.data.as_ref().filter(|_| !missing.is_empty()) else {
        return Ok(Vec::new());
    };
    let splits = data::load_for(&studio.manifest().dataset, dir, &args.again)?;
    let options = EvaluateOptions {
        only: missing,
        cancel: cancel.clone(),
    };
    let mut progress = Progress::new(studio.name(), Unit::Items);
    let result = evaluation::evaluate(studio, &splits, &options, &mut |step| {
        progress.relabel(&format!("{} {}", studio.name(), step.figure));
        let note = format!("{} left", duration_text(step.eta));
        progress.set(step.done as u64, step.total as u64, &note);
    });
    drop(progress);
    match result {
        Err(EvaluationError::Cancelled) => {
            let advice = "nothing was written; run the same command to measure again".to_owned();
            Err(Cancelled { advice }.into())
        }
        // None of them can be had from so few images.
        Err(EvaluationError::TooFew { .. }) => Ok(Vec::new()),
        result => Ok(result?.figures),
    }
}

/// The median time of drawing one image.
fn sample_ms(studio: &Studio) -> anyhow::Result<f64> {
    let regions = &studio.generator_part().latent.regions;
    let latents = regions.sample_all(WARM_UP + TIMED, Seed(0));
    let first = studio.generator().conditional_classes().map(|_| ClassId(0));
    let conditions = Conditions::Same(first);
    let sampler = studio.manifest().usual_sampler();
    let mut times = Vec::with_capacity(TIMED);
    for (i, latent) in latents.iter().enumerate() {
        let started = Instant::now();
        let latent = std::slice::from_ref(latent);
        studio.draw(latent, &conditions, sampler, &[Seed(0)])?;
        if i >= WARM_UP {
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
