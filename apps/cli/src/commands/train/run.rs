//! What the training of any network is on the command line: progress on the screen, and how it ended.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, anyhow};
use runs::{
    Computing, Network, NetworkSettings, Note, Run, RunControl, RunError, RunEvent, RunSettings,
    Start,
};
use serde_json::json;
use studio::{Manifest, ModelSource, StudioError};
use training::{Outcome, TrainingError};

use super::{arguments::Common, watch::Watch};
use crate::{
    cancel,
    command_line::{self, quoted},
    data, device,
    failure::Cancelled,
    output::{print, print_json},
};

/// How much time lies between two pictures of what a network draws.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Trains a network with progress on the screen, and tells how it ended.
///
/// # Errors
///
/// If the model's folder already holds what would be lost, if data or folder cannot be used, if training fails, and
/// [`Cancelled`] after Ctrl-C.
pub fn run(common: &Common, network: NetworkSettings) -> anyhow::Result<()> {
    let settings = RunSettings {
        images: data::images(common.dataset, &common.data, &common.own)?,
        network,
        out: common.out.clone(),
        command: command_line::as_given(),
    };
    let control = RunControl::new();
    let cancel = control.cancel.clone();
    cancel::on_ctrl_c(
        "finishing the step under way and writing a checkpoint",
        move || cancel.cancel(),
    )?;
    let computing = || {
        let chosen = device::open(common.device)?;
        Ok(Computing {
            device: chosen.device,
            device_name: chosen.label,
        })
    };
    let run = Run {
        settings: &settings,
        start: match (common.force, common.resume) {
            (true, _) => Start::Replace,
            (false, true) => Start::GoOn,
            (false, false) => Start::New,
        },
        cache: common.own.cache(),
        computing: &computing,
        control: &control,
        look_every: LOOK_EVERY,
    };
    let network = settings.network.network();
    let mut watch = Watch::new(network);
    let outcome = run.go(&mut |event| match event {
        RunEvent::Note(note) => tell!("note: {}", with_option(&note)),
        RunEvent::Begins(loaded, computing) => tell!(
            "training the {} on {} images of {} ({}), held out {}; computing on {}; Ctrl-C leaves a checkpoint",
            network.name(),
            loaded.splits.train.len(),
            loaded.info.title,
            loaded.info.shape,
            loaded.splits.held_out.len(),
            computing.device_name
        ),
        RunEvent::Training(event) => watch.see(event),
        RunEvent::Seen(_) => {}
    });
    drop(watch);
    match outcome.map_err(|error| advised(error, &settings))? {
        Outcome::Cancelled => Err(stopped(&settings.checkpoint())),
        Outcome::Finished => finished(common, network),
    }
}

/// A note with the option that it is about: the libraries know no command line.
fn with_option(note: &Note) -> String {
    match note {
        Note::NormalPrior => format!("{note} (as with --prior normal)"),
        Note::FewSteps { enough, epochs, .. } => {
            format!("{note}: --epochs {epochs} would make it {enough}")
        }
        Note::Images(_) | Note::FromTheBeginning { .. } => note.to_string(),
    }
}

/// An error with the options that its remedy takes here.
fn advised(error: RunError, settings: &RunSettings) -> anyhow::Error {
    let options = match &error {
        RunError::Unfinished { .. } => "go on with --resume, or start anew with --force",
        RunError::Finished { .. } => "choose another folder with --out, or replace it with --force",
        RunError::Classes {
            network: Network::Conditional,
            ..
        } => return anyhow!("{error} with `latent-lens train vae`"),
        RunError::Unwritable { .. } => {
            let text = format!("{error}: choose another folder with --out");
            return anyhow::Error::from(error).context(text);
        }
        RunError::Classes { .. } | RunError::RareClass { .. } => return error.into(),
        RunError::Images(_) => {
            return match error {
                RunError::Images(error) => data::advised(error, &settings.images),
                error => error.into(),
            };
        }
        RunError::Device(_) => {
            return match error {
                RunError::Device(error) => anyhow!(error),
                error => error.into(),
            };
        }
        RunError::Studio(error) => match (error, settings.network.network()) {
            (StudioError::MissingPart { model, part: "vae" }, Network::Refiner) => {
                return anyhow!(
                    "{model} has no VAE to refine the images of: name a model that has one with --from, or train one with \
                     `latent-lens train vae`"
                );
            }
            (StudioError::MissingPart { model, .. }, Network::Diffusion) => {
                return anyhow!(
                    "{model} has no diffusion to go on from: name a model that has one with --from"
                );
            }
            _ => return with_remedy(error.clone()),
        },
    };
    anyhow!("{error}: {options}")
}

/// The same of an error of the training itself.
fn with_remedy(error: StudioError) -> anyhow::Error {
    let options = match error.of_training() {
        _ if error.is_damage() => "--force replaces what is damaged and keeps the rest",
        Some(TrainingError::NotFinite { .. }) => {
            "--resume goes on from the last checkpoint, with a lower --learning-rate; --force starts anew"
        }
        Some(TrainingError::OtherRun { .. } | TrainingError::Checkpoint { .. }) => {
            "--force starts anew, and --out names another folder"
        }
        Some(TrainingError::Unwritable { .. }) => "--resume goes on",
        _ => return error.into(),
    };
    anyhow!("{error}: {options}")
}

fn finished(common: &Common, network: Network) -> anyhow::Result<()> {
    let manifest = Manifest::read(&ModelSource::Folder(common.out.clone()))?;
    let record = network
        .record(&manifest)
        .context("the run left no network: this is a bug, please report it")?;
    let out = common.out.display();
    if common.json {
        return print_json(&json!({
            "network": network.name(),
            "model": out.to_string(),
            "dataset": manifest.dataset.name,
            "device": record.device,
            "seed": record.seed.0,
            "epochs": record.epochs,
            "images": record.images,
            "parameters": record.parameters,
            "history": record.history,
        }));
    }
    let seconds: f64 = record.history.iter().map(|epoch| epoch.seconds).sum();
    print(&format!(
        "the {} with {} parameters is in {out}, trained in {seconds:.0} s\nnext: latent-lens evaluate --model {} --data {}",
        network.name(),
        record.parameters,
        quoted(as_folder(&common.out)),
        quoted(&common.data)
    ))
}

/// A folder as `--model` takes it: one without a separator could be the name of a shipped model.
fn as_folder(path: &Path) -> PathBuf {
    if path.components().count() == 1 && path.is_relative() {
        return Path::new(".").join(path);
    }
    path.to_owned()
}

/// The end of a run that was stopped: where the checkpoint is, and the command that goes on.
fn stopped(checkpoint: &Path) -> anyhow::Error {
    let resume = if command_line::has("--resume") {
        ""
    } else {
        " --resume"
    };
    let advice = format!(
        "a checkpoint is in {}; go on with:\n  {}{resume}",
        checkpoint.display(),
        command_line::as_given()
    );
    Cancelled { advice }.into()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::as_folder;

    #[test]
    fn a_folder_is_not_taken_for_a_shipped_model() {
        for (given, folder) in [
            ("mnist", "./mnist"),
            ("models/mnist", "models/mnist"),
            ("/mnist", "/mnist"),
        ] {
            assert_eq!(as_folder(Path::new(given)), Path::new(folder));
        }
    }
}
