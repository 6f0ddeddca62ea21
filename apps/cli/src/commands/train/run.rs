//! What training either network has in common: arguments, settings files, progress and stopping.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use datasets::Seed;
use serde::de::DeserializeOwned;
use training::{CancelToken, EpochRecord, Event};

use crate::{
    cancel, data,
    device::DeviceChoice,
    failure::Cancelled,
    progress::{Progress, Unit, duration_text},
};

/// The arguments of both trainings.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// What to train on
    #[arg(long, value_enum)]
    pub dataset: data::Source,

    /// The folder with the data: the four IDX files, or one sub-folder of pictures a class
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,

    /// The model's folder. The other network's part of a model that is there stays as it is
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Passes over the training images
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,

    /// Images a step
    #[arg(long, value_name = "N")]
    pub batch_size: Option<usize>,

    /// Peak of the learning rate, which rises first and falls to nothing at the end
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub learning_rate: Option<f64>,

    /// Seed of the weights, the batches and the noise: the same seed on the same device gives the same weights
    #[arg(long, value_name = "N")]
    pub seed: Option<Seed>,

    /// A RON file with settings, such as (model: (..), training: (..)); options on the command line win
    #[arg(long, value_name = "FILE.ron")]
    pub config: Option<PathBuf>,

    /// Go on from the checkpoint that an interrupted run with the same settings left
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,

    /// Replace a finished network, or throw away the checkpoint of an unfinished run
    #[arg(long)]
    pub force: bool,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    pub device: DeviceChoice,

    /// Print the result as one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// Reads a settings file; without one, the defaults.
///
/// # Errors
///
/// If the file cannot be read, is not RON, or has a field that does not exist.
pub fn read_settings<T: DeserializeOwned + Default>(path: Option<&Path>) -> anyhow::Result<T> {
    let Some(path) = path else {
        return Ok(T::default());
    };
    let text = fs::read_to_string(path)
        .with_context(|| format!("the settings file {} cannot be read", path.display()))?;
    // Allows `seed: 3` and `Some` left out, as a person would write them.
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options
        .from_str(&text)
        .with_context(|| format!("the settings file {} cannot be used: correct it there", path.display()))
}

/// Shows a run's progress: a bar with the time left, and a line that stays for each epoch.
pub struct Watch {
    progress: Progress,
    epochs: usize,
}

impl Watch {
    /// Starts to watch a run of `epochs` epochs.
    pub fn new(part: &str, epochs: usize) -> Self {
        Self {
            progress: Progress::new(part, Unit::Items),
            epochs,
        }
    }

    /// Takes in what the run tells.
    pub fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Step(step) => {
                self.progress.relabel(&format!("epoch {}/{}", step.epoch, step.epochs));
                let note = format!(
                    "loss {:.4}, {:.0} images/s, {} left",
                    step.loss,
                    step.images_per_second,
                    duration_text(step.eta)
                );
                self.progress.set(step.step as u64, step.steps as u64, &note);
            }
            Event::Epoch(record) => self.progress.line(&epoch_text(record, self.epochs)),
        }
    }
}

fn epoch_text(record: &EpochRecord, epochs: usize) -> String {
    let mut text = format!("epoch {}/{epochs} done in {:.1} s:", record.epoch, record.seconds);
    for (index, (name, value)) in record.metrics.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma} {name} {value:.5}");
    }
    text
}

/// A token that Ctrl-C cancels.
///
/// # Errors
///
/// If the system refuses the signal handler.
pub fn cancel_on_ctrl_c() -> anyhow::Result<CancelToken> {
    let token = CancelToken::new();
    let shared = token.clone();
    cancel::on_ctrl_c("finishing the step under way and writing a checkpoint", move || shared.cancel())?;
    Ok(token)
}

/// The end of a run that was stopped: where the checkpoint is, and the command that goes on.
pub fn stopped(checkpoint: &Path) -> anyhow::Error {
    let resume = if std::env::args().any(|arg| arg == "--resume") { "" } else { " --resume" };
    let advice = format!(
        "a checkpoint is in {}; go on with:\n  {}{resume}",
        checkpoint.display(),
        command_line()
    );
    Cancelled { advice }.into()
}

/// The command as it was given, so that it can be given again.
pub fn command_line() -> String {
    let arguments = std::env::args().skip(1).map(|argument| quoted(&argument));
    std::iter::once("latent-lens".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// An argument as a shell takes it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn arguments_survive_a_shell() {
        assert_eq!(quoted("--data=a/b.c"), "--data=a/b.c");
        assert_eq!(quoted("my data"), "'my data'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
