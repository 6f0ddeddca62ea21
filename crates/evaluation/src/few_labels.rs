//! What the head of a joint model learns where few images are labelled: small models of the same kind are trained for it.

use datasets::{Seed, Splits};
use studio::{Detail, Figure};
use training::{Event, Fit};
use vae_core::{JointConfig, TrainConfig, Vae, VaeConfig, train_weights};

use crate::run::Run;
use crate::{EvaluationError, Measure, head};

/// Draws of the images that keep their label. Draw `d` has seed `d` for everything.
const DRAWS: u64 = 3;
/// Width of the small models, passes over their training images, and images a step.
const WIDTH: usize = 8;
const EPOCHS: usize = 3;
const BATCH: usize = 64;

/// The images that pass through the networks.
pub(crate) fn images(data: &Splits) -> usize {
    DRAWS as usize * (EPOCHS * data.train.len() + data.test.len())
}

/// The mean error of the heads of small models that were told the class of so many training images.
pub(crate) fn measure(
    run: &mut Run<'_>,
    measure: Measure,
    labels: usize,
) -> Result<Vec<Figure>, EvaluationError> {
    let n = run.data.test.len();
    let mut errors = Vec::new();
    for draw in 0..DRAWS {
        let vae = trained(run, labels, Seed(draw))?;
        let right = head::of_images(run, &vae, &run.data.test)?.hits();
        errors.push((n - right) as f64 / n.max(1) as f64);
    }
    let settings = format!(
        "{DRAWS} draws, seeds 0 to {}; width {WIDTH}, {EPOCHS} epochs over {} images, batches of {BATCH}, everything else as the model \
         or by default",
        DRAWS - 1,
        run.data.train.len()
    );
    let mean = errors.iter().sum::<f64>() / errors.len().max(1) as f64;
    Ok(vec![Figure {
        seed: Some(0),
        protocol: measure.protocol_with(&settings),
        detail: Detail::Series(errors),
        ..measure.figure(mean, n)
    }])
}

/// A small model of the same kind that learned from few labels.
fn trained(run: &mut Run<'_>, labels: usize, seed: Seed) -> Result<Vae, EvaluationError> {
    let (data, dataset) = (run.data, &run.studio.manifest().dataset);
    let config = VaeConfig {
        channels: VaeConfig::channels_of_width(dataset.shape, WIDTH),
        ..run.studio.vae_architecture()?.config.clone()
    };
    let settings = TrainConfig {
        epochs: EPOCHS,
        batch_size: BATCH,
        seed,
        joint: JointConfig {
            labels: Some(labels),
            labels_seed: seed,
            augmentation: dataset.augmentation.clone(),
            ..JointConfig::default()
        },
        ..TrainConfig::default()
    };
    let (cancel, device) = (run.cancel_token(), run.studio.device().clone());
    let mut watch = |event: Event<'_>| {
        if matches!(event, Event::Step(_)) {
            // Training stops by the same token, at its own safe point.
            let _ = run.tick(BATCH);
        }
    };
    let fit = Fit {
        checkpoints: None,
        resume: false,
        cancel: &cancel,
        steering: None,
        look: None,
        watch: &mut watch,
    };
    // What is measured after each epoch selects nothing, so one image does; the last epoch counts.
    let held_out = data.train.subset(&[0]);
    let (images, classes) = (&data.train, dataset.classes());
    let beginning = (&config).into();
    let trained = train_weights(
        beginning, &settings, images, &held_out, classes, &device, fit,
    )?;
    Ok(trained.ok_or(EvaluationError::Cancelled)?.vae)
}
