//! Training steps of both networks, with the functions that `latent-lens train` calls.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use datasets::LabelledImages;
use studio::Studio;
use training::{CancelToken, Event, Fit};

use super::{Bench, figure::Figure, sample_for};
use crate::progress::{Progress, Unit};

/// Steps before the clock starts.
const WARM_UP: usize = 2;

/// Both networks with the architectures of the measured model, on images of the shipped sample.
pub fn measure(bench: &Bench<'_>) -> anyhow::Result<Vec<Figure>> {
    let studio = Studio::open(&bench.args.model, &bench.chosen.device)?;
    let batch_size = bench.args.batch_size as usize;
    let steps = WARM_UP + bench.args.steps as usize;
    // One epoch holds all steps, so that no evaluation falls between them, and one more, at which it is stopped.
    let count = (steps + 1) * batch_size;
    let classes = studio.classifier().classes();
    let images = repeated(&datasets::sample(sample_for(&studio)), count, classes)?;
    let held_out = images.subset(&[0]);
    let device = &bench.chosen.device;
    let vae = timed(bench, "train.vae", steps, |fit| {
        let config = &studio.vae_part().config;
        let settings = vae_core::TrainConfig {
            epochs: 1,
            batch_size,
            ..vae_core::TrainConfig::default()
        };
        vae_core::train(
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
    let part = studio.manifest().classifier.as_ref();
    let config = &part.context("the model has no classifier")?.config;
    let classifier = timed(bench, "train.classifier", steps, |fit| {
        let settings = classifier::TrainConfig {
            epochs: 1,
            batch_size,
            ..classifier::TrainConfig::default()
        };
        classifier::train(config, &settings, &images, &held_out, device, fit)?;
        Ok(())
    })?;
    let figure = |name, times: &[Duration]| Figure::of_batches(name, batch_size, times);
    Ok([
        figure("train.vae", &vae),
        figure("train.classifier", &classifier),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// The sample again and again, `count` images in all, with labels that a model of `classes` classes can have.
fn repeated(
    sample: &LabelledImages,
    count: usize,
    classes: usize,
) -> anyhow::Result<LabelledImages> {
    let order: Vec<usize> = (0..count).map(|i| i % sample.len()).collect();
    let images = sample.subset(&order);
    let labels = images
        .labels()
        .iter()
        .map(|&label| (usize::from(label) % classes) as u8);
    let labels = labels.collect();
    Ok(LabelledImages::new(
        images.pixels().to_vec(),
        labels,
        classes,
    )?)
}

/// Runs a training until it has taken its steps, and gives the time of each behind the warm-up.
fn timed(
    bench: &Bench<'_>,
    name: &str,
    steps: usize,
    train: impl FnOnce(Fit<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<Duration>> {
    let cancel = CancelToken::new();
    let mut progress = Progress::new(name, Unit::Items);
    let mut times = Vec::new();
    let mut last = Instant::now();
    train(Fit {
        checkpoints: None,
        resume: false,
        cancel: &cancel,
        watch: &mut |event| {
            let Event::Step(step) = event else {
                return;
            };
            let now = Instant::now();
            if step.step > WARM_UP {
                times.push(now - last);
            }
            last = now;
            let note = format!("{:.0} images/s", step.images_per_second);
            progress.set(step.step as u64, steps as u64, &note);
            if step.step == steps || bench.cancel.is_cancelled() {
                // What would follow, an evaluation and the description of the latent space, is not a training step.
                cancel.cancel();
            }
        },
    })?;
    bench.check()?;
    Ok(times)
}
