//! Training steps of both networks, with the functions that `latent-lens train` calls.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use classifier::ResNet18;
use datasets::LabelledImages;
use studio::Studio;
use training::{CancelToken, Event, Fit};

use super::{Bench, figure::Figure};
use crate::progress::{Progress, Unit};

/// Steps before the clock starts.
const WARM_UP: usize = 2;

/// The most steps of an epoch: an image is in memory once for each time that an epoch sees it.
const MOST_EPOCH_STEPS: usize = 32;

/// Each network that the measured model has, with its architecture, on the images of its sample.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let studio = Studio::open(&bench.args.model, &bench.chosen.device)?;
    let batch_size = bench.args.batch_size as usize;
    let steps = WARM_UP + bench.args.steps as usize;
    // If there are few, one epoch holds all steps and one more, at which it is stopped. Of many, each later epoch gives one
    // less than it has: its first one is not counted.
    let epoch_steps = (steps + 1).min(MOST_EPOCH_STEPS);
    let epochs = steps.div_ceil(epoch_steps - 1);
    let count = epoch_steps * batch_size;
    let sample = studio.sample().filter(|sample| !sample.is_empty());
    let images = repeated(
        sample.context("the model carries no images to train on")?,
        count,
    );
    let held_out = images.subset(&[0]);
    let device = &bench.chosen.device;
    let vae = timed(bench, "train.vae", steps, |fit| {
        let config = &studio.vae_architecture()?.config;
        let settings = vae_core::TrainConfig {
            epochs,
            batch_size,
            ..vae_core::TrainConfig::default()
        };
        let classes = images.classes();
        vae_core::train_weights(
            config.into(),
            &settings,
            &images,
            &held_out,
            classes,
            device,
            fit,
        )?;
        Ok(())
    })?;
    let mut figures = vec![Figure::of_batches("train.vae", batch_size, &vae)];
    if let Some(part) = &studio.manifest().classifier {
        let classifier = timed(bench, "train.classifier", steps, |fit| {
            let settings = classifier::TrainConfig {
                epochs,
                batch_size,
                ..classifier::TrainConfig::default()
            };
            classifier::train::<ResNet18>(
                &part.config,
                &settings,
                &images,
                &held_out,
                device,
                fit,
            )?;
            Ok(())
        })?;
        let figure = Figure::of_batches("train.classifier", batch_size, &classifier);
        figures.push(figure);
    }
    Ok(figures.into_iter().flatten().collect())
}

/// The sample again and again, `count` images in all.
fn repeated(sample: &LabelledImages, count: usize) -> LabelledImages {
    let order: Vec<usize> = (0..count).map(|i| i % sample.len()).collect();
    sample.subset(&order)
}

/// Runs a training until it has taken its steps, and gives the time of each behind the warm-up.
fn timed<M>(
    bench: &Bench<'_>,
    name: &str,
    steps: usize,
    train: impl FnOnce(Fit<'_, M>) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<Duration>> {
    let cancel = CancelToken::new();
    let mut progress = Progress::new(name, Unit::Items);
    let mut times = Vec::new();
    let mut taken = 0_usize;
    let mut last = Instant::now();
    train(Fit {
        checkpoints: None,
        resume: false,
        cancel: &cancel,
        steering: None,
        look: None,
        watch: &mut |event| {
            let Event::Step(step) = event else {
                return;
            };
            let now = Instant::now();
            taken += 1;
            // Before the first step of a later epoch lies an evaluation, and its batch was not made ahead.
            if taken > WARM_UP && step.step > 1 {
                times.push(now - last);
            }
            last = now;
            let note = format!("{:.0} images/s", step.images_per_second);
            let done = taken.min(WARM_UP) + times.len();
            progress.set(done as u64, steps as u64, &note);
            if done >= steps || bench.cancel.is_cancelled() {
                // What would follow, an evaluation and the description of the latent space, is not a training step.
                cancel.cancel();
            }
        },
    })?;
    bench.check()?;
    Ok(times)
}
