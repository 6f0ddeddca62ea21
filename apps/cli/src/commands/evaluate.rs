//! `latent-lens evaluate`: measure a model on its test data, and compare with the report in its bundle.

mod absent;

use std::path::{Path, PathBuf};

use anyhow::bail;
use evaluation::{EvaluateOptions, EvaluationError, Measure, measures};
use serde_json::json;
use studio::{Detail, Figure, Manifest, ModelSource, Report};
use training::CancelToken;

use self::absent::Absent;
use crate::{
    cancel, data,
    device::DeviceChoice,
    failure::Cancelled,
    model,
    output::{print, print_json},
    progress::{Progress, Unit, duration_text},
    table::{Align, Table, number},
};

/// Relative difference up to which a figure counts as the stored one: processors that add up in another order differ
/// in the last digits.
const SAME: f64 = 1e-6;

/// Why a figure is missing that the model could have.
const NOTHING: &str =
    "there was nothing to measure, or there are too few real images to hold it against";

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which model: a name from `latent-lens models`, or the folder of one that you trained
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    model: ModelSource,

    /// Have the classifier of this model judge the images, if it is for the same images and classes [default: the model's
    /// own, if it has one]
    #[arg(long, value_name = "NAME|DIR", value_parser = crate::model::parser())]
    judge: Option<ModelSource>,

    /// The folder with the data that the model was made for: its files, or the folder of pictures that it was trained on
    #[arg(long, value_name = "DIR", default_value = "data")]
    data: PathBuf,

    #[command(flatten)]
    again: data::AgainArgs,

    /// Only these figures, separated by commas, such as `classifier_accuracy,ece` [default: all that the model can have, but
    /// the slow ones: `nll_nats`, and those that train networks: `cas_gap,cas_generated,cas_real`, and of a joint model
    /// `head_error_100` and `head_error_1000`]
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    only: Vec<String>,

    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,

    /// Store the report in the model's folder (not possible for the models inside the program)
    #[arg(long)]
    write: bool,

    /// Where to compute
    #[arg(long, value_enum, default_value_t = DeviceChoice::Auto)]
    device: DeviceChoice,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let folder = report_folder(args)?;
    let opened = model::open(&args.model, args.judge.as_ref(), args.device)?;
    let stored = opened.studio.manifest().report.clone();
    let splits = data::load_for(&opened.studio.manifest().dataset, &args.data, &args.again)?;
    tell!(
        "computing on {}: {}",
        opened.chosen.label,
        opened.chosen.reason
    );

    let cancel = CancelToken::new();
    let stop = cancel.clone();
    cancel::on_ctrl_c("finishing the batch under way", move || stop.cancel())?;
    let options = EvaluateOptions {
        only: args.only.clone(),
        cancel,
    };
    let mut progress = Progress::new("evaluate", Unit::Items);
    let result = evaluation::evaluate(&opened.studio, &splits, &options, &mut |step| {
        progress.relabel(&step.figure);
        let note = format!("{} left", duration_text(step.eta));
        progress.set(step.done as u64, step.total as u64, &note);
    });
    drop(progress);
    let mut report = match result {
        Err(EvaluationError::Cancelled) => {
            let advice = "nothing was written; run the same command to measure again".to_owned();
            return Err(Cancelled { advice }.into());
        }
        result => result?,
    };
    report.device.clone_from(&opened.chosen.label);

    let absent = absent(args, opened.studio.manifest(), splits.test.len(), &report);
    let judge = opened.studio.manifest().judge.as_ref();
    if args.json {
        let mut object = report.to_json();
        if let Some(judge) = judge {
            object["judge"] = json!(judge.short_name());
        }
        if !absent.is_empty() {
            object["absent"] = absent.iter().map(Absent::to_json).collect();
        }
        print_json(&object)?;
    } else {
        print(&table(&report, stored.as_ref()))?;
    }
    for text in Absent::in_words(&absent) {
        tell!("{text}");
    }
    if let Some(stored) = &stored {
        tell!("{}", verdict(&report, stored));
    }
    if let Some(folder) = folder {
        let measured = opened.studio.manifest();
        studio::write_merged_report(folder, measured, report, evaluation::merged)?;
        tell!("the report is stored in {}", folder.display());
    }
    Ok(())
}

/// What was left out because the model cannot have it, or because there was nothing to measure. What the model cannot have
/// and was asked for by name is refused instead.
fn absent(args: &Args, manifest: &Manifest, images: usize, report: &Report) -> Vec<Absent> {
    let asked = |measure: &Measure| {
        let named = args.only.iter().any(|name| name == measure.name);
        named || (args.only.is_empty() && !measure.is_slow())
    };
    let all = measures::all().into_iter();
    all.filter_map(|measure| {
        let name = measure.name;
        let impossible = measure.why_absent(manifest).map(str::to_owned);
        let reason = impossible.filter(|_| args.only.is_empty()).or_else(|| {
            let missing = asked(&measure) && report.figure(name).is_none();
            missing.then(|| {
                measure
                    .too_few(images)
                    .unwrap_or_else(|| NOTHING.to_owned())
            })
        })?;
        Some(Absent { name, reason })
    })
    .collect()
}

fn table(report: &Report, stored: Option<&Report>) -> String {
    let mut table = Table::new([
        ("figure", Align::Left),
        ("value", Align::Right),
        ("unit", Align::Left),
        ("95 % interval", Align::Right),
        ("n", Align::Right),
        ("split", Align::Left),
        ("stored report", Align::Left),
    ]);
    for figure in &report.figures {
        table.row([
            figure.name.clone(),
            number(figure.value),
            figure.unit.clone(),
            interval(figure),
            figure.n.to_string(),
            figure.split.clone(),
            stored.map_or_else(String::new, |stored| compare(figure, stored)),
        ]);
    }
    format!(
        "{} on {}, {}\nmodel {}\n\n{}",
        report.model,
        report.dataset,
        report.device,
        report.model_sha256,
        table.render()
    )
}

fn interval(figure: &Figure) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => format!("{} .. {}", number(low), number(high)),
        _ => String::new(),
    }
}

/// How a figure relates to the one in the stored report.
fn compare(figure: &Figure, stored: &Report) -> String {
    match stored.figure(&figure.name) {
        None => "not in it".to_owned(),
        Some(before) if is_same(figure, before) => "same".to_owned(),
        Some(before) => format!("was {}", number(before.value)),
    }
}

fn is_same(figure: &Figure, before: &Figure) -> bool {
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= SAME * a.abs().max(b.abs());
    let (now, then) = (numbers(figure), numbers(before));
    figure.n == before.n && now.len() == then.len() && now.iter().zip(&then).all(close)
}

/// All numbers that a figure stands for.
fn numbers(figure: &Figure) -> Vec<f64> {
    let mut numbers = vec![figure.value];
    match &figure.detail {
        Detail::None => {}
        Detail::Series(values) => numbers.extend(values),
        Detail::Confusion(counts) => {
            numbers.extend(counts.iter().flatten().map(|&count| f64::from(count)));
        }
        Detail::Sweep(points) => {
            numbers.extend(
                points
                    .iter()
                    .flat_map(|point| [point.noise, point.agreement, point.variance_ratio]),
            );
        }
        Detail::Reliability(bins) => {
            numbers.extend(
                bins.iter()
                    .flat_map(|bin| [bin.confidence, bin.accuracy, bin.count as f64]),
            );
        }
        Detail::Faithfulness(curves) => {
            numbers.extend(curves.insertion.iter().chain(&curves.deletion));
        }
    }
    numbers
}

/// One line that says whether the stored report holds.
fn verdict(report: &Report, stored: &Report) -> String {
    let mut same = 0;
    let mut others = Vec::new();
    for figure in &report.figures {
        match stored.figure(&figure.name) {
            Some(before) if is_same(figure, before) => same += 1,
            _ => others.push(format!("{} {}", figure.name, compare(figure, stored))),
        }
    }
    let count = report.figures.len();
    let mut text = format!("{same} of {count} figures equal the stored report");
    if !others.is_empty() {
        text = format!("{text}; differing: {}", others.join(", "));
    }
    text
}

/// The folder to store the report in, if that is wanted; found out before minutes of measuring.
fn report_folder(args: &Args) -> anyhow::Result<Option<&Path>> {
    match &args.model {
        _ if !args.write => Ok(None),
        _ if args.judge.is_some() => bail!(
            "--write stores a report about the model's own classifier, and --judge takes another one: leave one of them out"
        ),
        ModelSource::Folder(folder) => Ok(Some(folder)),
        ModelSource::Shipped(_) => bail!(
            "{} is inside the program, and --write cannot change it: pass the model's folder with --model",
            args.model
        ),
    }
}
