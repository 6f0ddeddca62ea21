//! What the training of any network is on the command line: progress on the screen, and how it ended.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, anyhow};
use runs::{
    Computing, DeviceError, Network, NetworkSettings, Note, Run, RunControl, RunError, RunEvent,
    RunSettings, Start,
};
use serde_json::json;
use studio::{Manifest, ModelSource, StudioError};
use training::{Outcome, TrainingError};

use super::{arguments::Common, watch::Watch};
use crate::{
    cancel,
    command_line::{self, as_folder, quoted},
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
    let settings = settings(common, network, command_line::as_given())?;
    let start = match (common.force, common.resume) {
        (true, _) => Start::Replace,
        (false, true) => Start::GoOn,
        (false, false) => Start::New,
    };
    let network = settings.network.network();
    let mut watch = Watch::new(network);
    let outcome = train(common, &settings, start, &control()?, &mut watch);
    drop(watch);
    match outcome.map_err(|error| advised(error, &settings))? {
        Outcome::Cancelled => Err(stopped(&settings.checkpoint())),
        Outcome::Finished => finished(common, network),
    }
}

/// What the run is that these arguments ask for.
///
/// # Errors
///
/// If an option is for other data.
pub fn settings(
    common: &Common,
    network: NetworkSettings,
    command: String,
) -> anyhow::Result<RunSettings> {
    Ok(RunSettings {
        images: data::images(common.dataset, &common.data, &common.own)?,
        network,
        out: common.out.clone(),
        command,
    })
}

/// How runs are asked to stop: by Ctrl-C.
///
/// # Errors
///
/// If Ctrl-C cannot be watched.
pub fn control() -> anyhow::Result<RunControl> {
    let control = RunControl::new();
    let cancel = control.cancel.clone();
    cancel::on_ctrl_c(
        "finishing the step under way and writing a checkpoint",
        move || cancel.cancel(),
    )?;
    Ok(control)
}

/// The device that was asked for.
pub fn computing(common: &Common) -> Result<Computing, DeviceError> {
    let chosen = device::open(common.device)?;
    Ok(Computing {
        device: chosen.device,
        device_name: chosen.label,
    })
}

/// Trains it, and tells what is to be told meanwhile.
///
/// # Errors
///
/// As [`Run::go`].
pub fn train(
    common: &Common,
    settings: &RunSettings,
    start: Start,
    control: &RunControl,
    watch: &mut Watch,
) -> Result<Outcome, RunError> {
    let run = Run {
        settings,
        start,
        cache: common.own.cache(),
        computing: &|| computing(common),
        control,
        look_every: LOOK_EVERY,
    };
    run.go(&mut |event| match event {
        RunEvent::Note(note) => tell!("note: {}", with_option(&note)),
        RunEvent::Begins(loaded, computing) => tell!(
            "training the {} on {} images of {} ({}), held out {}; computing on {}; Ctrl-C leaves a checkpoint",
            settings.network.network().name(),
            loaded.splits.train.len(),
            loaded.info.title,
            loaded.info.shape,
            loaded.splits.held_out.len(),
            computing.device_name
        ),
        RunEvent::Training(event) => watch.see(event),
        RunEvent::Seen(_) => {}
    })
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
pub fn advised(error: RunError, settings: &RunSettings) -> anyhow::Error {
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

/// What is left where going on does not help.
const SLOWER: &str = "--force starts anew, with a lower --learning-rate";

/// The same of an error of the training itself.
fn with_remedy(error: StudioError) -> anyhow::Error {
    let options = match error.of_training() {
        _ if error.is_of_weights() => SLOWER,
        _ if matches!(error, StudioError::OtherArchitecture(_)) => "name it with --from",
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
    let next = if manifest.generator.is_some() {
        let model = quoted(as_folder(&common.out));
        let (data, labels) = (
            quoted(&common.data),
            common.own.labels_again(&manifest.dataset, &common.data),
        );
        format!("latent-lens evaluate --model {model} --data {data}{labels}")
    } else {
        "train what makes the images into the same folder, such as a VAE with `latent-lens train vae`".to_owned()
    };
    print(&format!(
        "the {} with {} parameters is in {out}, trained in {seconds:.0} s\nnext: {next}",
        network.name(),
        record.parameters,
    ))
}

/// The end of a run that was stopped: where the checkpoint is, and the command that goes on.
fn stopped(checkpoint: &Path) -> anyhow::Error {
    let advice = format!(
        "a checkpoint is in {}; go on with:\n  {}",
        checkpoint.display(),
        command_line::to_go_on()
    );
    Cancelled { advice }.into()
}
