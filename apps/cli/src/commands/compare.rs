//! `latent-lens compare`: models of one data set side by side, by the same figures.

mod measured;
mod text;

use std::path::PathBuf;

use anyhow::ensure;
use serde_json::{Value, json};
use studio::{FileRole, Manifest, ModelSource};

use self::measured::{Column, columns};
use crate::{
    data,
    device::DeviceChoice,
    output::{print, print_json},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The models: names from `latent-lens models`, or folders
    #[arg(value_name = "NAME|DIR", value_parser = crate::model::parser(), required = true, num_args = 2..)]
    models: Vec<ModelSource>,

    /// The folder with the models' data, to measure the figures that a model's report does not hold [default: only what the
    /// reports hold]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    #[command(flatten)]
    again: data::AgainArgs,

    /// Only these figures, separated by commas [default: all that the reports hold, and with --data all but the slow ones]
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    only: Vec<String>,

    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,
}

/// Compares the models.
///
/// # Errors
///
/// If a model cannot be opened, the models are of different images, a figure is unknown, or the user stops the measuring.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let manifests = args
        .models
        .iter()
        .map(Manifest::read)
        .collect::<Result<Vec<_>, _>>()?;
    refuse_other_images(&args.models, &manifests)?;
    let columns = columns(args, manifests)?;
    if args.json {
        print_json(&to_json(&columns))?;
    } else {
        print(&text::table(&columns))?;
    }
    for note in notes(args, &columns) {
        tell!("note: {note}");
    }
    Ok(())
}

/// Figures of other images cannot be compared.
fn refuse_other_images(models: &[ModelSource], manifests: &[Manifest]) -> anyhow::Result<()> {
    let images = |manifest: &Manifest| {
        let info = &manifest.dataset;
        (info.title.clone(), info.shape, info.class_names.clone())
    };
    for (model, manifest) in models.iter().zip(manifests).skip(1) {
        let [first, other] = [&manifests[0], manifest].map(|manifest| &manifest.dataset);
        ensure!(
            images(manifest) == images(&manifests[0]),
            "{} is of {} ({}, {} classes), and {model} of {} ({}, {} classes): compare models of one data set",
            models[0],
            first.title,
            first.shape,
            first.classes(),
            other.title,
            other.shape,
            other.classes()
        );
    }
    Ok(())
}

/// What a reader of the table has to know.
fn notes(args: &Args, columns: &[Column]) -> Vec<String> {
    let mut notes = Vec::new();
    for (role, name) in [
        (FileRole::Classifier, "classifiers"),
        (FileRole::SecondJudge, "second judges"),
    ] {
        let sha256 = |column: &Column| {
            let record = column.manifest.files.get(&role)?;
            Some(record.sha256.clone())
        };
        if columns.iter().any(|c| sha256(c) != sha256(&columns[0])) {
            notes.push(format!(
                "the models are judged by different {name}, or one has none: figures that need one do not compare"
            ));
        }
    }
    let seen = |column: &Column| column.images_seen();
    if columns
        .iter()
        .any(|column| seen(column) != seen(&columns[0]))
    {
        notes.push("the models have seen different numbers of images in training".to_owned());
    }
    if args.data.is_none() {
        notes.push(
            "figures that a report does not hold are left out: --data DIR measures them".to_owned(),
        );
    }
    notes
}

fn to_json(columns: &[Column]) -> Value {
    let models: Vec<Value> = columns.iter().map(Column::to_json).collect();
    json!({ "domain": columns[0].manifest.dataset.name, "models": models })
}
