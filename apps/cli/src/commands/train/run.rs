//! What training any network has in common: nothing is lost, nothing is hidden, and it can be stopped.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail, ensure};
use serde_json::json;
use studio::{MANIFEST, Manifest, ModelSource, StudioError, TrainingRecord, TrainingRun};
use training::{CancelToken, Checkpoints, Outcome, TrainingError};

use super::{arguments::Common, watch::Watch};
use crate::{
    cancel,
    command_line::{self, quoted},
    data, device,
    failure::Cancelled,
    output::{print, print_json},
};

/// One of the networks of a model: the one that makes images, of either kind, or one that judges them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// The VAE.
    Vae,
    /// The VAE that is given the class.
    Conditional,
    /// What gives a VAE's images detail.
    Refiner,
    /// The VAE with a head that tells the class.
    Joint,
    /// The GAN.
    Gan,
    /// The flow from noise.
    Diffusion,
    /// The classifier.
    Classifier,
    /// The second judge.
    Judge,
}

impl Network {
    /// As in commands and file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vae | Self::Conditional | Self::Joint => "vae",
            Self::Refiner => "refiner",
            Self::Gan => "gan",
            Self::Diffusion => "diffusion",
            Self::Classifier => "classifier",
            Self::Judge => "judge",
        }
    }

    /// Whether it is what makes the images, of which a model has one.
    fn makes_images(self) -> bool {
        match self {
            Self::Vae | Self::Conditional | Self::Joint | Self::Gan | Self::Diffusion => true,
            Self::Refiner | Self::Classifier | Self::Judge => false,
        }
    }

    /// What a manifest says about the training of this network, or of another one of its kind, if it has it.
    fn record(self, manifest: &Manifest) -> Option<&TrainingRecord> {
        match self {
            Self::Vae | Self::Conditional | Self::Joint | Self::Gan | Self::Diffusion => {
                manifest.generator.as_ref().map(|part| &part.training)
            }
            Self::Refiner => manifest.refiner.as_ref().map(|part| &part.training),
            Self::Classifier => manifest.classifier.as_ref().map(|part| &part.training),
            Self::Judge => manifest.second_judge.as_ref().map(|part| &part.training),
        }
    }
}

/// Loads the data, trains by `train` with progress on the screen, and tells how it ended.
///
/// # Errors
///
/// If the model's folder already holds what would be lost, if data or folder cannot be used, if training fails, and
/// [`Cancelled`] after Ctrl-C.
pub fn run(
    common: &Common,
    network: Network,
    train: impl FnOnce(TrainingRun<'_>) -> Result<Outcome, StudioError>,
) -> anyhow::Result<()> {
    let checkpoint = common.out.join(format!("checkpoint-{}", network.name()));
    refuse_losses(common, network, &checkpoint)?;
    let loaded = data::load(common.dataset, &common.data, &common.own)?;
    refuse_unlabelled(common, network, &loaded)?;
    refuse_rare_classes(common, network, &loaded)?;
    let chosen = device::open(common.device)?;
    let fresh = ensure_writable(&common.out)?;
    tell!(
        "training the {} on {} images of {} ({}), held out {}; computing on {}; Ctrl-C leaves a checkpoint",
        network.name(),
        loaded.splits.train.len(),
        loaded.info.title,
        loaded.info.shape,
        loaded.splits.held_out.len(),
        chosen.label
    );
    let cancel = CancelToken::new();
    let shared = cancel.clone();
    cancel::on_ctrl_c(
        "finishing the step under way and writing a checkpoint",
        move || shared.cancel(),
    )?;
    let command = command_line::as_given();
    let mut watch = Watch::new(network);
    let outcome = train(TrainingRun {
        dataset: &loaded.info,
        sample: Some(&loaded.splits.test),
        train: &loaded.splits.train,
        held_out: &loaded.splits.held_out,
        command: &command,
        out: &common.out,
        resume: common.resume,
        replace_damaged: common.force,
        device: &chosen.device,
        device_name: &chosen.label,
        cancel: &cancel,
        watch: &mut |event| watch.see(&event),
    });
    drop(watch);
    if outcome.is_err() && fresh {
        // Only removes it if it is empty, which is when there is nothing to go on from.
        let _ = fs::remove_dir(&common.out);
    }
    match outcome.map_err(advised)? {
        Outcome::Cancelled => Err(stopped(&checkpoint)),
        Outcome::Finished => finished(common, network),
    }
}

/// An error with the options that its remedy takes here: the libraries know no command line.
fn advised(error: StudioError) -> anyhow::Error {
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

/// Stops before work that would end in throwing something away.
fn refuse_losses(common: &Common, network: Network, checkpoint: &Path) -> anyhow::Result<()> {
    if common.force {
        return Ok(());
    }
    let (out, name) = (common.out.display(), network.name());
    let unfinished = Checkpoints::new(checkpoint).exist();
    if unfinished {
        ensure!(
            common.resume,
            "{} holds the checkpoint of an unfinished run: go on with --resume, or start anew with --force",
            checkpoint.display()
        );
        return Ok(());
    }
    if common.out.join(MANIFEST).exists() {
        let manifest = Manifest::read(&ModelSource::Folder(common.out.clone())).map_err(advised)?;
        if network.record(&manifest).is_some() {
            let there = match manifest.family() {
                Some(family) if network.makes_images() => {
                    format!("model that makes images ({family})")
                }
                _ => name.to_owned(),
            };
            bail!(
                "{out} already has a finished {there}: choose another folder with --out, or replace it with --force"
            );
        }
    }
    if common.resume {
        tell!("note: {out} has no checkpoint of a {name}; starting from the beginning");
    }
    Ok(())
}

/// A judge learns to tell classes apart, and so does a joint model's head, so there have to be two of them at least; a conditional VAE needs one.
fn refuse_unlabelled(
    common: &Common,
    network: Network,
    loaded: &data::Loaded,
) -> anyhow::Result<()> {
    let (folder, classes) = (common.data.display(), loaded.info.classes());
    let fewest = match network {
        Network::Vae | Network::Refiner | Network::Gan | Network::Diffusion => 0,
        Network::Conditional => 1,
        Network::Joint | Network::Classifier | Network::Judge => 2,
    };
    if classes >= fewest {
        return Ok(());
    }
    if network == Network::Conditional {
        bail!(
            "{folder} holds pictures without classes, and a conditional VAE is given the class: put the pictures of each \
             class into a sub-folder of its own, or train a VAE without classes with `latent-lens train vae`"
        );
    }
    let found = if classes == 0 {
        "pictures without classes"
    } else {
        "pictures of one class"
    };
    let what = match network {
        Network::Joint => "joint model",
        other => other.name(),
    };
    bail!(
        "{folder} holds {found}, and a {what} needs two classes at least: put the pictures of each class into a \
         sub-folder of its own, or leave it out and train a VAE alone"
    )
}

/// Every class has to be there in the part that is learned from: one image tells a judge what the class is, and two have the variance
/// that a region of the latent space needs.
fn refuse_rare_classes(
    common: &Common,
    network: Network,
    loaded: &data::Loaded,
) -> anyhow::Result<()> {
    let fewest = match network {
        Network::Vae | Network::Joint => 2,
        Network::Conditional | Network::Classifier | Network::Judge => 1,
        Network::Refiner | Network::Gan | Network::Diffusion => 0,
    };
    let mut counts = vec![0_usize; loaded.info.classes()];
    for label in loaded.splits.train.labels() {
        counts[usize::from(*label)] += 1;
    }
    let rare = counts.iter().position(|count| *count < fewest);
    let Some((class, found)) = rare.map(|class| (&loaded.info.class_names[class], counts[class]))
    else {
        return Ok(());
    };
    bail!(
        "the class `{class}` of {} has {found} pictures to learn from, after a fifth of all pictures was put aside for testing and a \
         tenth for measuring, and {fewest} is the least: add pictures of it (ten will do), or leave the class out",
        common.data.display()
    )
}

/// Makes the folder if need be, and finds out now rather than after hours of training whether it takes files. Says
/// whether the folder is new.
fn ensure_writable(out: &Path) -> anyhow::Result<bool> {
    let advice = || {
        format!(
            "{} cannot be written to: choose another folder with --out",
            out.display()
        )
    };
    let fresh = !out.exists();
    fs::create_dir_all(out).with_context(advice)?;
    tempfile::tempfile_in(out).with_context(advice)?;
    Ok(fresh)
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
