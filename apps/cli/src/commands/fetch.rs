//! `latent-lens fetch`: the files of the data sets, downloaded or copied, and verified.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use anyhow::{anyhow, ensure};
use clap::ValueEnum;
use datasets::{
    DatasetError, FetchOptions, FetchOutcome, FetchProgress, FetchReport, KnownDataset,
};
use serde_json::{Value, json};

use crate::{
    cancel,
    failure::Cancelled,
    output::{print, print_json},
    progress::{Progress, Unit, duration_text, mebibytes},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which data set
    #[arg(long, value_enum)]
    dataset: Which,

    /// The folder to put the files in; each data set gets a sub-folder of its name
    #[arg(long, value_name = "DIR", default_value = "data")]
    into: PathBuf,

    /// Copy the files from this folder instead of downloading them; for avatars, the tar file itself will do
    /// [default: download]
    #[arg(long, value_name = "DIR|FILE")]
    from: Option<PathBuf>,

    /// Download from here: the address of a folder that serves the gzipped files. May be given several times, in order of
    /// preference [default: the public mirrors]
    #[arg(long, value_name = "URL", conflicts_with = "from")]
    mirror: Vec<String>,

    /// Print what was done as one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// What to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Handwritten digits
    Mnist,
    /// Photographs of clothing
    FashionMnist,
    /// Drawn faces in colour; nobody serves them, so name their tar file with --from
    Avatars,
    /// All that can be downloaded
    All,
}

impl Which {
    fn datasets(self) -> &'static [KnownDataset] {
        match self {
            Self::Mnist => &[KnownDataset::Mnist],
            Self::FashionMnist => &[KnownDataset::FashionMnist],
            Self::Avatars => &[KnownDataset::Avatars],
            Self::All => &[KnownDataset::Mnist, KnownDataset::FashionMnist],
        }
    }
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let datasets = args.dataset.datasets();
    ensure!(
        datasets.len() == 1 || args.mirror.is_empty(),
        "a mirror serves one data set, whose files have the same names as the other's: \
         fetch them one at a time, each with its own --mirror"
    );
    let options = FetchOptions {
        mirrors: (!args.mirror.is_empty()).then(|| args.mirror.clone()),
        from: args.from.clone(),
        ..FetchOptions::default()
    };
    let stop = Arc::clone(&options.cancel);
    cancel::on_ctrl_c("keeping what has arrived", move || {
        stop.store(true, Ordering::Relaxed);
    })?;

    let mut reports = Vec::new();
    for &dataset in datasets {
        let mut display = Display::new(dataset);
        let report = datasets::fetch(dataset, &args.into, &options, &mut |step| {
            display.show(&step);
        });
        drop(display);
        let report = report.map_err(|error| advised(error, dataset, args.from.as_deref()))?;
        if !args.json {
            print(&text(dataset, &report))?;
        }
        reports.push(to_json(dataset, &report));
    }
    if args.json {
        print_json(&json!({ "datasets": reports }))?;
    }
    Ok(())
}

/// An error with a remedy that helps with this data set: what nobody serves cannot be downloaded again.
fn advised(error: DatasetError, dataset: KnownDataset, from: Option<&Path>) -> anyhow::Error {
    let files = dataset.files().iter().map(|file| file.name);
    let files = files.collect::<Vec<_>>().join(", ");
    let title = dataset.title();
    match error {
        DatasetError::Cancelled => Cancelled {
            advice: error.to_string(),
        }
        .into(),
        DatasetError::Download { attempts, .. } if attempts.is_empty() => anyhow!(
            "nobody serves {title} for download: pass the file {files}, or the folder that holds it, with --from"
        ),
        DatasetError::MissingSource { dir, .. } if dataset.files().len() == 1 => anyhow!(
            "no {files} of {title} (plain or .gz) in {}: pass the file itself, as in `--from {files}`",
            dir.display()
        ),
        DatasetError::Checksum {
            path,
            expected,
            actual,
            hint,
        } if dataset.mirrors().is_empty() && from.is_some() => anyhow!(
            "{} is not the {files} of {title}: its SHA-256 is {actual}{hint} instead of {expected}; pass the whole, unchanged \
             file with --from",
            path.display()
        ),
        DatasetError::TooLarge { path, limit }
            if dataset.mirrors().is_empty() && from.is_some() =>
        {
            anyhow!(
                "{} is not the {files} of {title}: it has more than {limit} bytes; pass the whole, unchanged file with --from",
                path.display()
            )
        }
        error => error.into(),
    }
}

/// Progress of the downloads of one data set.
struct Display {
    progress: Progress,
    dataset: KnownDataset,
    /// The file under way, when this program began with it, and how much of it was there by then.
    file: Option<(usize, Instant, u64)>,
}

impl Display {
    fn new(dataset: KnownDataset) -> Self {
        Self {
            progress: Progress::new(dataset.title(), Unit::Bytes),
            dataset,
            file: None,
        }
    }

    fn show(&mut self, step: &FetchProgress) {
        let (began, before) = match self.file {
            Some((index, began, before)) if index == step.file_index => (began, before),
            _ => {
                let label = format!(
                    "{} {}/{} {}",
                    self.dataset.title(),
                    step.file_index + 1,
                    step.file_count,
                    step.file
                );
                self.progress.relabel(&label);
                (Instant::now(), step.done_bytes)
            }
        };
        self.file = Some((step.file_index, began, before));
        let total = step.total_bytes.unwrap_or(step.done_bytes);
        let speed = (step.done_bytes.saturating_sub(before)) as f64
            / began.elapsed().as_secs_f64().max(1e-3);
        let mut note = format!("{}/s", mebibytes(speed as u64));
        if speed > 0.0 && step.total_bytes.is_some() {
            let left = total.saturating_sub(step.done_bytes) as f64 / speed;
            let left = Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX);
            note = format!("{note}, {} left", duration_text(left));
        }
        self.progress.set(step.done_bytes, total, &note);
    }
}

fn text(dataset: KnownDataset, report: &FetchReport) -> String {
    let mut lines = vec![format!(
        "{} is in {}",
        dataset.title(),
        report.dir.display()
    )];
    for file in &report.files {
        let how = match &file.outcome {
            FetchOutcome::Kept => "was there".to_owned(),
            FetchOutcome::Copied(source) => format!("copied from {}", source.display()),
            FetchOutcome::Downloaded(url) => format!("downloaded from {url}"),
        };
        lines.push(format!("  {}: {how}, verified", file.path.display()));
    }
    lines.join("\n")
}

fn to_json(dataset: KnownDataset, report: &FetchReport) -> Value {
    let files = report
        .files
        .iter()
        .zip(dataset.files())
        .map(|(fetched, known)| {
            let (outcome, source) = match &fetched.outcome {
                FetchOutcome::Kept => ("kept", None),
                FetchOutcome::Copied(source) => ("copied", Some(source.display().to_string())),
                FetchOutcome::Downloaded(url) => ("downloaded", Some(url.clone())),
            };
            json!({
                "name": known.name,
                "path": fetched.path.display().to_string(),
                "sha256": known.sha256,
                "outcome": outcome,
                "source": source,
            })
        });
    json!({
        "dataset": dataset.slug(),
        "dir": report.dir.display().to_string(),
        "files": files.collect::<Vec<_>>(),
    })
}
