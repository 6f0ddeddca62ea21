//! What a run of a sweep has reached: its figures, measured once and kept in its model, so that a sweep that goes on need not measure again.

use evaluation::{EvaluateOptions, EvaluationError, Measure, measures, wilson};
use runs::{RunFolder, RunSettings};
use studio::{MANIFEST, Manifest, ModelSource, TrainingRecord};
use training::{CancelToken, Checkpoints};

use super::plan::{Images, Planned};
use crate::{
    commands::train::arguments::Common,
    model,
    progress::{Progress, Unit, duration_text},
};

/// The share of held-out images that a judge gets right, as its history calls it.
const ACCURACY: &str = "held_out_accuracy";

/// How a run was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It has not begun.
    Absent,
    /// It has a checkpoint to go on from.
    Unfinished,
    /// Its model is there.
    Finished,
}

/// Looks what there is of a run.
///
/// # Errors
///
/// If there is a model, and it is not the one that this run makes.
pub fn find(run: &Planned) -> anyhow::Result<Found> {
    let settings = &run.settings;
    if Checkpoints::new(settings.checkpoint()).exist() {
        return Ok(Found::Unfinished);
    }
    if !settings.out.join(MANIFEST).exists() {
        return Ok(Found::Absent);
    }
    let manifest = Manifest::read(&ModelSource::Folder(settings.out.clone()))?;
    if settings.network.network().record(&manifest).is_none() {
        return Ok(Found::Absent);
    }
    let before = RunFolder::of(settings).summary();
    let before = before.map(|view| view.settings.network);
    anyhow::ensure!(
        before.is_ok_and(|network| network == settings.network),
        "{} holds a model that was trained with other settings: choose another folder with --out, or train all runs anew with \
         --force",
        settings.out.display()
    );
    Ok(Found::Finished)
}

/// A number that a run has reached, with its 95 % interval where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub name: String,
    pub number: f64,
    pub interval: Option<[f64; 2]>,
}

/// What a run has reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    pub parameters: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// The figures of its report; without any, what was measured of held-out images after the last epoch.
    pub values: Vec<Value>,
}

/// The figures of a finished run. What was not measured yet is measured on the test images and stored in its model.
///
/// # Errors
///
/// If the model cannot be opened or measured; [`EvaluationError::Cancelled`] if it was asked to stop.
pub fn reached(
    common: &Common,
    run: &Planned,
    images: &mut Images,
    cancel: &CancelToken,
) -> anyhow::Result<Reached> {
    let settings = &run.settings;
    let source = ModelSource::Folder(settings.out.clone());
    let mut manifest = Manifest::read(&source)?;
    let wanted = wanted(&manifest);
    let is_there = |manifest: &Manifest| {
        let report = manifest.report.as_ref();
        report.is_some_and(|report| wanted.iter().any(|measure| measure.of(report).is_some()))
    };
    if settings.network.network().makes_images() && !wanted.is_empty() && !is_there(&manifest) {
        measure(common, run, &wanted, images, cancel)?;
        manifest = Manifest::read(&source)?;
    }
    let held_out = images.of(common, settings)?.splits.held_out.len();
    Ok(of(&manifest, settings, &wanted, held_out))
}

/// The figures that the network alone can have: a sweep trains one network a model, so no other one judges it.
fn wanted(manifest: &Manifest) -> Vec<Measure> {
    let all = measures::all().into_iter();
    let own = all.filter(|measure| !measure.needs.judge() && !measure.is_slow());
    own.filter(|measure| measure.why_absent(manifest).is_none())
        .collect()
}

fn measure(
    common: &Common,
    run: &Planned,
    wanted: &[Measure],
    images: &mut Images,
    cancel: &CancelToken,
) -> anyhow::Result<()> {
    let folder = &run.settings.out;
    let opened = model::open(&ModelSource::Folder(folder.clone()), None, common.device)?;
    let splits = &images.of(common, &run.settings)?.splits;
    let enough = wanted
        .iter()
        .filter(|measure| measure.too_few(splits.test.len()).is_none());
    let options = EvaluateOptions {
        only: enough.map(|measure| measure.name.to_owned()).collect(),
        cancel: cancel.clone(),
    };
    if options.only.is_empty() {
        return Ok(());
    }
    let mut progress = Progress::new(&run.name, Unit::Items);
    let report = evaluation::evaluate(&opened.studio, splits, &options, &mut |step| {
        progress.relabel(&format!("{} {}", run.name, step.figure));
        let note = format!("{} left", duration_text(step.eta));
        progress.set(step.done as u64, step.total as u64, &note);
    });
    drop(progress);
    let mut report = report?;
    report.device.clone_from(&opened.chosen.label);
    let measured = opened.studio.manifest();
    Ok(studio::write_merged_report(
        folder,
        measured,
        report,
        evaluation::merged,
    )?)
}

fn of(manifest: &Manifest, settings: &RunSettings, wanted: &[Measure], held_out: usize) -> Reached {
    let record = settings.network.network().record(manifest);
    let report = manifest.report.as_ref();
    let figures = wanted.iter().filter_map(|measure| measure.of(report?));
    let mut values: Vec<Value> = figures
        .map(|figure| Value {
            name: figure.name.clone(),
            number: figure.value,
            interval: figure.low.zip(figure.high).map(|(low, high)| [low, high]),
        })
        .collect();
    if values.is_empty() {
        values = record.map_or_else(Vec::new, |record| of_history(record, held_out));
    }
    let epochs = record.map_or(&[][..], |record| &record.history);
    Reached {
        parameters: record.map_or(0, |record| record.parameters),
        seconds: epochs.iter().map(|epoch| epoch.seconds).sum(),
        values,
    }
}

/// What was measured of held-out images after the last epoch. A share of so many has an interval; of averages the history keeps no spread.
fn of_history(record: &TrainingRecord, held_out: usize) -> Vec<Value> {
    let metrics = record.history.last().map(|epoch| &epoch.metrics);
    let of_held_out = metrics.into_iter().flatten();
    let of_held_out = of_held_out.filter(|(name, _)| name.starts_with("held_out_"));
    let value = |(name, &value): (&String, &f64)| {
        let interval = (name == ACCURACY).then(|| {
            let hits = (value * held_out as f64).round() as usize;
            let (low, high) = wilson(hits, held_out);
            [low, high]
        });
        let name = name.clone();
        Value {
            name,
            number: value,
            interval,
        }
    };
    of_held_out.map(value).collect()
}

/// Whether measuring was stopped by the person.
pub fn is_cancelled(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(EvaluationError::Cancelled))
}
