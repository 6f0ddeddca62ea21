//! `latent-lens evaluate`: measure a model on its test data, and compare with the report in its bundle.

use std::path::{Path, PathBuf};

use anyhow::bail;
use studio::{EvaluateOptions, Figure, ModelSource, Report};
use training::CancelToken;

use crate::{
    cancel, data,
    device::DeviceChoice,
    failure::Cancelled,
    model,
    output::{print, print_json},
    progress::{Progress, Unit, duration_text},
    table::{Align, Table},
};

/// Relative difference up to which a figure counts as the stored one: processors that add up in another order differ
/// in the last digits.
const SAME: f64 = 1e-6;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which model: mnist, fashion-mnist, or the folder of one that you trained
    #[arg(long, value_name = "NAME|DIR")]
    model: ModelSource,

    /// The folder with the data that the model was made for: the four IDX files, or one folder of images a class
    #[arg(long, value_name = "DIR")]
    data: PathBuf,

    /// Only these figures, separated by commas, such as classifier_accuracy,ece
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
    let opened = model::open(&args.model, args.device)?;
    let stored = opened.studio.manifest().report.clone();
    let splits = data::load_for(opened.studio.manifest(), &args.data)?;
    eprintln!("computing on {}: {}", opened.chosen.label, opened.chosen.reason);

    let cancel = CancelToken::new();
    let stop = cancel.clone();
    cancel::on_ctrl_c("finishing the batch under way", move || stop.cancel())?;
    let options = EvaluateOptions {
        only: args.only.clone(),
        cancel: cancel.clone(),
    };
    let mut progress = Progress::new("evaluate", Unit::Items);
    let result = studio::evaluate(&opened.studio, &splits, &options, &mut |step| {
        progress.relabel(&step.figure);
        let note = format!("{} left", duration_text(step.eta));
        progress.set(step.done as u64, step.total as u64, &note);
    });
    drop(progress);
    if cancel.is_cancelled() {
        let advice = "nothing was written; run the same command to measure again".to_owned();
        return Err(Cancelled { advice }.into());
    }
    let report = result?;

    if args.json {
        print_json(&report.to_json())?;
    } else {
        print(&table(&report, stored.as_ref()))?;
    }
    if let Some(stored) = &stored {
        eprintln!("{}", verdict(&report, stored));
    }
    if let Some(folder) = folder {
        studio::write_report(folder, report)?;
        eprintln!("the report is stored in {}", folder.display());
    }
    Ok(())
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

/// Four significant digits, and no exponent for the sizes that occur.
fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = 3 - value.abs().log10().floor() as i32;
    format!("{value:.*}", digits.clamp(0, 8) as usize)
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
    let scale = figure.value.abs().max(before.value.abs());
    figure.n == before.n && (figure.value - before.value).abs() <= SAME * scale
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
    if others.is_empty() {
        format!("all {count} figures equal the stored report")
    } else {
        format!("{same} of {count} figures equal the stored report; differing: {}", others.join(", "))
    }
}

/// The folder to store the report in, if that is wanted; found out before minutes of measuring.
fn report_folder(args: &Args) -> anyhow::Result<Option<&Path>> {
    match &args.model {
        _ if !args.write => Ok(None),
        ModelSource::Folder(folder) => Ok(Some(folder)),
        ModelSource::Shipped(_) => bail!(
            "{} is inside the program, and --write cannot change it: pass the model's folder with --model",
            args.model
        ),
    }
}
