//! `latent-lens runs`: the training runs that there are, and how far they have come.

use std::{path::PathBuf, time::Duration};

use ::runs::{FoundRun, RunState, RunView, list};
use anyhow::ensure;
use serde_json::{Value, json};

use crate::{
    output::{print, print_json},
    progress::duration_text,
    table::{Align, Table, number},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders to look into and below: models, or folders of models [default: the current folder]
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,

    /// Print one JSON array instead of a table
    #[arg(long)]
    json: bool,
}

/// Lists the runs in the folders. One that cannot be read does not hide the others.
///
/// # Errors
///
/// If a folder is not there, and after the list if a run cannot be read.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let here = [PathBuf::from(".")];
    let folders: &[PathBuf] = if args.folders.is_empty() {
        &here
    } else {
        &args.folders
    };
    let mut found = Vec::new();
    for folder in folders {
        ensure!(
            folder.is_dir(),
            "{} is no folder: name the folder of a model, or one that holds models",
            folder.display()
        );
        found.extend(list(folder));
    }
    if args.json {
        print_json(&Value::Array(found.iter().map(to_json).collect()))?;
    } else if found.is_empty() {
        print("there are no runs here: `latent-lens train` makes one")?;
    } else {
        print(&table(&found))?;
    }
    let unreadable = found.iter().filter_map(|run| run.view.as_ref().err());
    let reasons: Vec<String> = unreadable.cloned().collect();
    ensure!(
        reasons.is_empty(),
        "{} of {} runs cannot be read:\n  {}",
        reasons.len(),
        found.len(),
        reasons.join("\n  ")
    );
    Ok(())
}

fn to_json(run: &FoundRun) -> Value {
    let folder = run.folder.path().to_string_lossy();
    let view = match &run.view {
        Ok(view) => view,
        Err(error) => return json!({ "run": folder, "error": error }),
    };
    let failure = match &view.state {
        RunState::Failed(reason) => Some(reason),
        _ => None,
    };
    let [step, steps] = view.steps;
    json!({
        "run": folder,
        "model": view.settings.out.to_string_lossy(),
        "network": view.settings.network.network().command_name(),
        "dataset": view.dataset.as_ref().map(|info| &info.name),
        "state": view.state.word(),
        "failure": failure,
        "step": step,
        "steps": steps,
        "epochs": view.epochs,
        "images_per_second": view.images_per_second,
        "seconds_left": left(view),
        "command": view.settings.command,
        "history": view.history,
    })
}

/// The seconds that are left of a run that goes on.
fn left(view: &RunView) -> Option<f64> {
    (view.state == RunState::Running).then_some(view.seconds_left)
}

fn table(found: &[FoundRun]) -> String {
    let mut table = Table::new([
        ("model", Align::Left),
        ("network", Align::Left),
        ("images", Align::Left),
        ("state", Align::Left),
        ("done", Align::Right),
        ("left", Align::Right),
        ("loss", Align::Right),
    ]);
    for run in found {
        let Ok(view) = &run.view else {
            // The reason is long: it follows behind the table.
            let [a, b, c, d, e] = [""; 5].map(str::to_owned);
            let path = run.folder.path().display().to_string();
            table.row([path, a, b, "cannot be read".to_owned(), c, d, e]);
            continue;
        };
        let seconds = left(view).map(|seconds| Duration::try_from_secs_f64(seconds).ok());
        table.row([
            view.settings.out.display().to_string(),
            view.settings.network.network().command_name().to_owned(),
            view.dataset
                .as_ref()
                .map_or_else(String::new, |info| info.title.clone()),
            view.state.word().to_owned(),
            format!("{:.0} %", 100.0 * view.share()),
            seconds.flatten().map_or_else(String::new, duration_text),
            view.losses
                .last()
                .map_or_else(String::new, |last| number(last.loss)),
        ]);
    }
    table.render()
}
