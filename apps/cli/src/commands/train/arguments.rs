//! The arguments that all trainings take, and their settings files.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use datasets::Seed;
use serde::de::DeserializeOwned;

use super::sweep::Grid;
use crate::{data, device::DeviceChoice};

/// Largest settings file that is read, in bytes: all settings there are take a few thousand.
const LARGEST_SETTINGS: u64 = 1 << 20;

/// The arguments of all trainings.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// What to train on
    #[arg(long, value_enum)]
    pub dataset: data::Source,

    /// The folder with the data: the files that `fetch` gets, or pictures, with one sub-folder a class if they have classes
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,

    #[command(flatten)]
    pub own: data::OwnDataArgs,

    /// The model's folder. The other networks of a model that is there stay as they are. With --grid, the folder of the runs
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Passes over the training images [default: 20 for a VAE, 10 for a judge of either kind]
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,

    /// Images a step [default: 128]
    #[arg(long, value_name = "N")]
    pub batch_size: Option<usize>,

    /// Peak of the learning rate, which rises first and falls to nothing at the end [default: 0.002 for a VAE, 0.004 for a
    /// judge of either kind]
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub learning_rate: Option<f64>,

    /// Seed of the weights, the batches and the noise: the same seed on the same device gives the same weights
    /// [default: 0, and 1 for the second judge]
    #[arg(long, value_name = "N")]
    pub seed: Option<Seed>,

    /// A RON file with settings, such as (model: (..), training: (..)); options on the command line win
    /// [default: none]
    #[arg(long, value_name = "FILE.ron")]
    pub config: Option<PathBuf>,

    /// Go on from the checkpoint that an interrupted run with the same settings left
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,

    /// Replace a finished network, or throw away the checkpoint of an unfinished run
    #[arg(long)]
    pub force: bool,

    /// Train with each of these values of an option, such as `latent-dim=8,16,32`. May be given several times: every combination is a run
    /// in a folder of its own below --out, and what they reach is printed as a table and kept there as sweep.csv [default: one run]
    #[arg(long, value_name = "OPTION=VALUE,...")]
    pub grid: Vec<Grid>,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    pub device: DeviceChoice,

    /// Print the result as one JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

impl Common {
    /// Puts what was given on the command line into the settings that all trainings have.
    pub fn set_in(
        &self,
        (epochs, batch_size): (&mut usize, &mut usize),
        learning_rate: &mut f64,
        seed: &mut Seed,
    ) {
        *epochs = self.epochs.unwrap_or(*epochs);
        *batch_size = self.batch_size.unwrap_or(*batch_size);
        *learning_rate = self.learning_rate.unwrap_or(*learning_rate);
        *seed = self.seed.unwrap_or(*seed);
    }

    /// The same of a judge, of either kind.
    pub fn set_in_judge(&self, training: &mut classifier::TrainConfig) {
        self.set_in(
            (&mut training.epochs, &mut training.batch_size),
            &mut training.learning_rate,
            &mut training.seed,
        );
    }
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
    let text = files::read_text(path, LARGEST_SETTINGS)
        .with_context(|| format!("the settings file {} cannot be read", path.display()))?;
    // Allows `seed: 3` and `Some` left out, as a person would write them.
    let options =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(&text).with_context(|| {
        format!(
            "the settings file {} cannot be used: correct it there",
            path.display()
        )
    })
}
