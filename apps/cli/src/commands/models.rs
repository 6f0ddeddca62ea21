//! `latent-lens models`: what can be opened, and how good it was measured to be.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde_json::{Value, json};
use studio::{Manifest, ModelSource, ShippedModel};
use vae_core::Prior;

use crate::{
    output::{print, print_json},
    table::{Align, Table, number},
};

/// The file that makes a folder a model.
const MANIFEST: &str = "manifest.ron";

/// The figure that stands for the model in the table.
const SHOWN_FIGURE: &str = "anchored_agreement";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders to look into besides the models inside the program: a model itself, or a folder of models
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,

    /// Print one JSON array instead of a table
    #[arg(long)]
    json: bool,
}

/// Lists the models inside the program and those in the folders.
///
/// # Errors
///
/// If a folder cannot be listed, or a manifest is damaged.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut sources: Vec<ModelSource> = ShippedModel::all().map(ModelSource::Shipped).collect();
    for folder in &args.folders {
        sources.extend(models_in(folder)?.into_iter().map(ModelSource::Folder));
    }
    let mut models = Vec::with_capacity(sources.len());
    for source in sources {
        let manifest = Manifest::read(&source)?;
        models.push((source, manifest));
    }
    if args.json {
        let all = models
            .iter()
            .map(|(source, manifest)| to_json(source, manifest));
        return print_json(&Value::Array(all.collect()));
    }
    print(&table(&models))
}

/// The model that a folder is, or those that it holds, by name.
fn models_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if folder.join(MANIFEST).is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let entries = fs::read_dir(folder)
        .with_context(|| format!("{} cannot be listed: name another folder", folder.display()))?;
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join(MANIFEST).is_file())
        .collect();
    found.sort();
    Ok(found)
}

/// The family that a model belongs to; `None` for a bundle whose generator is not trained yet.
fn family(manifest: &Manifest) -> Option<&'static str> {
    let vae = manifest.vae.as_ref()?;
    Some(match vae.config.prior {
        Prior::Normal => "vae",
        Prior::ClassCentres => "class-centres",
    })
}

fn to_json(source: &ModelSource, manifest: &Manifest) -> Value {
    let info = &manifest.dataset;
    let shape = info.shape;
    let report = manifest.report.as_ref().map(studio::Report::to_json);
    let figures = report.and_then(|mut report| report.get_mut("figures").map(Value::take));
    json!({
        "name": source.to_string(),
        "domain": info.name,
        "family": family(manifest),
        "shape": [shape.channels(), shape.height(), shape.width()],
        "classes": info.classes(),
        "labels_used": manifest.vae.as_ref().map(|vae| vae.labels_used),
        "figures": figures.unwrap_or_else(|| json!([])),
    })
}

fn table(models: &[(ModelSource, Manifest)]) -> String {
    let mut table = Table::new([
        ("model", Align::Left),
        ("domain", Align::Left),
        ("family", Align::Left),
        ("shape", Align::Right),
        ("classes", Align::Right),
        ("labels used", Align::Left),
        (SHOWN_FIGURE, Align::Right),
    ]);
    for (source, manifest) in models {
        let info = &manifest.dataset;
        let report = manifest.report.as_ref();
        let figure = report.and_then(|report| report.figure(SHOWN_FIGURE));
        let labels_used = manifest.vae.as_ref().map(|vae| vae.labels_used);
        table.row([
            source.to_string(),
            info.title.clone(),
            family(manifest).unwrap_or("not trained").to_owned(),
            info.shape.to_string(),
            info.classes().to_string(),
            match labels_used {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => String::new(),
            },
            figure.map_or_else(|| "not measured".to_owned(), |figure| number(figure.value)),
        ]);
    }
    table.render()
}
