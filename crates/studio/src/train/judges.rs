//! Training the networks that judge.

use classifier::{Classifier, ClassifierConfig};
use training::{Checkpoints, Outcome};

use super::{Snapshot, TrainingRun, finish, refuse_early};
use crate::folder::lock_run;
use crate::{Bundle, ClassifierPart, StudioError};

/// Trains a classifier and saves it in the bundle's folder, beside the other networks that may be there already.
///
/// Checkpoints live in `checkpoint-classifier` in that folder until the run has finished.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_classifier(
    config: &ClassifierConfig,
    settings: &classifier::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let put = |bundle: &mut Bundle, network, part| bundle.set_classifier(network, part);
    train_judge("checkpoint-classifier", config, settings, run, put)
}

/// Trains a second judge, as [`train_classifier`] does the first. Its checkpoints live in `checkpoint-judge`.
///
/// # Errors
/// [`StudioError`] if settings, data, folder or numbers do not allow it.
pub fn train_second_judge(
    config: &ClassifierConfig,
    settings: &classifier::TrainConfig,
    run: &mut TrainingRun<'_>,
) -> Result<Outcome, StudioError> {
    let put = |bundle: &mut Bundle, network, part| bundle.set_second_judge(network, part);
    train_judge("checkpoint-judge", config, settings, run, put)
}

/// Trains a network that judges, and puts it into the bundle.
fn train_judge<N: Classifier>(
    checkpoint: &str,
    config: &ClassifierConfig,
    settings: &classifier::TrainConfig,
    run: &mut TrainingRun<'_>,
    put: impl FnOnce(&mut Bundle, N, ClassifierPart),
) -> Result<Outcome, StudioError> {
    let _lock = lock_run(run.out, checkpoint)?;
    refuse_early(run)?;
    let checkpoints = Checkpoints::new(run.out.join(checkpoint));
    let (images, device) = ([run.train, run.held_out], run.device);
    let draws_nothing = |_: &N, step, _| Snapshot {
        step,
        ..Snapshot::default()
    };
    let fit = run.fit(&checkpoints, draws_nothing);
    let trained = classifier::train::<N>(config, settings, images[0], images[1], device, fit)?;
    let Some(trained) = trained else {
        return Ok(Outcome::Cancelled);
    };
    let part = ClassifierPart {
        config: trained.config,
        training: run.record(
            format!("{settings:?}"),
            (settings.seed, settings.epochs),
            trained.classifier.num_params(),
            trained.history,
        ),
        temperature: trained.temperature,
    };
    finish(run, &checkpoints, |bundle| {
        put(bundle, trained.classifier, part);
    })
}
