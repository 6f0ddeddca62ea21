//! Measuring a model: every number that the window plots or the README claims comes from here.
//!
//! Each figure is declared once ([`measures`]); `docs/evaluation.md` explains the protocols. Two rules keep them honest: the
//! test split selects nothing, and no generated image is rejected or chosen by asking the classifier that then judges it.
//! A crate of its own, because whoever embeds a model does not need what measures it.

mod anchored;
mod error;
mod faithfulness;
mod few_labels;
mod frechet;
mod head;
mod interval;
mod judge;
mod latent;
mod likelihood;
mod measure;
pub mod measures;
mod merged;
mod neighbours;
mod pictures;
mod prior;
mod probes;
mod real;
mod run;
mod score;
mod second;
mod swap;
mod tasks;
mod traversal;

use std::time::Duration;

use datasets::Splits;
use studio::{Figure, Report, Studio};
use training::CancelToken;
use vae_core::Likelihood;

pub use error::EvaluationError;
pub use interval::wilson;
pub use measure::{Better, Measure, Needs, Subject, Unit};
pub use merged::merged;
use run::Run;
use tasks::{TASKS, Task};

/// No figure of a model has a larger value; one that is not a number has none.
const LARGEST_VALUE: f64 = 1e12;

/// What to measure, and who may stop it.
#[derive(Debug, Clone, Default)]
pub struct EvaluateOptions {
    /// Names of figures; empty for all that can be measured but the slow ones (`nll_nats`, and those that train networks of their own: `cas_gap` and its
    /// like, `head_error_100` and `head_error_1000`).
    pub only: Vec<String>,
    /// Asks the evaluation to stop.
    pub cancel: CancelToken,
}

/// Where an evaluation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluateProgress {
    /// The figure under way.
    pub figure: String,
    /// Images done.
    pub done: usize,
    /// Images in all.
    pub total: usize,
    /// Time left.
    pub eta: Duration,
}

/// Measures a model on its data.
///
/// The same model, data and device give the same figures to the last digit: all randomness is seeded. A figure for which
/// the model has nothing to measure, such as a traversal without an active dimension, is left out, and so is one for which there are
/// too few test images ([`Measure::least_images`]).
///
/// # Errors
/// [`EvaluationError`] for an unknown figure, one that was asked for by name and cannot be measured, data without test images or of
/// another data set, if it was asked to stop, and
/// for what the networks report.
pub fn evaluate(
    studio: &Studio,
    data: &Splits,
    options: &EvaluateOptions,
    progress: &mut dyn FnMut(EvaluateProgress),
) -> Result<Report, EvaluationError> {
    check(studio, data, options)?;
    let wanted = |measure: &Measure| {
        let named = options.only.iter().any(|name| name == measure.name);
        let absent = measure.why_absent(studio.manifest()).is_some();
        let too_few = measure.too_few(data.test.len()).is_some();
        !too_few && (named || (options.only.is_empty() && !absent))
    };
    let tasks: Vec<&Task> = TASKS
        .iter()
        .filter(|task| !(task.slow && options.only.is_empty()))
        .filter(|task| task.measures.iter().any(wanted))
        .collect();
    let total = tasks.iter().map(|task| (task.images)(studio, data)).sum();
    let mut run = Run::new(studio, data, options.cancel.clone(), total, progress);
    let mut figures = Vec::new();
    for task in tasks {
        run.figure = task.measures[0].name;
        let measured = (task.measure)(&mut run)?;
        let of_wanted = |figure: &Figure| {
            let mut measures = task.measures.iter();
            measures.any(|measure| measure.name == figure.name && wanted(measure))
        };
        // Of nothing there is no figure: a mean over no samples would read as a measured 0.
        // Nor of what was divided by almost nothing.
        let sound = |figure: &Figure| figure.n > 0 && figure.value.abs() <= LARGEST_VALUE;
        let measured = measured.into_iter().filter(sound);
        figures.extend(measured.filter(of_wanted));
    }
    if let Some(judge) = &studio.manifest().judge {
        name_judge(&mut figures, &judge.short_name());
    }
    for figure in &mut figures {
        let subject = measures::find(&figure.name).map(|measure| measure.subject);
        for note in subject
            .iter()
            .flat_map(|subject| subject.notes(studio.manifest()))
        {
            figure.protocol = format!("{}; {note}", figure.protocol);
        }
    }
    Ok(Report {
        model: studio.name().to_owned(),
        model_sha256: studio.model_sha256().to_owned(),
        dataset: studio.manifest().dataset.name.clone(),
        device: format!("{:?}", studio.device()),
        figures,
    })
}

/// Says in the protocol of each figure that needs a judge that it was another model's.
fn name_judge(figures: &mut [Figure], judge: &str) {
    let judged = |figure: &&mut Figure| {
        let measure = measures::find(&figure.name);
        measure.is_some_and(|measure| measure.needs.judge())
    };
    for figure in figures.iter_mut().filter(judged) {
        figure.protocol = format!("{}; judged by the classifier of {judge}", figure.protocol);
    }
}

fn check(studio: &Studio, data: &Splits, options: &EvaluateOptions) -> Result<(), EvaluationError> {
    let named = options.only.iter();
    let found: Vec<Measure> = named
        .map(|name| measures::find(name).ok_or_else(|| unknown(name)))
        .collect::<Result<_, _>>()?;
    for measure in &found {
        if let Some(reason) = measure.why_absent(studio.manifest()) {
            let name = measure.name;
            return Err(EvaluationError::Absent { name, reason });
        }
    }
    let vae = studio.generator_part().vae();
    let gaussian = vae.is_some_and(|vae| vae.config.likelihood == Likelihood::Gaussian);
    if gaussian && found.contains(&measures::NLL_NATS) {
        return Err(EvaluationError::GaussianPixels);
    }
    if data.test.is_empty() {
        return Err(EvaluationError::NoTestImages);
    }
    // Where something else is left to measure, the report goes without.
    let of_too_few = |measure: &Measure| {
        let reason = measure.too_few(data.test.len())?;
        let name = measure.name;
        Some(EvaluationError::TooFew { name, reason })
    };
    let errors: Option<Vec<_>> = found.iter().map(of_too_few).collect();
    if let Some(error) = errors.and_then(|errors| errors.into_iter().next()) {
        return Err(error);
    }
    let info = &studio.manifest().dataset;
    if data.test.shape() != info.shape {
        return Err(EvaluationError::OtherShape {
            found: data.test.shape(),
            expected: info.shape,
        });
    }
    let classes = info.classes();
    let mut labels = data.test.labels().iter();
    let unlabelled = info.has_classes() && !data.test.is_labelled();
    if unlabelled || labels.any(|&label| usize::from(label) >= classes) {
        return Err(EvaluationError::OtherClasses { classes });
    }
    Ok(())
}

fn unknown(name: &str) -> EvaluationError {
    EvaluationError::UnknownFigure {
        name: name.to_owned(),
        known: measures::all().iter().map(|measure| measure.name).collect(),
    }
}
