//! `latent-lens models`: what can be opened, and how good it was measured to be.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use studio::{MANIFEST, Manifest, ModelSource, ShippedModel, StudioError};

use crate::{
    output::{print, print_json},
    table::{Align, Table, number},
};

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

/// A model, and what it says about itself or why it cannot be opened.
type Listed = (ModelSource, Result<Manifest, StudioError>);

/// Lists the models inside the program and those in the folders. One that is damaged does not hide the others.
///
/// # Errors
///
/// If a folder cannot be listed, and after the list if a model cannot be opened.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut sources: Vec<ModelSource> = ShippedModel::all().map(ModelSource::Shipped).collect();
    for folder in &args.folders {
        sources.extend(models_in(folder)?.into_iter().map(ModelSource::Folder));
    }
    let read = |source: ModelSource| {
        let manifest = Manifest::read(&source);
        (source, manifest)
    };
    let models: Vec<Listed> = sources.into_iter().map(read).collect();
    if args.json {
        print_json(&Value::Array(models.iter().map(to_json).collect()))?;
    } else {
        print(&table(&models))?;
    }
    let errors = models
        .iter()
        .filter_map(|(_, manifest)| manifest.as_ref().err());
    let reasons: Vec<String> = errors.map(StudioError::to_string).collect();
    ensure!(
        reasons.is_empty(),
        "{} of {} models cannot be opened:\n  {}",
        reasons.len(),
        models.len(),
        reasons.join("\n  ")
    );
    Ok(())
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

fn to_json((source, manifest): &Listed) -> Value {
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(error) => {
            return json!({ "name": source.to_string(), "error": error.to_string() });
        }
    };
    let info = &manifest.dataset;
    let shape = info.shape;
    let report = manifest.report.as_ref().map(studio::Report::to_json);
    let figures = report.and_then(|mut report| report.get_mut("figures").map(Value::take));
    json!({
        "name": source.to_string(),
        "domain": info.name,
        "family": manifest.family(),
        "shape": [shape.channels(), shape.height(), shape.width()],
        "classes": info.classes(),
        "labels_used": manifest.generator.as_ref().map(|part| part.labels_used),
        "figures": figures.unwrap_or_else(|| json!([])),
    })
}

fn table(models: &[Listed]) -> String {
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
        let Ok(manifest) = manifest else {
            // The reason is long: it follows behind the table.
            let state = "cannot be opened".to_owned();
            let [a, b, c, d, e] = [""; 5].map(str::to_owned);
            table.row([source.to_string(), state, a, b, c, d, e]);
            continue;
        };
        let info = &manifest.dataset;
        let report = manifest.report.as_ref();
        let figure = report.and_then(|report| report.figure(SHOWN_FIGURE));
        let labels_used = manifest.generator.as_ref().map(|part| part.labels_used);
        table.row([
            source.to_string(),
            info.title.clone(),
            manifest
                .family()
                .map_or_else(|| "not trained".to_owned(), |family| family.to_string()),
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
