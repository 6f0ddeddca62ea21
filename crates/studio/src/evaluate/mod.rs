//! Measuring a model: every number that the dashboard plots or the README claims comes from here.
//!
//! The figures and their protocols are listed in `docs/evaluation.md`. Two rules keep them honest: the test split selects
//! nothing, and no generated image is rejected or chosen by asking the classifier that then judges it.

mod anchored;
mod faithfulness;
mod frechet;
mod judge;
mod latent;
mod likelihood;
mod prior;
mod probes;
mod real;
mod run;
mod score;
mod traversal;

use std::time::Duration;

use datasets::Splits;
use training::CancelToken;
use vae_core::Likelihood;

use crate::{Detail, Figure, Report, Studio, StudioError};
use run::Run;

/// What to measure, and who may stop it.
#[derive(Debug, Clone, Default)]
pub struct EvaluateOptions {
    /// Names of figures; empty for all but the slow ones (`nll_nats`, and `cas_gap` and its like).
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

/// A piece of work that gives one or more figures.
struct Task {
    /// The figures it gives.
    figures: &'static [&'static str],
    /// How many images it passes through the networks.
    images: fn(&Studio, &Splits) -> usize,
    measure: fn(&mut Run<'_>) -> Result<Vec<Figure>, StudioError>,
    /// Measured only when it is asked for by name, because it takes long.
    slow: bool,
}

const TASKS: [Task; 12] = [
    Task {
        figures: &["classifier_accuracy", "real_accuracy", "ece"],
        images: |_, data| data.test.len(),
        measure: real::measure,
        slow: false,
    },
    Task {
        figures: &[
            "reconstruction_mse",
            "elbo_nats",
            "kl_per_dimension",
            "active_units",
            "reconstruction_accuracy",
        ],
        images: |_, data| data.test.len(),
        measure: latent::reconstruction,
        slow: false,
    },
    Task {
        figures: &["prior_histogram_kl", "prior_confidence"],
        images: |_, _| prior::SAMPLES,
        measure: prior::learned,
        slow: false,
    },
    Task {
        figures: &["normal_histogram_kl"],
        images: |_, _| prior::SAMPLES,
        measure: prior::normal,
        slow: false,
    },
    Task {
        figures: &["anchored_agreement", "anchored_variance_ratio"],
        images: |studio, _| anchored::SAMPLES_A_CLASS * studio.classifier().classes(),
        measure: anchored::agreement,
        slow: false,
    },
    Task {
        figures: &["noise_sweep"],
        images: |studio, _| {
            anchored::SWEEP.len() * anchored::SWEEP_A_CLASS * studio.classifier().classes()
        },
        measure: anchored::sweep,
        slow: false,
    },
    Task {
        figures: &["classifier_fd", "classifier_fd_floor"],
        images: |_, data| prior::SAMPLES + data.train.len().min(frechet::REAL),
        measure: frechet::measure,
        slow: false,
    },
    Task {
        figures: &["linear_probe", "knn_probe"],
        images: |_, data| probes::images(data),
        measure: probes::measure,
        slow: false,
    },
    Task {
        figures: &["traversal_jump_ratio", "traversal_jump_ratio_pooled"],
        images: |studio, _| traversal::images(studio),
        measure: traversal::measure,
        slow: false,
    },
    Task {
        figures: &[
            "cam_insertion_deletion",
            "cam_insertion_deletion_grad_cam",
            "cam_insertion_deletion_grad_cam_plus_plus",
            "cam_insertion_deletion_layer_cam",
            "cam_insertion_deletion_fused",
            "cam_random",
            "cam_gaussian",
            "cam_intensity",
            "cam_randomised_spearman",
            "cam_randomised_spearman_positive",
            "cam_randomised_spearman_grad_cam",
        ],
        images: |_, data| faithfulness::images(data),
        measure: faithfulness::measure,
        slow: false,
    },
    Task {
        figures: &["nll_nats"],
        images: |_, data| likelihood::images(data),
        measure: likelihood::measure,
        slow: true,
    },
    Task {
        figures: &["cas_gap", "cas_generated", "cas_real"],
        images: |_, data| score::images(data),
        measure: score::measure,
        slow: true,
    },
];

/// The names of all figures, in the order in which they are measured.
#[must_use]
pub fn figure_names() -> Vec<&'static str> {
    TASKS
        .iter()
        .flat_map(|task| task.figures.iter().copied())
        .collect()
}

/// Measures a model on its data.
///
/// The same model, data and device give the same figures to the last digit: all randomness is seeded.
///
/// # Errors
/// [`StudioError::Evaluation`] for an unknown figure or a data set without test images, [`StudioError::Cancelled`] if it
/// was asked to stop, and what the networks report.
pub fn evaluate(
    studio: &Studio,
    data: &Splits,
    options: &EvaluateOptions,
    progress: &mut dyn FnMut(EvaluateProgress),
) -> Result<Report, StudioError> {
    check(studio, data, options)?;
    let wanted = |name: &str| options.only.is_empty() || options.only.iter().any(|o| o == name);
    let tasks: Vec<&Task> = TASKS
        .iter()
        .filter(|task| !(task.slow && options.only.is_empty()))
        .filter(|task| task.figures.iter().any(|name| wanted(name)))
        .collect();
    let total = tasks.iter().map(|task| (task.images)(studio, data)).sum();
    let mut run = Run::new(studio, data, options.cancel.clone(), total, progress);
    let mut figures = Vec::new();
    for task in tasks {
        task.figures[0].clone_into(&mut run.figure);
        figures.extend((task.measure)(&mut run)?);
    }
    figures.retain(|figure| wanted(&figure.name));
    Ok(Report {
        model: studio.name().to_owned(),
        model_sha256: studio.model_sha256().to_owned(),
        dataset: studio.manifest().dataset.clone(),
        device: format!("{:?}", studio.device()),
        figures,
    })
}

/// A figure of the test split without a unit, an interval, randomness or detail: what has one adds it.
fn test_figure(name: &str, value: f64, n: usize, protocol: String) -> Figure {
    Figure {
        name: name.to_owned(),
        value,
        unit: String::new(),
        low: None,
        high: None,
        n,
        seed: None,
        split: "test".to_owned(),
        protocol,
        detail: Detail::None,
    }
}

fn check(studio: &Studio, data: &Splits, options: &EvaluateOptions) -> Result<(), StudioError> {
    let names = figure_names();
    if let Some(unknown) = options
        .only
        .iter()
        .find(|name| !names.contains(&name.as_str()))
    {
        return Err(StudioError::Evaluation(format!(
            "there is no figure '{unknown}': choose from {}",
            names.join(", ")
        )));
    }
    let gaussian = studio.vae_part().config.likelihood == Likelihood::Gaussian;
    if gaussian && options.only.iter().any(|name| name == "nll_nats") {
        return Err(StudioError::Evaluation(
            "nll_nats is about binary pixels, and this VAE has Gaussian ones: measure a VAE with --likelihood bernoulli"
                .to_owned(),
        ));
    }
    let classes = studio.classifier().classes();
    if data.test.is_empty() {
        return Err(StudioError::Evaluation(
            "the data set has no test images to measure on".to_owned(),
        ));
    }
    if data
        .test
        .labels()
        .iter()
        .any(|&label| usize::from(label) >= classes)
    {
        return Err(StudioError::Evaluation(format!(
            "the test images have labels beyond the {classes} classes of the model: this is another data set"
        )));
    }
    Ok(())
}
